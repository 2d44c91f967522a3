import { LossError } from '../../core/errors.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { atLargest } from '../../core/pairwise-formulas.js';
import { sameShape } from '../../core/shape.js';

/** Temperatures are held above this, where 1/τ would leave the range of float32's useful digits. */
const COLDEST = 1e-5;

/** lower + (upper − lower) · σ(dot), element by element. Source: Wang et al. 2024, the adaptive temperature. */
export function adaptiveTemperature(ops: Ops, dot: Tensor, lower: number, upper: number): Tensor {
  return ops.add(ops.mul(ops.sigmoid(dot), upper - lower), lower);
}

/** Ω(τ) = (d′/2) log τ + 1/τ. */
function penalty(ops: Ops, tau: Tensor, dim: number): Tensor {
  return ops.add(ops.mul(ops.log(tau), dim / 2), ops.div(1, tau));
}

/** A similarity with the temperature of its pair, of equal shapes. */
export interface Tempered {
  readonly similarity: Tensor;
  readonly tau: Tensor;
}

/**
 * −s⁺/τ⁺ + s⁻/τ⁻ + β Ω(τ⁺) − β Ω(τ⁻) of each anchor with its most similar negative, element by element; without a negative
 * its two terms are left out. Temperatures below 1e-5 count as 1e-5.
 */
export function anchorLoss(
  ops: Ops,
  positive: Tempered,
  hardest: Tempered | undefined,
  { beta, dim }: { readonly beta: number; readonly dim: number },
): Tensor {
  const side = ({ similarity, tau }: Tempered): Tensor => {
    const held = ops.maximum(tau, COLDEST);
    return ops.sub(ops.div(similarity, held), ops.mul(penalty(ops, held, dim), beta));
  };
  const pull = ops.neg(side(positive));
  return hardest ? ops.add(pull, side(hardest)) : pull;
}

/**
 * Sum over heads of the mean over anchors of `anchorLoss`, the negative of each anchor being its most similar one (the
 * first where several are). simPos, tauPos [C,B], simNeg, tauNeg [C,B,N]. Scalar. Throws SHAPE_MISMATCH.
 * Source: Wang et al. 2024, Eq. 2.1.
 */
export function ntXentHardMax(
  ops: Ops,
  positive: Tempered,
  negatives: Tempered,
  params: { readonly beta: number; readonly dim: number },
): Tensor {
  const [heads = 0, anchors = 0] = positive.similarity.shape;
  const count = negatives.similarity.shape[2] ?? 0;
  expectShape('simPos', positive.similarity, [heads, anchors]);
  expectShape('tauPos', positive.tau, [heads, anchors]);
  expectShape('simNeg', negatives.similarity, [heads, anchors, count]);
  expectShape('tauNeg', negatives.tau, [heads, anchors, count]);
  return ops.sum(ops.mean(anchorLoss(ops, positive, hardestOf(ops, negatives), params), { axis: 1 }));
}

function hardestOf(ops: Ops, { similarity, tau }: Tempered): Tempered | undefined {
  if (similarity.shape.at(-1) === 0) return undefined;
  const [top, heat] = atLargest(ops, similarity, similarity, tau);
  return { similarity: top!, tau: heat! };
}

function expectShape(field: string, x: Tensor, shape: readonly number[]): void {
  if (sameShape(x.shape, shape)) return;
  throw new LossError('SHAPE_MISMATCH', `${field} must have shape [${shape}], received [${x.shape}]`, {
    field,
    value: x.shape,
    allowed: `[${shape}]`,
  });
}
