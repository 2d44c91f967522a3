/** Matching of boxes where most pairs are forbidden. */
import { bestAssignment } from '../clustering/assignment.js';

/**
 * As many pairs as possible, and of those the least total cost. `cost` is [rows, columns] row-major in [0, 1]; NaN forbids.
 * Returns the column of each row, −1 for none.
 */
export function matchPairs(cost: Float64Array, rows: number, columns: number): Int32Array {
  const matched = new Int32Array(rows).fill(-1);
  const [perRow, perColumn] = [new Int32Array(rows), new Int32Array(columns)];
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++)
      if (!Number.isNaN(cost[at]!)) {
        perRow[i]!++;
        perColumn[j]!++;
        matched[i] = j;
      }
  // A pair of which neither side has another choice is in every best matching; most boxes are like that.
  const contested = Array.from(matched.keys()).filter(
    (i) => perRow[i]! > 1 || (perRow[i] === 1 && perColumn[matched[i]!]! > 1),
  );
  if (contested.length === 0) return matched;
  const wanted = Array.from(perColumn.keys()).filter((j) =>
    contested.some((i) => !Number.isNaN(cost[i * columns + j]!)),
  );
  // One pair more is worth more than all costs together.
  const pair = Math.min(contested.length, wanted.length) + 1;
  const values = new Float64Array(contested.length * wanted.length);
  contested.forEach((i, r) =>
    wanted.forEach((j, c) => {
      const value = cost[i * columns + j]!;
      values[r * wanted.length + c] = Number.isNaN(value) ? 0 : pair - value;
    }),
  );
  bestAssignment(values, contested.length, wanted.length).forEach((c, r) => {
    const [i, j] = [contested[r]!, wanted[c] ?? -1];
    matched[i] = j >= 0 && !Number.isNaN(cost[i * columns + j]!) ? j : -1;
  });
  return matched;
}
