import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';

/**
 * Mean over the batch of (1−ε)(−log p_y) + (ε/C) Σ_k −log p_k, p = softmax(logits). logits [B,C], labels [B],
 * ε in [0, 1]; ε = 0 is cross-entropy. Throws SHAPE_MISMATCH or DOMAIN. Source: Szegedy et al. 2016, §7.
 */
export function labelSmoothing(ops: Ops, logits: Tensor, labels: Indices, epsilon: number): Tensor {
  const [rows, classes] = matrixShape('logits', logits);
  checkLabels('labels', labels, rows, classes);
  const logProbabilities = ops.logSoftmax(logits);
  const hard = ops.mean(ops.pick(logProbabilities, labels));
  const uniform = ops.mean(logProbabilities);
  return ops.neg(ops.add(ops.mul(hard, 1 - epsilon), ops.mul(uniform, epsilon)));
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, { epsilon }) => ({
    loss: (batch, net) => labelSmoothing(ctx.ops, net.logits(batch.x), batchLabels(batch, 'label-smoothing'), epsilon),
  }),
  functions: {
    labelSmoothing: {
      inputs: { logits: 'tensor', labels: 'indices' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { logits, labels }, params) =>
        labelSmoothing(ops, logits, labels, numberParam(params, 'epsilon', { from: 0, to: 1, fallback: 0.1 })),
    },
  },
};
