import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, choiceParam, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { type PairMasks, pairMasks, safeRoot, squaredDistances } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';

/**
 * Mean of max(0, d_ap − d_an + m) over the mined triplets of a batch, d between unit rows. embeddings [B,D], labels
 * [B], margin > 0. No triplet gives 0 with a zero gradient. Scalar. Throws SHAPE_MISMATCH or DOMAIN.
 * Source: Schroff et al. 2015, Eq. 2–4 (semi-hard); Hermans et al. 2017, Eq. 5 (batch-hard).
 */
export function tripletLoss(ops: Ops, embeddings: Tensor, labels: Indices, params: Params): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  const squared = squaredDistances(ops, embeddings);
  const distances = params.distance === 'squared' ? squared : safeRoot(ops, squared);
  const mine = params.mining === 'semi-hard' ? semiHard : batchHard;
  return mine(ops, distances, pairMasks(ops, labels), params.margin);
}

/**
 * Over all (a,p,n) with d_ap < d_an < d_ap + m. The loss is linear on that set, so that only the number of triplets
 * of each pair is needed for it and its gradient, and the [B,B,B] comparison stays outside differentiation.
 */
function semiHard(ops: Ops, distances: Tensor, masks: PairMasks, margin: number): Tensor {
  const fixed = ops.stopGradient(distances);
  const positive = ops.expandDims(fixed, 2);
  const negative = ops.expandDims(fixed, 1);
  const candidates = ops.mul(ops.expandDims(masks.positive, 2), ops.expandDims(masks.negative, 1));
  const between = ops.mul(ops.greater(negative, positive), ops.less(negative, ops.add(positive, margin)));
  const chosen = ops.mul(candidates, between);
  const ofPositive = ops.sum(chosen, { axis: 2 });
  const ofNegative = ops.sum(chosen, { axis: 1 });
  const triplets = ops.sum(ofPositive);
  const gaps = ops.sum(ops.mul(ops.sub(ofPositive, ofNegative), distances));
  return ops.div(ops.add(gaps, ops.mul(triplets, margin)), ops.maximum(triplets, 1));
}

/** The farthest positive and the nearest negative of each anchor that has both. */
function batchHard(ops: Ops, distances: Tensor, masks: PairMasks, margin: number): Tensor {
  const farthest = ops.max(ops.where(masks.positive, distances, -FAR), { axis: 1 });
  const nearest = ops.min(ops.where(masks.negative, distances, FAR), { axis: 1 });
  const complete = ops.mul(ops.greaterEqual(farthest, 0), ops.less(nearest, FAR));
  const hinge = ops.relu(ops.add(ops.sub(farthest, nearest), margin));
  return ops.div(ops.sum(ops.mul(complete, hinge)), ops.maximum(ops.sum(complete), 1));
}

/** Beyond every distance on the unit sphere. */
const FAR = 1e6;

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) => tripletLoss(ctx.ops, net.embed(batch.x), batchLabels(batch, 'triplet'), params),
  }),
  functions: {
    tripletLoss: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, labels }, params) =>
        tripletLoss(ops, embeddings, labels, {
          margin: numberParam(params, 'margin', { above: 0, fallback: 0.2 }),
          mining: choiceParam(params, 'mining', ['semi-hard', 'batch-hard']),
          distance: choiceParam(params, 'distance', ['squared', 'euclidean']),
        }),
    },
  },
};
