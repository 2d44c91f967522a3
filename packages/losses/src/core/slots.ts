/**
 * What a method gives the engine, by slot, and what the engine gives a method.
 * A slot is where a method plugs in; the contract is the same whatever the benchmark.
 */
import type { Ops, Tensor } from './ops.js';
import type { Rng } from './rng.js';

export const SLOTS = [
  'objective',
  'regulariser',
  'layer',
  'trainer',
  'policy',
  'sampler',
  'estimator',
  'solver',
  'inference',
] as const;
export type Slot = (typeof SLOTS)[number];

/** A trainable tensor. It is a Tensor wherever one is expected. */
export interface Variable extends Tensor {
  readonly name: string;
  /** False for quantities that weight decay must not touch (biases, ε of crrelu, temperatures). */
  readonly decay: boolean;
}

export type Initialiser =
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; deviation: number }
  | { kind: 'uniform'; low: number; high: number }
  | { kind: 'glorotUniform' }
  | { kind: 'heNormal' }
  | { kind: 'values'; values: ArrayLike<number> };

export interface RunContext {
  readonly ops: Ops;
  /** An independent generator for this run, seed and stream name; the same name gives the same numbers. */
  rng(stream: string): Rng;
  /** The method's own trainables: proxies, heads, gates. Created once per name; later calls return it. */
  variable(name: string, shape: readonly number[], init: Initialiser, options?: { decay?: boolean }): Variable;
  /** [trainSize × width] numbers by example id, zero at first, kept with the run. */
  sampleState(name: string, width: number): Float32Array;
  /** A context whose variable, rng and state names are prefixed: one per layer position. */
  scope(name: string): RunContext;
  readonly step: number;
  readonly epoch: number;
  readonly totalSteps: number;
  readonly totalEpochs: number;
  readonly trainSize: number;
  readonly classes: number;
  readonly embeddingDim: number;
  report(series: string, value: number): void;
}

export interface Batch {
  /** Positions in the training set, for per-sample state. */
  readonly ids: Int32Array;
  /** [b, …features]. */
  readonly x: Tensor;
  /** Augmented copies of x, as many as the objective asked for. */
  readonly views: readonly Tensor[];
  /** Class of each example, 0 … classes−1. */
  readonly labels?: Int32Array;
}

/** Callable again: adversaries, mirrors and teachers evaluate it on other inputs. */
export interface Net {
  /** [b, embeddingDim], not normalised. */
  embed(x: Tensor): Tensor;
  /** [b, classes], before the softmax. */
  logits(x: Tensor): Tensor;
}

export interface Objective {
  /** How many augmented views of each example it wants; default 0. */
  readonly views?: number;
  /** A scalar. Called inside a differentiated closure, so it must be pure but for `ops.keep`. */
  loss(batch: Batch, net: Net): Tensor;
  /** After the parameters moved: update per-sample state, buffers, averages. */
  afterStep?(batch: Batch): void | Promise<void>;
  /** Fixed sampling weight of each training example. */
  sampleWeights?(train: { labels: Int32Array }): Float32Array;
}

export type Layer = (x: Tensor) => Tensor;

export interface Progress {
  readonly step: number;
  readonly loss: number;
}

export interface TrainTask {
  /** The benchmark's model, with its own variables, initialised by the protocol. Same weights at every call. */
  makeNet(): Net & { readonly variables: readonly Variable[] };
  /** Fully connected layers with the protocol's initialisation and activation; names them by `scope`. */
  makeMlp(
    scope: string,
    sizes: readonly number[],
  ): ((x: Tensor) => Tensor) & { readonly variables: readonly Variable[] };
  readonly objective: Objective;
  /** Every variable that the slots' methods made through their contexts so far. */
  methodVariables(): readonly Variable[];
  /** One step of the protocol's optimiser on the listed variables; returns the value of the loss before it. */
  minimise(loss: () => Tensor, variables: readonly Variable[]): Promise<number>;
  /** The protocol's sequence of batches, exactly `steps` long. */
  batches(): Iterable<Batch>;
  readonly steps: number;
  readonly inputDim: number;
  readonly hidden: readonly number[];
}

export interface Trainer {
  train(task: TrainTask, ctx: RunContext): AsyncIterable<Progress>;
  /** [b, classes] logits or log-probabilities for classification. */
  predict(x: Tensor): Tensor;
  /** [b, embeddingDim]; present where the trainer can serve retrieval. */
  embed?(x: Tensor): Tensor;
}

/** policy, sampler, estimator, solver, inference: plain float64 in and out, named by the task. */
export type Solve = (
  inputs: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, unknown>>,
  rng: Rng,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

export interface SlotContracts {
  objective: Objective;
  regulariser: Objective;
  layer: Layer;
  trainer: Trainer;
  policy: Solve;
  sampler: Solve;
  estimator: Solve;
  solver: Solve;
  inference: Solve;
}
