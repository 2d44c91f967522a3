/** Measures of the first k of a ranking against a set of relevant items. */
import type { SparseRows } from '../formats/sparse.js';

/** Columns of a row by descending score, equal ones by ascending column, at most `k`; entries of −∞ are left out. */
export function topOfDense(scores: ArrayLike<number>, from: number, columns: number, k: number): number[] {
  const top: number[] = [];
  for (let j = 0; j < columns; j++) {
    const value = scores[from + j]!;
    if (value === -Infinity || (top.length === k && value <= scores[from + top[k - 1]!]!)) continue;
    let at = top.length;
    while (at > 0 && scores[from + top[at - 1]!]! < value) at--;
    top.splice(at, 0, j);
    if (top.length > k) top.pop();
  }
  return top;
}

/** The same of a sparse row: what is not stored is never ranked. */
export function topOfSparse({ offsets, indices, values }: SparseRows, row: number, k: number): number[] {
  const entries: [number, number][] = [];
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) entries.push([indices[at]!, values[at]!]);
  return entries
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, k)
    .map(([column]) => column);
}

const discount = (rank: number): number => 1 / Math.log2(rank + 1);

/** Σ over the hits among the first k of 1/log2(rank + 1), over the same of an ideal ranking; 0 without a relevant item. */
export function ndcgAt(k: number, ranked: readonly number[], relevant: ReadonlySet<number>): number {
  let gained = 0;
  let best = 0;
  for (let i = 0; i < k; i++) {
    if (i < ranked.length && relevant.has(ranked[i]!)) gained += discount(i + 1);
    if (i < relevant.size) best += discount(i + 1);
  }
  return best === 0 ? 0 : gained / best;
}

export function hitsAt(k: number, ranked: readonly number[], relevant: ReadonlySet<number>): number {
  let hits = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++) hits += Number(relevant.has(ranked[i]!));
  return hits;
}

/** Hits over k. */
export const precisionAt = (k: number, ranked: readonly number[], relevant: ReadonlySet<number>): number =>
  hitsAt(k, ranked, relevant) / k;

/** Hits over all relevant items; NaN without one. */
export const recallAt = (k: number, ranked: readonly number[], relevant: ReadonlySet<number>): number =>
  relevant.size === 0 ? NaN : hitsAt(k, ranked, relevant) / relevant.size;

/**
 * 1/p of each label, p = 1/(1 + C·(N_l + B)^−A), C = (log N − 1)(B + 1)^A. Source: Jain, Prabhu, Varma 2016, Eq. 3;
 * A = .55 and B = 1.5 are their values for all but Wikipedia and Amazon.
 */
export function inversePropensities(frequencies: ArrayLike<number>, examples: number, a = 0.55, b = 1.5): Float64Array {
  const c = (Math.log(examples) - 1) * (b + 1) ** a;
  return Float64Array.from(frequencies, (count) => 1 + c * (count + b) ** -a);
}

/** Σ 1/p over the hits of the first k, and the most that any ranking could have: their totals' ratio is PSP@k. */
export function propensityScoredAt(
  k: number,
  ranked: readonly number[],
  relevant: ReadonlySet<number>,
  inverse: Float64Array,
): { gained: number; best: number } {
  let gained = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++) if (relevant.has(ranked[i]!)) gained += inverse[ranked[i]!]!;
  const ideal = [...relevant].map((label) => inverse[label]!).sort((x, y) => y - x);
  return { gained: gained / k, best: ideal.slice(0, k).reduce((total, value) => total + value, 0) / k };
}
