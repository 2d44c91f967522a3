import type { MethodImplementation } from '../../core/define.js';
import { matrixShape, numberParam } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities } from '../../core/pairwise-formulas.js';
import { embedViews } from '../../core/two-views.js';
import type { Params } from './definition.js';
import { globalAuc, mwLoss } from './formulas.js';

/**
 * The loss of two views' rows: row i of `queries` and row i of `documents` are a positive pair, all other pairs are
 * negatives. Both [B,D]. Scalar. Throws SHAPE_MISMATCH.
 */
export function retrievalLoss(ops: Ops, queries: Tensor, documents: Tensor, { tau, similarity }: Params): Tensor {
  const [rows, width] = matrixShape('queries', queries);
  matrixShape('documents', documents, rows, width);
  const scores =
    similarity === 'cosine'
      ? cosineSimilarities(ops, queries, documents)
      : ops.matMul(queries, documents, { transposeB: true });
  return mwLoss(ops, scores, tau);
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    views: 2,
    loss: (batch, net) => {
      const [queries, documents] = embedViews(batch, net, 'mw-loss');
      return retrievalLoss(ctx.ops, queries, documents, params);
    },
  }),
  functions: {
    mwLoss: {
      inputs: { scores: 'tensor' },
      evaluate: (ops, { scores }, params) =>
        mwLoss(ops, scores, numberParam(params, 'tau', { above: 0, fallback: 0.05 })),
    },
    globalAuc: {
      inputs: { positives: 'plain', negatives: 'plain' },
      evaluate: (ops, { positives, negatives }) => ops.tensor([globalAuc(positives, negatives)], []),
    },
  },
};
