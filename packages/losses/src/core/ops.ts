/**
 * The vocabulary in which every formula of the catalogue is written, once.
 *
 * Two bindings give it meaning: `tfjs` (float32, trains on a TensorFlow.js backend) and `float64`
 * (a small reverse-mode tape on plain arrays, which is what `functions`, finite differences and the
 * verifier use). A formula therefore never imports TensorFlow.js, and one text is both the specification
 * and the thing that trains.
 */

import type { Pairwise } from '../pairwise/rule.js';

/** A value in a computation; its storage belongs to the binding that made it. Row-major, dense. */
export interface Tensor {
  readonly shape: readonly number[];
}

/** Element-wise operations accept plain numbers as scalars; shapes broadcast as in NumPy. */
export type Operand = Tensor | number;

/** Integer positions live on the host: labels, row numbers, permutations. */
export type Indices = Int32Array | readonly number[];

/** `axis` undefined reduces everything to a scalar of shape []. Negative axes count from the end. */
export interface Reduction {
  axis?: number | readonly number[];
  keepDims?: boolean;
}

/** Default: stride 1 and `same` padding, ⌈extent / stride⌉ outputs. */
export interface ConvolutionOptions {
  strides?: number | readonly [number, number];
  pad?: 'same' | 'valid';
}

/** What a custom gradient gives back: the value, and dL/d(input) for each input given dL/d(value). */
export interface CustomGradient {
  value: Tensor;
  backward(upstream: Tensor): Tensor[];
}

export interface Ops {
  readonly binding: 'tfjs' | 'float64';

  // -- constants ---------------------------------------------------------------------------------
  /** A constant of the given shape from row-major values; throws SHAPE_MISMATCH if the sizes differ. */
  tensor(values: ArrayLike<number>, shape: readonly number[]): Tensor;
  fill(shape: readonly number[], value: number): Tensor;
  /** [indices.length, depth] with ones at (row, indices[row]). */
  oneHot(indices: Indices, depth: number): Tensor;

  // -- arithmetic (broadcasting) -----------------------------------------------------------------
  add(a: Operand, b: Operand): Tensor;
  sub(a: Operand, b: Operand): Tensor;
  mul(a: Operand, b: Operand): Tensor;
  div(a: Operand, b: Operand): Tensor;
  /** Power with a constant exponent. */
  pow(x: Tensor, exponent: number): Tensor;
  maximum(a: Operand, b: Operand): Tensor;
  minimum(a: Operand, b: Operand): Tensor;
  neg(x: Tensor): Tensor;
  abs(x: Tensor): Tensor;
  square(x: Tensor): Tensor;
  sqrt(x: Tensor): Tensor;
  exp(x: Tensor): Tensor;
  expm1(x: Tensor): Tensor;
  log(x: Tensor): Tensor;
  log1p(x: Tensor): Tensor;
  sin(x: Tensor): Tensor;
  cos(x: Tensor): Tensor;
  acos(x: Tensor): Tensor;
  atan(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  erf(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  /** log(1 + e^x), stable for every x. */
  softplus(x: Tensor): Tensor;
  /** max(0, x); the derivative at 0 is 0. */
  relu(x: Tensor): Tensor;
  /** Restricts to [low, high]; the gradient is zero outside. */
  clip(x: Tensor, low: number, high: number): Tensor;

  // -- comparisons: 1 where true, 0 where false; never differentiated ------------------------------
  greater(a: Operand, b: Operand): Tensor;
  greaterEqual(a: Operand, b: Operand): Tensor;
  less(a: Operand, b: Operand): Tensor;
  lessEqual(a: Operand, b: Operand): Tensor;
  equal(a: Operand, b: Operand): Tensor;
  /** Where condition ≠ 0 take a, else b. A NaN or Inf in the branch not taken never reaches the gradient. */
  where(condition: Tensor, a: Operand, b: Operand): Tensor;

  // -- reductions --------------------------------------------------------------------------------
  sum(x: Tensor, r?: Reduction): Tensor;
  mean(x: Tensor, r?: Reduction): Tensor;
  /** Ties share the gradient equally. */
  max(x: Tensor, r?: Reduction): Tensor;
  min(x: Tensor, r?: Reduction): Tensor;
  /** log Σ e^x with the maximum subtracted; a slice of −Inf gives −Inf with a zero gradient. */
  logSumExp(x: Tensor, r?: Reduction): Tensor;
  /** Position of the first maximum along `axis`, as numbers; not differentiated. */
  argMax(x: Tensor, axis: number): Tensor;

  // -- linear algebra and shape --------------------------------------------------------------------
  /** [n,k]·[k,m] after the optional transpositions; leading batch dimensions must be equal. */
  matMul(a: Tensor, b: Tensor, options?: { transposeA?: boolean; transposeB?: boolean }): Tensor;
  /** x [batch, height, width, channels] under a filter [height, width, channels, outputs]. */
  conv2d(x: Tensor, filter: Tensor, options?: ConvolutionOptions): Tensor;
  /** Each channel under m filters of its own, [height, width, channels, m]; outputs are channels · m. */
  depthwiseConv2d(x: Tensor, filter: Tensor, options?: ConvolutionOptions): Tensor;
  transpose(x: Tensor, permutation?: readonly number[]): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  expandDims(x: Tensor, axis: number): Tensor;
  squeeze(x: Tensor, axes?: readonly number[]): Tensor;
  concat(xs: readonly Tensor[], axis: number): Tensor;
  stack(xs: readonly Tensor[], axis: number): Tensor;
  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  /** Rows of x along `axis` (default 0), repeated indices allowed; the gradient scatters back and adds. */
  gather(x: Tensor, indices: Indices, axis?: number): Tensor;
  /** x[i, indices[i]] of a matrix: [n]. */
  pick(x: Tensor, indices: Indices): Tensor;
  /** Ascending along the last axis; the gradient follows the permutation, ties keep their order. */
  sort(x: Tensor): Tensor;

  // -- composites every loss needs, stable in float32 ------------------------------------------------
  /** Along the last axis. */
  softmax(x: Tensor): Tensor;
  logSoftmax(x: Tensor): Tensor;
  /** x / max(‖x‖₂, eps) along the last axis; a zero vector stays zero. Default eps 1e-12. */
  l2Normalise(x: Tensor, eps?: number): Tensor;

  // -- all pairs, without the matrix of them ---------------------------------------------------------
  /** Statistics of S = A·Bᵀ as declared; throws SHAPE_MISMATCH and, for a name that is not given, UNKNOWN_PARAM. */
  readonly pairwise: Pairwise;
  /** Rows of x [n, d] at positions [k] that were computed: whole numbers from 0 to n − 1 as floats, not differentiated. */
  gatherAt(x: Tensor, positions: Tensor): Tensor;

  // -- control of differentiation and lifetime --------------------------------------------------------
  stopGradient(x: Tensor): Tensor;
  customGradient(inputs: readonly Tensor[], forward: (...xs: Tensor[]) => CustomGradient): Tensor;
  /** df/dx at x of a scalar closure f, as a constant of the surrounding computation (inner maximisations). */
  gradient(f: (x: Tensor) => Tensor, x: Tensor): Tensor;
  /** Values on the host, row-major. */
  read(x: Tensor): Promise<Float32Array | Float64Array>;
  /** Marks a tensor made inside a differentiated closure to outlive it; `release` frees it. */
  keep<T extends Tensor>(x: T): T;
  release(x: Tensor): void;
}
