/**
 * Reverse-mode differentiation, written once for every binding: the rules are written over `Kernels`, so float64 arrays
 * and TensorFlow.js tensors share the same calculus and only the arithmetic differs.
 */
import { pairwiseOp } from '../pairwise/rule.js';
import { calculus } from './calculus.js';
import { Graph, Node } from './graph.js';
import { matrixShape, vectorLength } from './guards.js';
import type { Kernels, Shaped } from './kernels.js';
import type { Ops, Tensor } from './ops.js';
import { elementwiseOps } from './rules-elementwise.js';
import { rowOps } from './rules-rows.js';
import { shapeOps } from './rules-shape.js';
import { mismatch, show, sizeOf } from './shape.js';

export interface Differentiation<A extends Shaped> {
  readonly ops: Ops;
  /** A leaf that gradients can be asked for. */
  leaf(value: A): Node<A>;
  /** The binding's array behind a tensor. */
  valueOf(x: Tensor): A;
  /** Runs with derivatives recorded (true) or not (false). */
  recording<T>(on: boolean, body: () => T): T;
  /** d(sum of output)/d(input) for each input; zeros where it does not depend on it. `seed` replaces the ones. */
  gradients(output: Tensor, inputs: readonly Tensor[], seed?: A): A[];
  /** Turns the results kept since the last call into constants: what they were made of is about to be freed. */
  detachKept(): void;
}

/**
 * The operations of `ops.ts` over a binding's kernels.
 *
 * @param alwaysRecord whether derivatives are recorded outside `recording(true, …)` too
 */
export function differentiate<A extends Shaped>(
  kernels: Kernels<A>,
  binding: Ops['binding'],
  alwaysRecord: boolean,
): Differentiation<A> {
  const graph = new Graph(kernels, binding, alwaysRecord);
  const rules = calculus(graph);
  const elementwise = elementwiseOps(rules);
  const shapes = shapeOps(rules);
  const valueOf = (x: Tensor): A => graph.node(x).value;

  const ops: Ops = {
    binding,
    tensor(values, shape) {
      if (values.length !== sizeOf(shape))
        throw mismatch('tensor', `${sizeOf(shape)} values for ${show(shape)}`, String(values.length));
      return graph.constant(kernels.tensor(values, shape));
    },
    fill: (shape, value) => graph.constant(kernels.fill(shape, value)),
    ...elementwise,
    ...shapes,
    ...rowOps(rules, { ...elementwise, ...shapes }),

    pairwise: pairwiseOp(graph, shapes),
    gatherAt(x, positions) {
      const [source, at] = [graph.node(x), graph.node(positions)];
      const [rows] = matrixShape('gatherAt', source);
      vectorLength('gatherAt positions', at);
      const value = kernels.gatherAt(source.value, at.value);
      return graph.derived(value, [source], (g) => [kernels.scatterAt(g, at.value, rows)]);
    },
    stopGradient: (x) => graph.constant(kernels.alias(valueOf(x))),
    customGradient(inputs, forward) {
      const parents = inputs.map((input) => graph.node(input));
      const constants = parents.map((parent) => graph.constant(parent.value));
      const { value, backward } = graph.recording(false, () => forward(...constants));
      return graph.derived(valueOf(value), parents, (g) => {
        const gradients = graph.recording(false, () => backward(graph.constant(g))).map(valueOf);
        if (gradients.length !== parents.length)
          throw mismatch('customGradient', `${parents.length} gradients`, String(gradients.length));
        return gradients;
      });
    },
    gradient(f, x) {
      const at = new Node(kernels.alias(valueOf(x)), true);
      const output = graph.recording(true, () => graph.node(f(at)));
      return graph.constant(graph.gradients(output, [at])[0]!);
    },
    read: (x) => kernels.read(valueOf(x)),
    keep(x) {
      graph.keep(graph.node(x));
      return x;
    },
    release: (x) => kernels.release(valueOf(x)),
  };

  return {
    ops,
    leaf: (value) => new Node(value, true),
    valueOf,
    recording: (on, body) => graph.recording(on, body),
    gradients: (output, inputs, seed) =>
      graph.gradients(
        graph.node(output),
        inputs.map((input) => graph.node(input)),
        seed,
      ),
    detachKept: () => graph.detachKept(),
  };
}
