import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities, maskedLogSumExp, pairMasks } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';
import { supervisedContrastive } from './kernel.js';

/**
 * Mean over the batch of −(1/|P(i)|) Σ_{p∈P(i)} log softmax_{a≠i}(⟨z_i, z_a⟩/τ)_p on unit rows; 0 for an anchor
 * without a positive. embeddings [B,D], labels [B], temperature > 0. Scalar. `form` forces the composed or the fused
 * evaluation. Throws SHAPE_MISMATCH or DOMAIN.
 * Source: Khosla et al. 2020, Eq. 2.
 */
export function supervisedContrastiveLoss(
  ops: Ops,
  embeddings: Tensor,
  labels: Indices,
  { temperature }: Params,
  form?: Form,
): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  if ((form ?? formFor(rows, rows)) === 'fused') return fused(ops, embeddings, labels, temperature);
  const { positive, others } = pairMasks(ops, labels);
  const scores = ops.div(cosineSimilarities(ops, embeddings), temperature);
  const positives = ops.sum(positive, { axis: 1 });
  const attraction = ops.div(ops.sum(ops.mul(positive, scores), { axis: 1 }), ops.maximum(positives, 1));
  const partition = maskedLogSumExp(ops, scores, others);
  const anchors = ops.where(ops.greater(positives, 0), ops.sub(partition, attraction), 0);
  return ops.mean(anchors);
}

function fused(ops: Ops, embeddings: Tensor, labels: Indices, temperature: number): Tensor {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const positives = Float64Array.from(labels, (label) => sizes.get(label)! - 1);
  const { values } = ops.pairwise(supervisedContrastive, {
    a: ops.l2Normalise(embeddings),
    rows: { ids: { label: labels } },
    columns: { ids: { label: labels } },
    uniforms: { scale: 1 / temperature },
  });
  const count = ops.tensor(positives, [labels.length]);
  const attraction = ops.div(values['attraction']!, ops.maximum(count, 1));
  return ops.mean(ops.where(ops.greater(count, 0), ops.sub(values['partition']!, attraction), 0));
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) =>
      supervisedContrastiveLoss(ctx.ops, net.embed(batch.x), batchLabels(batch, 'supervised-contrastive'), params),
  }),
  functions: {
    supervisedContrastiveLoss: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, labels }, params) =>
        supervisedContrastiveLoss(ops, embeddings, labels, {
          temperature: numberParam(params, 'temperature', { above: 0, fallback: 0.1 }),
        }),
    },
  },
};
