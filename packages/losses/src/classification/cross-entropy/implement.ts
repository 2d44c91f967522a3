import type { Form, LinearSoftmax } from '../../core/class-softmax.js';
import { linearNegativeLogLikelihood } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { negativeLogLikelihood } from '../../core/softmax-formulas.js';
import type { Params } from './definition.js';

/**
 * Mean over the batch of −log softmax(logits)[label]. logits [B,C], labels [B] in 0 … C−1, result a scalar ≥ 0.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Bridle 1990.
 */
export function crossEntropy(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  const [rows, classes] = matrixShape('logits', logits);
  checkLabels('labels', labels, rows, classes);
  return ops.mean(negativeLogLikelihood(ops, logits, labels));
}

/**
 * Cross-entropy of the logits features·weightsᵀ + bias, which are never stored where there are many. features [B,D],
 * weights [C,D], bias [C], labels [B] in 0 … C−1. Scalar. `form` forces the composed or the fused evaluation.
 */
export function linearCrossEntropy(ops: Ops, layer: LinearSoftmax, form?: Form): Tensor {
  return ops.mean(linearNegativeLogLikelihood(ops, layer, form));
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx) => ({
    loss: (batch, net) => crossEntropy(ctx.ops, net.logits(batch.x), batchLabels(batch, 'cross-entropy')),
  }),
  functions: {
    crossEntropy: {
      inputs: { logits: 'tensor', labels: 'indices' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { logits, labels }) => crossEntropy(ops, logits, labels),
    },
    linearCrossEntropy: {
      inputs: { features: 'tensor', weights: 'tensor', bias: 'tensor', labels: 'indices' },
      evaluate: (ops, { features, weights, bias, labels }) =>
        linearCrossEntropy(ops, { features, weights, bias, labels }),
    },
  },
};
