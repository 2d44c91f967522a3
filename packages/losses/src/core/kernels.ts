/**
 * What a binding must be able to do: plain kernels on its own arrays, without derivatives.
 * The derivatives are written once, over these, in differentiate.ts.
 */
import type { PairExecutor } from '../pairwise/program.js';
import type { Shape } from './shape.js';

export type BinaryKernel =
  'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater' | 'greaterEqual' | 'less' | 'lessEqual' | 'equal';

export type UnaryKernel =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'square'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'acos'
  | 'atan'
  | 'tanh'
  | 'erf'
  | 'sigmoid'
  | 'softplus'
  | 'relu';

/** A dense row-major array of a binding. Kernels never change their inputs. */
export interface Shaped {
  readonly shape: Shape;
}

/** How a convolution's filter moves. */
export interface Window {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** `same`: ⌈extent / stride⌉ outputs, padding split with the odd one after, as in TensorFlow; `valid`: none. */
  readonly pad: 'same' | 'valid';
}

export interface Kernels<A extends Shaped> {
  tensor(values: ArrayLike<number>, shape: Shape): A;
  fill(shape: Shape, value: number): A;
  /** Broadcasts; comparisons give 1 and 0. */
  binary(kernel: BinaryKernel, a: A, b: A): A;
  unary(kernel: UnaryKernel, x: A): A;
  pow(x: A, exponent: number): A;
  clip(x: A, low: number, high: number): A;
  /** upstream · local, and 0 wherever upstream is 0, whatever local is: the chain rule that no Inf or NaN passes. */
  chain(upstream: A, local: A): A;
  /** upstream where x > 0, else 0. */
  gate(upstream: A, x: A): A;
  /** a where condition ≠ 0, else b; broadcasts all three. */
  select(condition: A, a: A, b: A): A;
  matMul(a: A, b: A, transposeA: boolean, transposeB: boolean): A;
  convolve(x: A, filter: A, window: Window, depthwise: boolean): A;
  /** dL/dx and dL/dfilter of a convolution, given dL/dy. */
  convolveInputGradient(dy: A, filter: A, inputShape: Shape, window: Window, depthwise: boolean): A;
  convolveFilterGradient(x: A, dy: A, filterShape: Shape, window: Window, depthwise: boolean): A;
  transpose(x: A, permutation: readonly number[]): A;
  reshape(x: A, shape: Shape): A;
  concat(xs: readonly A[], axis: number): A;
  slice(x: A, begin: readonly number[], size: readonly number[]): A;
  /** Zeros of `shape` with x written at `begin`: what slice undoes. */
  embed(x: A, begin: readonly number[], shape: Shape): A;
  gather(x: A, indices: Int32Array, axis: number): A;
  /** Adds the slices of x along `axis` into zeros of extent `length`: the transpose of gather. */
  scatter(x: A, indices: Int32Array, axis: number, length: number): A;
  /** Rows of a matrix at positions [k] held by the binding, as floats; a position outside is a SHAPE_MISMATCH on the host. */
  gatherAt(x: A, positions: A): A;
  /** Adds the rows of x [k, d] into zeros [rows, d]: the transpose of gatherAt. */
  scatterAt(x: A, positions: A, rows: number): A;
  /** Elements of x at flat positions. */
  take(x: A, positions: Int32Array, shape: Shape): A;
  /** Adds x into zeros of `shape` at flat positions: the transpose of take. */
  put(x: A, positions: Int32Array, shape: Shape): A;
  /** Each row of the last axis ascending, stable, NaN last; `unsort` takes what has that order back to the old one. */
  sortRows(x: A): { readonly sorted: A; unsort(y: A): A };
  /** One pass over `count` rows of each input, filling a result of `shape`; see rows.ts. */
  rows(kernel: RowKernel, inputs: readonly A[], shape: Shape, count: number, parameter?: number): A;
  /** Statistics of all pairs, and the products with their weights; see pairwise/program.ts. */
  readonly pairForward: PairExecutor<A>['forward'];
  readonly pairBackward: PairExecutor<A>['backward'];
  /** A second handle on the same values, with a lifetime of its own. */
  alias(x: A): A;
  read(x: A): Promise<Float32Array | Float64Array>;
  keep(x: A): void;
  release(x: A): void;
}

export type Floats = Float32Array | Float64Array;

/** Fills `out` from `inputs`, each of which has `rows` rows of length / rows elements. */
export type RowKernel = (out: Floats, inputs: readonly Floats[], rows: number, parameter: number) => void;
