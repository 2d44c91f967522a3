import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities, maskedLog1pSumExp, pairMasks } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';
import { fusedAnchorLosses, ZERO_VECTOR } from './kernel.js';

/** Beyond every cosine: the place of an extreme over an empty set. */
const BEYOND = 1e6;

/**
 * Multi-similarity loss with its pair miner, averaged over all anchors, those without a kept pair included (as 0).
 * embeddings [B,D], labels [B]; α, β > 0; margin ≥ 0. The mining masks are not differentiated. Scalar.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Wang et al. 2019, Eq. 10–15.
 */
export function multiSimilarity(ops: Ops, embeddings: Tensor, labels: Indices, params: Params, form?: Form): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  const fused = (form ?? formFor(rows, rows)) === 'fused';
  return ops.mean(
    fused
      ? fusedAnchorLosses(ops, ops.l2Normalise(embeddings), labels, params)
      : composedAnchorLosses(ops, embeddings, labels, params),
  );
}

function composedAnchorLosses(ops: Ops, embeddings: Tensor, labels: Indices, params: Params): Tensor {
  const { alpha, beta, lambda, margin, selfEps } = params;
  const similarities = cosineSimilarities(ops, embeddings);
  const fixed = ops.stopGradient(similarities);
  const { positive, negative, others } = pairMasks(ops, labels);
  // The definition drops the anchor itself by its similarity of 1, and a zero vector has none: it stays a positive.
  const zero = ops.mul(ops.sub(1, others), ops.less(fixed, ZERO_VECTOR));
  const distinct = ops.mul(ops.add(positive, zero), ops.less(fixed, 1 - selfEps));
  const hardestPositive = ops.min(ops.where(distinct, fixed, BEYOND), { axis: 1, keepDims: true });
  const hardestNegative = ops.max(ops.where(negative, fixed, -BEYOND), { axis: 1, keepDims: true });
  const keptNegative = ops.mul(negative, ops.greater(fixed, ops.sub(hardestPositive, margin)));
  const keptPositive = ops.mul(distinct, ops.less(fixed, ops.add(hardestNegative, margin)));

  const shifted = ops.sub(similarities, lambda);
  const pull = ops.div(maskedLog1pSumExp(ops, ops.mul(shifted, -alpha), keptPositive), alpha);
  const push = ops.div(maskedLog1pSumExp(ops, ops.mul(shifted, beta), keptNegative), beta);
  const informative = ops.mul(ops.max(keptPositive, { axis: 1 }), ops.max(keptNegative, { axis: 1 }));
  return ops.where(informative, ops.add(pull, push), 0);
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) => multiSimilarity(ctx.ops, net.embed(batch.x), batchLabels(batch, 'multi-similarity'), params),
  }),
  functions: {
    multiSimilarity: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, labels }, params) =>
        multiSimilarity(ops, embeddings, labels, {
          alpha: numberParam(params, 'alpha', { above: 0, fallback: 2 }),
          beta: numberParam(params, 'beta', { above: 0, fallback: 40 }),
          lambda: numberParam(params, 'lambda', { fallback: 0.5 }),
          margin: numberParam(params, 'margin', { from: 0, fallback: 0.1 }),
          selfEps: numberParam(params, 'selfEps', { from: 0, fallback: 1e-5 }),
        }),
    },
  },
};
