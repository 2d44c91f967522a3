/**
 * Softmax over many classes whose weights are at hand, so that the logits need never be stored: the log-sum-exp of the
 * other classes comes from the pairwise engine, the logit of the true class from one product a row.
 */
import { definePairwise, fusedFrom, mul, not, sameId, score, statistic, uniform } from '../pairwise/index.js';
import { checkLabels, matrixShape, vectorLength } from './guards.js';
import type { Indices, Ops, Tensor } from './ops.js';
import { maskedLogSumExp } from './pairwise-formulas.js';

/** `composed` stores the [B,C] products, `fused` does not; the same value and gradient but for rounding. */
export type Form = 'composed' | 'fused';

/** The form that a loss over rows × columns pairs takes by itself. */
export const formFor = (rows: number, columns: number): Form => (fusedFrom(rows, columns) ? 'fused' : 'composed');

const otherClasses = definePairwise({
  name: 'other-classes',
  statistics: {
    partition: statistic('logSumExp', mul(score, uniform('scale')), { over: not(sameId('label', 'class')) }),
  },
});

/** 0, 1, … n−1: the ids of classes and of examples. */
export const positions = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/**
 * log Σ_{c ≠ y_i} e^{scale·⟨a_i, w_c⟩}: [B]. a [B,D], classes w [C,D], labels [B]; a label below 0 excludes no class.
 * With no other class it is so small that it adds nothing to any sum.
 */
export function otherClassesLogSumExp(
  ops: Ops,
  a: Tensor,
  classes: Tensor,
  labels: Indices,
  scale: number,
  form?: Form,
): Tensor {
  const [rows, width] = matrixShape('rows', a);
  const [count] = matrixShape('classes', classes, undefined, width);
  if ((form ?? formFor(rows, count)) === 'fused') {
    const { values } = ops.pairwise(otherClasses, {
      a,
      b: classes,
      rows: { ids: { label: labels } },
      columns: { ids: { class: positions(count) } },
      uniforms: { scale },
    });
    return values['partition']!;
  }
  const others = new Float64Array(rows * count).fill(1);
  for (let i = 0; i < rows; i++) if (labels[i]! >= 0) others[i * count + labels[i]!] = 0;
  const scores = ops.mul(ops.matMul(a, classes, { transposeB: true }), scale);
  return maskedLogSumExp(ops, scores, ops.tensor(others, [rows, count]));
}

/** ⟨a_i, w_{y_i}⟩: [B], given the rows w_{y_i} of the classes. */
export const rowProducts = (ops: Ops, a: Tensor, own: Tensor): Tensor => ops.sum(ops.mul(a, own), { axis: 1 });

/** log(1 + e^{others − target}): −log of the softmax at the true class, from its logit and the others' log-sum-exp. */
export const likelihoodLoss = (ops: Ops, target: Tensor, others: Tensor): Tensor =>
  ops.softplus(ops.sub(others, target));

/** log(e^a + e^b), element by element: [n]. */
export const logAddExp = (ops: Ops, a: Tensor, b: Tensor): Tensor => ops.logSumExp(ops.stack([a, b], 1), { axis: 1 });

export interface LinearSoftmax {
  /** [B,D] */
  readonly features: Tensor;
  /** [C,D] */
  readonly weights: Tensor;
  /** [C]; none: 0 */
  readonly bias?: Tensor | undefined;
  /** [B], 0 … C−1 */
  readonly labels: Indices;
}

/**
 * −log softmax(features·weightsᵀ + bias)[i, y_i] for each row: [B], in O((B + C)·D) memory above the size from which
 * forms are fused. Differentiable in features, weights and bias. Throws SHAPE_MISMATCH or DOMAIN.
 */
export function linearNegativeLogLikelihood(
  ops: Ops,
  { features, weights, bias, labels }: LinearSoftmax,
  form?: Form,
): Tensor {
  const [rows, width] = matrixShape('features', features);
  const [classes] = matrixShape('weights', weights, undefined, width);
  if (bias) vectorLength('bias', bias, classes);
  checkLabels('labels', labels, rows, classes);
  // The bias is one more dimension of the weights, in which every row has a 1.
  const a = bias ? ops.concat([features, ops.fill([rows, 1], 1)], 1) : features;
  const b = bias ? ops.concat([weights, ops.expandDims(bias, 1)], 1) : weights;
  const target = rowProducts(ops, a, ops.gather(b, labels));
  return likelihoodLoss(ops, target, otherClassesLogSumExp(ops, a, b, labels, 1, form));
}
