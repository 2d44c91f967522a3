/** Wilcoxon's signed-rank test, with Pratt's treatment of zeros. */
import { averageRanks } from './average-ranks.js';
import { normalCdf } from './distributions.js';
import { demand, demandCount, demandFinite, demandSameLength } from './guards.js';

export interface SignedRank {
  /** Sums of the ranks of |d| over positive and over negative differences. */
  readonly plus: number;
  readonly minus: number;
  /** The smaller of both: SciPy's two-sided statistic. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
  /** Normal score of `statistic`; null for the exact test. */
  readonly z: number | null;
}

/** Largest n of the exact test, as in SciPy. */
const EXACT = 50;

/** P(W ≤ w) under the null: ways to choose a subset of 1 … n with sum at most w, over 2ⁿ. */
function exactTail(w: number, n: number): number {
  const most = (n * (n + 1)) / 2;
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++) for (let sum = most; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  let total = 0;
  for (let sum = 0; sum <= w; sum++) total += ways[sum]!;
  return total / 2 ** n;
}

/**
 * Two-sided test that the differences a − b are symmetric about 0. Zeros are ranked and then left out (Pratt 1959). Exact for n ≤ 50
 * without zeros and ties, else the normal approximation with tie correction and without continuity correction; `method` asks for one.
 * p is 1 when all differences are 0. Throws PARAM_RANGE for no values, unequal lengths, or the exact test of zeros or ties; NON_FINITE.
 */
export function wilcoxon(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  method: 'auto' | 'exact' | 'normal' = 'auto',
): SignedRank {
  demandSameLength(a, b, 'b');
  demandFinite(a, 'a');
  demandFinite(b, 'b');
  const n = a.length;
  demandCount(n, 'a.length');
  const differences = Float64Array.from({ length: n }, (_, i) => a[i]! - b[i]!);
  const { ranks, tieTerm } = averageRanks(differences.map(Math.abs));
  let [plus, minus, zeros] = [0, 0, 0];
  differences.forEach((difference, i) => {
    if (difference > 0) plus += ranks[i]!;
    else if (difference < 0) minus += ranks[i]!;
    else zeros++;
  });
  const statistic = Math.min(plus, minus);
  const plain = zeros === 0 && tieTerm === 0;
  demand(method !== 'exact' || plain, 'method', method, '"normal" or "auto" for differences with zeros or ties');
  if (zeros === n) return { plus, minus, statistic, p: 1, method: 'normal', z: 0 };
  if (method === 'exact' || (method === 'auto' && plain && n <= EXACT))
    return { plus, minus, statistic, p: Math.min(1, 2 * exactTail(statistic, n)), method: 'exact', z: null };
  // Zeros hold the lowest ranks; their ties are no ties of what is left.
  const mean = (n * (n + 1) - zeros * (zeros + 1)) / 4;
  const squares = n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1);
  const variance = (squares - (tieTerm - (zeros ** 3 - zeros)) / 2) / 24;
  const z = (statistic - mean) / Math.sqrt(variance);
  return { plus, minus, statistic, p: Math.min(1, 2 * normalCdf(-Math.abs(z))), method: 'normal', z };
}
