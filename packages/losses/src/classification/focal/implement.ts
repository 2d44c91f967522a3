import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { FLOOR } from '../../core/pairwise-formulas.js';
import { negativeLogLikelihood } from '../../core/softmax-formulas.js';
import type { Params } from './definition.js';

/**
 * Mean over the batch of (1−p_y)^γ · (−log p_y), p = softmax(logits). logits [B,C], labels [B], γ ≥ 0; γ = 0 is
 * cross-entropy. Throws SHAPE_MISMATCH or DOMAIN. Source: Lin et al. 2017, Eq. 4, in its softmax form.
 */
export function focalLoss(ops: Ops, logits: Tensor, labels: Indices, gamma: number): Tensor {
  const [rows, classes] = matrixShape('logits', logits);
  checkLabels('labels', labels, rows, classes);
  const nll = negativeLogLikelihood(ops, logits, labels);
  // log(1−p_y) from the other logits: 1−p_y itself rounds to 0, where a power below 1 has an infinite derivative.
  const others = ops.where(ops.oneHot(labels, classes), FLOOR, ops.logSoftmax(logits));
  const logMiss = ops.logSumExp(others, { axis: 1 });
  return ops.mean(ops.mul(ops.exp(ops.mul(logMiss, gamma)), nll));
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, { gamma }) => ({
    loss: (batch, net) => focalLoss(ctx.ops, net.logits(batch.x), batchLabels(batch, 'focal'), gamma),
  }),
  functions: {
    focalLoss: {
      inputs: { logits: 'tensor', labels: 'indices' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { logits, labels }, params) =>
        focalLoss(ops, logits, labels, numberParam(params, 'gamma', { from: 0, fallback: 2 })),
    },
  },
};
