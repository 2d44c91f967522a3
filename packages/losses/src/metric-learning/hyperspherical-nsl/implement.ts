import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, checkLabels, matrixShape, numberParam } from '../../core/guards.js';
import { marginSoftmax, unitClasses } from '../../core/margin-formulas.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities } from '../../core/pairwise-formulas.js';
import { negativeLogLikelihood } from '../../core/softmax-formulas.js';
import type { Params } from './definition.js';

/**
 * Mean over the batch of −log softmax_c(⟨x_i, p_c⟩/T)[label] on unit rows. embeddings [B,D], proxies [C,D], labels
 * [B] in 0 … C−1, temperature > 0. Scalar. `form` forces the composed or the fused evaluation.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Zhai and Wu 2019, Eq. 3.
 */
export function normalizedSoftmax(
  ops: Ops,
  embeddings: Tensor,
  proxies: Tensor,
  labels: Indices,
  { temperature }: Params,
  form?: Form,
): Tensor {
  const [rows, width] = matrixShape('embeddings', embeddings);
  const [classes] = matrixShape('proxies', proxies, undefined, width);
  checkLabels('labels', labels, rows, classes);
  if ((form ?? formFor(rows, classes)) === 'fused') {
    const unit = unitClasses(ops, embeddings, proxies, labels);
    return ops.mean(marginSoftmax(ops, unit, unit.cosine, 1 / temperature, 'fused'));
  }
  const scores = ops.div(cosineSimilarities(ops, embeddings, proxies), temperature);
  return ops.mean(negativeLogLikelihood(ops, scores, labels));
}

/**
 * Cosine of each query with each novel class's template, the normalised mean of its normalised support rows:
 * [Q, classes], classes in ascending order of their labels. support [S,D], supportLabels [S], query [Q,D].
 */
export function novelClassScores(ops: Ops, support: Tensor, supportLabels: Indices, query: Tensor): Tensor {
  const [rows, width] = matrixShape('support', support);
  matrixShape('query', query, undefined, width);
  checkLabels('supportLabels', supportLabels, rows);
  const classes = [...new Set(supportLabels)].sort((a, b) => a - b);
  const members = new Float64Array(classes.length * rows);
  for (let i = 0; i < rows; i++) members[classes.indexOf(supportLabels[i] ?? -1) * rows + i] = 1;
  // The sum has the direction of the mean, which is all that its normalisation keeps.
  const sums = ops.matMul(ops.tensor(members, [classes.length, rows]), ops.l2Normalise(support));
  return cosineSimilarities(ops, query, sums);
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const bound = 1 / Math.sqrt(ctx.embeddingDim);
    const proxies = ctx.variable('proxies', [ctx.classes, ctx.embeddingDim], {
      kind: 'uniform',
      low: -bound,
      high: bound,
    });
    return {
      loss: (batch, net) =>
        normalizedSoftmax(ctx.ops, net.embed(batch.x), proxies, batchLabels(batch, 'hyperspherical-nsl'), params),
    };
  },
  functions: {
    normalizedSoftmax: {
      inputs: { embeddings: 'tensor', proxies: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, proxies, labels }, params) =>
        normalizedSoftmax(ops, embeddings, proxies, labels, {
          temperature: numberParam(params, 'temperature', { above: 0, fallback: 0.05 }),
        }),
    },
    novelClassScores: {
      inputs: { support: 'tensor', supportLabels: 'indices', query: 'tensor' },
      evaluate: (ops, { support, supportLabels, query }) => novelClassScores(ops, support, supportLabels, query),
    },
  },
};
