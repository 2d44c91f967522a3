import { checkLabels, matrixShape } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { softTargetCrossEntropy } from '../../core/softmax-formulas.js';

/** α_e = α_T (e+1)/E for epoch e = 0 … E−1. Source: Kim et al. 2021, Eq. 6. */
export function alphaSchedule(epoch: number, alphaT: number, epochs: number): number {
  return (alphaT * (epoch + 1)) / epochs;
}

/**
 * Cross-entropy to (1−α)·label + α·past, mean over the batch. logits, past [B,C], labels [B], α in [0, 1]; α = 0 is
 * cross-entropy. Differentiated in the logits only: (p − t)/B. Throws SHAPE_MISMATCH or DOMAIN. Kim et al. 2021, Eq. 4.
 */
export function pskdLoss(
  ops: Ops,
  logits: Tensor,
  labels: Indices,
  past: Tensor,
  alpha: number,
): { loss: Tensor; targets: Tensor } {
  const [rows, classes] = matrixShape('logits', logits);
  matrixShape('past_probs', past, rows, classes);
  checkLabels('labels', labels, rows, classes);
  const hard = ops.mul(ops.oneHot(labels, classes), 1 - alpha);
  const targets = ops.add(hard, ops.mul(ops.stopGradient(past), alpha));
  return { loss: softTargetCrossEntropy(ops, logits, targets), targets };
}
