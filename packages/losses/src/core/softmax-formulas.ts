/** Cross-entropy in its two forms, shared by the objectives on logits. */
import type { Indices, Ops, Tensor } from './ops.js';

/** −log softmax(logits)[i, labels[i]] for each row: [B]; exact where one logit dominates. */
export function negativeLogLikelihood(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  return ops.neg(ops.pick(ops.logSoftmax(logits), labels));
}

/** Mean over rows of −Σ_k t_ik log softmax(logits)_ik; `targets` [B,C] are not differentiated. */
export function softTargetCrossEntropy(ops: Ops, logits: Tensor, targets: Tensor): Tensor {
  const rows = ops.sum(ops.mul(ops.stopGradient(targets), ops.logSoftmax(logits)), { axis: 1 });
  return ops.neg(ops.mean(rows));
}
