import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, choiceParam, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { pairCounts, pairMasks, safeRoot, squaredDistances } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';
import { fusedDistances } from './kernel.js';

/**
 * ½ d² over pairs of one class and ½ max(0, m − d)² over the others, all i ≠ j, d Euclidean between unit rows.
 * embeddings [B,D], labels [B], margin > 0. `kinds` adds the two means, `pairs` takes one mean over all pairs; a kind
 * without a pair adds 0. Scalar. Throws SHAPE_MISMATCH or DOMAIN. Source: Hadsell et al. 2006, Eq. 4.
 */
export function contrastiveLoss(
  ops: Ops,
  embeddings: Tensor,
  labels: Indices,
  { margin, balance }: Params,
  form?: Form,
): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  const { positives, negatives } = pairCounts(labels);
  const fused = (form ?? formFor(rows, rows)) === 'fused';
  const { equal, unequal } = fused
    ? fusedDistances(ops, ops.l2Normalise(embeddings), labels, margin)
    : composedDistances(ops, embeddings, labels, margin);
  const all = positives + negatives;
  const [overEqual, overUnequal] = balance === 'kinds' ? [positives, negatives] : [all, all];
  return ops.add(ops.div(equal, 2 * Math.max(1, overEqual)), ops.div(unequal, 2 * Math.max(1, overUnequal)));
}

function composedDistances(ops: Ops, embeddings: Tensor, labels: Indices, margin: number) {
  const masks = pairMasks(ops, labels);
  const squared = squaredDistances(ops, embeddings);
  const hinge = ops.relu(ops.sub(margin, safeRoot(ops, squared)));
  return {
    equal: ops.sum(ops.mul(masks.positive, squared)),
    unequal: ops.sum(ops.mul(masks.negative, ops.square(hinge))),
  };
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) => contrastiveLoss(ctx.ops, net.embed(batch.x), batchLabels(batch, 'contrastive'), params),
  }),
  functions: {
    contrastiveLoss: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, labels }, params) =>
        contrastiveLoss(ops, embeddings, labels, {
          margin: numberParam(params, 'margin', { above: 0, fallback: 1 }),
          balance: choiceParam(params, 'balance', ['pairs', 'kinds']),
        }),
    },
  },
};
