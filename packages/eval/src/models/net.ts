/** The benchmark's model: fully connected layers, an embedding, and logits where the task classifies. */
import type { Ops, Tensor } from '@touchstone/losses';
import type { Initialiser, Layer, Net, Variable } from '@touchstone/losses/meta';
import type { Protocol } from '../core/types.js';

export interface Maker {
  readonly ops: Ops;
  /** A variable of the net; equal names start with equal values. */
  variable(name: string, shape: readonly number[], init: Initialiser, decay: boolean): Variable;
  /** The activation of a layer position. */
  activation(position: string): Layer;
}

export type BuiltNet = Net & { readonly variables: readonly Variable[] };
export type BuiltMlp = ((x: Tensor) => Tensor) & { readonly variables: readonly Variable[] };

interface Dense {
  apply(x: Tensor): Tensor;
  readonly variables: readonly Variable[];
}

function dense(maker: Maker, name: string, from: number, to: number, init: Initialiser): Dense {
  const weight = maker.variable(`${name}/weight`, [from, to], init, true);
  const bias = maker.variable(`${name}/bias`, [to], { kind: 'constant', value: 0 }, false);
  return {
    apply: (x) => maker.ops.add(maker.ops.matMul(x, weight), bias),
    variables: [weight, bias],
  };
}

function initOf(protocol: Protocol): Initialiser {
  return { kind: protocol.model.initialisation === 'heNormal' ? 'heNormal' : 'glorotUniform' };
}

/** sizes[0] → … → sizes.at(-1), the activation after every layer but the last. */
export function buildMlp(maker: Maker, protocol: Protocol, scope: string, sizes: readonly number[]): BuiltMlp {
  const layers = sizes.slice(1).map((to, i) => ({
    ...dense(maker, `${scope}/${i}`, sizes[i]!, to, initOf(protocol)),
    activate: i < sizes.length - 2 ? maker.activation(`${scope}/${i}`) : (x: Tensor) => x,
  }));
  const apply = (x: Tensor): Tensor => layers.reduce((value, layer) => layer.activate(layer.apply(value)), x);
  return Object.assign(apply, { variables: layers.flatMap((layer) => layer.variables) });
}

/** What the net needs to know of the data. `pca` holds row-major components [embeddingDim, width] and the mean [width]. */
export interface NetShape {
  readonly width: number;
  readonly classes: number;
  readonly pca?: { readonly components: Float64Array; readonly mean: Float64Array };
}

/**
 * Hidden layers with the activation, then a linear embedding; for classification the embedding is activated too and a
 * linear head gives the logits. A linear model has the embedding alone, started by the principal components where the
 * protocol says so: x ↦ (x − mean)·componentsᵀ.
 */
export function buildNet(maker: Maker, protocol: Protocol, shape: NetShape): BuiltNet {
  const { model, task } = protocol;
  const init = initOf(protocol);
  const sizes = [shape.width, ...model.hidden, model.embeddingDim];
  const variables: Variable[] = [];
  const layers = sizes.slice(1).map((to, i) => {
    const last = i === sizes.length - 2;
    const layer = shape.pca && last ? projection(maker, shape, to) : dense(maker, `net/${i}`, sizes[i]!, to, init);
    variables.push(...layer.variables);
    const activate = last && task === 'retrieval' ? (x: Tensor) => x : maker.activation(`net/${i}`);
    return (x: Tensor) => activate(layer.apply(x));
  });
  const embed = (x: Tensor): Tensor => layers.reduce((value, layer) => layer(value), x);
  if (task === 'retrieval') {
    const logits = (): Tensor => {
      throw new Error(`the net of ${protocol.key} has no classification head`);
    };
    return { embed, logits, variables };
  }
  const head = dense(maker, 'net/head', model.embeddingDim, shape.classes, init);
  variables.push(...head.variables);
  return { embed, logits: (x) => head.apply(embed(x)), variables };
}

function projection(maker: Maker, shape: NetShape, to: number): Dense {
  const { width } = shape;
  const { components, mean } = shape.pca!;
  const weight = new Float64Array(width * to);
  const bias = new Float64Array(to);
  for (let k = 0; k < to; k++) {
    let centre = 0;
    for (let c = 0; c < width; c++) {
      weight[c * to + k] = components[k * width + c]!;
      centre -= components[k * width + c]! * mean[c]!;
    }
    bias[k] = centre;
  }
  const weights = maker.variable('net/projection/weight', [width, to], { kind: 'values', values: weight }, true);
  const biases = maker.variable('net/projection/bias', [to], { kind: 'values', values: bias }, false);
  return { apply: (x) => maker.ops.add(maker.ops.matMul(x, weights), biases), variables: [weights, biases] };
}
