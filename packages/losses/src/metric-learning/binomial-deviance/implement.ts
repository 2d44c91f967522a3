import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities, pairCounts, pairMasks } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';
import { fusedDeviances } from './kernel.js';

/**
 * Mean over equal pairs of log(1 + e^{−α(S−β)}) plus mean over unequal pairs of log(1 + e^{α·cost·(S−β)}), all i ≠ j, S the
 * cosine. embeddings [B,D], labels [B]; α, cost > 0. A kind without a pair adds 0. Scalar. Throws SHAPE_MISMATCH or
 * DOMAIN. Source: Yi et al. 2014, Eq. 7 and 8.
 */
export function binomialDeviance(ops: Ops, embeddings: Tensor, labels: Indices, params: Params, form?: Form): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  const { positives, negatives } = pairCounts(labels);
  const fused = (form ?? formFor(rows, rows)) === 'fused';
  const { pull, push } = fused
    ? fusedDeviances(ops, ops.l2Normalise(embeddings), labels, params)
    : composedDeviances(ops, embeddings, labels, params);
  return ops.add(ops.div(pull, Math.max(1, positives)), ops.div(push, Math.max(1, negatives)));
}

function composedDeviances(ops: Ops, embeddings: Tensor, labels: Indices, { alpha, beta, cost }: Params) {
  const { positive, negative } = pairMasks(ops, labels);
  const shifted = ops.sub(cosineSimilarities(ops, embeddings), beta);
  return {
    pull: ops.sum(ops.mul(positive, ops.softplus(ops.mul(shifted, -alpha)))),
    push: ops.sum(ops.mul(negative, ops.softplus(ops.mul(shifted, alpha * cost)))),
  };
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) =>
      binomialDeviance(ctx.ops, net.embed(batch.x), batchLabels(batch, 'binomial-deviance'), params),
  }),
  functions: {
    binomialDeviance: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, labels }, params) =>
        binomialDeviance(ops, embeddings, labels, {
          alpha: numberParam(params, 'alpha', { above: 0, fallback: 2 }),
          beta: numberParam(params, 'beta', { fallback: 0.5 }),
          cost: numberParam(params, 'cost', { above: 0, fallback: 10 }),
        }),
    },
  },
};
