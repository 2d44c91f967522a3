/** iSogCLR's sums as the pairwise engine takes them: weights come from the examples' own numbers, no [2B,2B] array. */
import type { Ops, Tensor } from '../../core/ops.js';
import { definePairwise, detach, exp, mul, not, row, sameId, score, statistic, sub } from '../../pairwise/index.js';

/** log Σ_j e^{S_ij/τ_i} over the negatives of each row, and Σ_j W_ij S_ij for the weights W = e^{S_ij/τ_i − shift_i}. */
export interface UnimodalSums {
  readonly logSumExp: Tensor;
  weighted(shift: Tensor): Tensor;
}

export type SumsOf = (ops: Ops, unit: Tensor, example: Int32Array, tau: Tensor) => UnimodalSums;

const negatives = not(sameId('example', 'example'));
const exponent = mul(score, row('steepness'));

const partitions = definePairwise({
  name: 'isogclr-partitions',
  statistics: { logSumExp: statistic('logSumExp', exponent, { over: negatives }) },
});

const weighted = definePairwise({
  name: 'isogclr',
  statistics: {
    sum: statistic('sum', mul(detach(exp(sub(exponent, row('shift')))), score), { over: negatives }),
  },
});

export const fusedSums: SumsOf = (ops, unit, example, tau) => {
  const ids = { example };
  const fields = { steepness: ops.div(1, ops.stopGradient(tau)) };
  const given = { rows: { ids, fields }, columns: { ids } };
  return {
    logSumExp: ops.pairwise(partitions, { a: ops.stopGradient(unit), ...given }).values['logSumExp']!,
    weighted(shift) {
      const rows = { ids, fields: { ...fields, shift: ops.stopGradient(shift) } };
      return ops.pairwise(weighted, { a: unit, ...given, rows }).values['sum']!;
    },
  };
};
