/**
 * What margin heads share: a softmax over the cosines to one unit weight a class, in which only the logit of the true
 * class is changed. Cosine and angle of the true class come from one product a row; all other classes enter as one
 * log-sum-exp, which is fused above a size.
 */
import type { Form } from './class-softmax.js';
import { likelihoodLoss, otherClassesLogSumExp, rowProducts } from './class-softmax.js';
import { checkLabels, matrixShape } from './guards.js';
import type { Indices, Operand, Ops, Tensor } from './ops.js';
import type { RunContext, Variable } from './slots.js';

/** sin² up to this belongs to cosines beyond 1 − 1e-7 in size, where the angle's derivative is taken as zero. */
const NEAR = 2e-7;

/** Unit rows and unit class weights of a batch, with the weight of each row's own class. */
export interface UnitClasses {
  /** [B,D] */
  readonly rows: Tensor;
  /** [C,D] */
  readonly classes: Tensor;
  readonly labels: Indices;
  /** [B,D] */
  readonly own: Tensor;
  /** ⟨rows_i, own_i⟩: [B] */
  readonly cosine: Tensor;
}

/** embeddings [B,D] and weights [C,D] of any length, labels [B] in 0 … C−1. Throws SHAPE_MISMATCH or DOMAIN. */
export function unitClasses(ops: Ops, embeddings: Tensor, weights: Tensor, labels: Indices): UnitClasses {
  const [count, width] = matrixShape('embeddings', embeddings);
  const [classCount] = matrixShape('weights', weights, undefined, width);
  checkLabels('labels', labels, count, classCount);
  const rows = ops.l2Normalise(embeddings);
  const classes = ops.l2Normalise(weights);
  const own = ops.gather(classes, labels);
  return { rows, classes, labels, own, cosine: rowProducts(ops, rows, own) };
}

/**
 * sin θ of each row and its own class: [B]. Near 0 and π its square is the product of the squared chords |x−w|²|x+w|²/4,
 * since 1 − cos² would lose every digit there.
 */
export function targetSine(ops: Ops, { rows, own, cosine }: UnitClasses): Tensor {
  const squaredLength = (chord: Tensor): Tensor => ops.sum(ops.square(chord), { axis: 1 });
  const chords = ops.mul(squaredLength(ops.sub(rows, own)), squaredLength(ops.add(rows, own)));
  const squaredCosine = ops.square(cosine);
  const square = ops.where(ops.less(squaredCosine, 0.5), ops.sub(1, squaredCosine), ops.mul(chords, 0.25));
  const fixed = ops.sqrt(ops.stopGradient(square));
  return ops.where(ops.greater(square, NEAR), ops.sqrt(ops.maximum(square, NEAR)), fixed);
}

/** cos(θ + m) of each row and its own class, unchanged beyond π: [B]. The margin is a number or [B], in radians. */
export function turnedCosine(ops: Ops, unit: UnitClasses, margin: Operand): Tensor {
  const sine = targetSine(ops, unit);
  const [cosMargin, sinMargin] =
    typeof margin === 'number' ? [Math.cos(margin), Math.sin(margin)] : [ops.cos(margin), ops.sin(margin)];
  return ops.sub(ops.mul(unit.cosine, cosMargin), ops.mul(sine, sinMargin));
}

/** log Σ_{c ≠ y_i} e^{s·cos θ_ic}: [B]. */
export const otherClasses = (ops: Ops, { rows, classes, labels }: UnitClasses, s: number, form?: Form): Tensor =>
  otherClassesLogSumExp(ops, rows, classes, labels, s, form);

/** −log( e^{s·t_i} / (e^{s·t_i} + Σ_{c ≠ y_i} e^{s·cos θ_ic}) ) for the changed cosines t [B] of the true classes: [B]. */
export function marginSoftmax(ops: Ops, unit: UnitClasses, changed: Tensor, s: number, form?: Form): Tensor {
  return likelihoodLoss(ops, ops.mul(changed, s), otherClasses(ops, unit, s, form));
}

/** The trainable class weights [classes, embeddingDim] of a head, uniform in ±1/√embeddingDim at first. */
export function classWeights(ctx: RunContext): Variable {
  const bound = 1 / Math.sqrt(ctx.embeddingDim);
  return ctx.variable('weights', [ctx.classes, ctx.embeddingDim], { kind: 'uniform', low: -bound, high: bound });
}
