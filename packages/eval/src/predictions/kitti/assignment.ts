/** Matching of boxes where most pairs are forbidden. */
import { bestAssignment } from '../clustering/assignment.js';

/**
 * As many pairs as possible, and of those the least total cost. `cost` is [rows, columns] row-major in [0, 1]; NaN forbids.
 * Returns the column of each row, −1 for none.
 */
export function matchPairs(cost: Float64Array, rows: number, columns: number): Int32Array {
  if (rows === 0 || columns === 0) return new Int32Array(rows).fill(-1);
  // One pair more is worth more than all costs together.
  const pair = Math.min(rows, columns) + 1;
  const values = cost.map((value) => (Number.isNaN(value) ? 0 : pair - value));
  return bestAssignment(values, rows, columns).map((column, row) =>
    column >= 0 && !Number.isNaN(cost[row * columns + column]!) ? column : -1,
  );
}
