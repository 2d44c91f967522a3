/** The search for hard negatives as the pairwise engine takes it: a position a row, no [2B,2B] array. */
import { rowProducts } from '../../core/class-softmax.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { definePairwise, not, sameId, score, statistic } from '../../pairwise/index.js';

/** The most similar negative of each row, a row of another example, and the inner product of its keys. */
export type Hardest = (
  ops: Ops,
  unit: Tensor,
  keys: Tensor,
  example: Int32Array,
) => { readonly similarity: Tensor; readonly dot: Tensor };

const hardest = definePairwise({
  name: 'amcl',
  statistics: { negative: statistic('max', score, { over: not(sameId('example', 'example')) }) },
});

/** The negatives are only searched for by the engine; similarities and keys are those of the rows that it found. */
export const fusedHardest: Hardest = (ops, unit, keys, example) => {
  const side = { ids: { example } };
  const { positions } = ops.pairwise(hardest, { a: ops.stopGradient(unit), rows: side, columns: side });
  // −1 stands where nothing compares, as for NaN: any row then hands the NaN on.
  const negative = ops.maximum(positions['negative']!, 0);
  return {
    similarity: rowProducts(ops, unit, ops.gatherAt(unit, negative)),
    dot: rowProducts(ops, keys, ops.gatherAt(keys, negative)),
  };
};
