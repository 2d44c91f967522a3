/** The comparisons of the Mann–Whitney loss, declared: positives are rows, negatives columns, and no table exists. */
import type { Ops, Tensor } from '../../core/ops.js';
import { definePairwise, score, softplus, statistic } from '../../pairwise/index.js';

const comparisons = definePairwise({
  name: 'mann-whitney',
  statistics: { total: statistic('sum', softplus(score)) },
});

/** Mean of log(1 + e^{n − p}) over all p of `positives` [P] and n of `negatives` [N], P, N ≥ 1. Scalar. */
export function fusedMeanPairwiseLogistic(ops: Ops, positives: Tensor, negatives: Tensor): Tensor {
  const [p = 0] = positives.shape;
  const [n = 0] = negatives.shape;
  // ⟨(−p, 1), (1, n)⟩ = n − p: the difference is a score of width 2.
  const a = ops.stack([ops.neg(positives), ops.fill([p], 1)], 1);
  const b = ops.stack([ops.fill([n], 1), negatives], 1);
  return ops.div(ops.sum(ops.pairwise(comparisons, { a, b }).values['total']!), p * n);
}
