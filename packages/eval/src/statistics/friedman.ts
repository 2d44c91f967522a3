/** Several methods on several data sets: Friedman's test and Nemenyi's comparison of all pairs (Demšar, JMLR 7, 2006). */
import { averageRanks } from './average-ranks.js';
import { chiSquareSurvival, fSurvival, studentizedRangeSurvival } from './distributions.js';
import { demand, demandCount, demandFinite, demandProbability, demandSameLength } from './guards.js';

export interface Friedman {
  /** Chi-square with tie correction. */
  readonly statistic: number;
  readonly p: number;
  /** Iman and Davenport's F, less cautious than the chi-square; Infinity when every data set gives the same order. */
  readonly f: number;
  readonly fP: number;
  /** Mean rank of each method, 1 for the largest score under `higher`. */
  readonly meanRanks: Float64Array;
}

/**
 * `scores[method][dataset]`, at least three methods and two data sets. Throws PARAM_RANGE for fewer, for unequal lengths and where
 * every score of every data set is tied; NON_FINITE.
 */
export function friedman(scores: readonly ArrayLike<number>[], direction: 'higher' | 'lower' = 'higher'): Friedman {
  const k = scores.length;
  demandCount(k, 'scores.length', 3);
  const n = scores[0]!.length;
  demandCount(n, 'scores[0].length', 2);
  scores.forEach((row, i) => {
    demandSameLength(scores[0]!, row, `scores[${i}]`);
    demandFinite(row, `scores[${i}]`);
  });
  const sign = direction === 'higher' ? -1 : 1;
  const sums = new Float64Array(k);
  let ties = 0;
  for (let dataset = 0; dataset < n; dataset++) {
    const { ranks, tieTerm } = averageRanks(scores.map((row) => sign * row[dataset]!));
    ranks.forEach((rank, method) => (sums[method]! += rank));
    ties += tieTerm;
  }
  const untied = 1 - ties / (k * (k * k - 1) * n);
  demand(untied > 0, 'scores', 'ties only', 'at least one data set on which the methods differ');
  const squares = sums.reduce((sum, value) => sum + value * value, 0);
  const statistic = ((12 / (k * n * (k + 1))) * squares - 3 * n * (k + 1)) / untied;
  const rest = n * (k - 1) - statistic;
  const f = rest > 1e-12 * n * k ? ((n - 1) * statistic) / rest : Infinity;
  return {
    statistic,
    p: chiSquareSurvival(statistic, k - 1),
    f,
    fP: fSurvival(f, k - 1, (k - 1) * (n - 1)),
    meanRanks: sums.map((sum) => sum / n),
  };
}

/**
 * Nemenyi's two-sided p of every pair of methods, row-major [k × k] with 1 on the diagonal, from mean ranks over `datasets` data sets:
 * the studentised range at |R_i − R_j| / √(k(k + 1)/(12 n)). Throws PARAM_RANGE.
 */
export function nemenyi(meanRanks: ArrayLike<number>, datasets: number): Float64Array {
  const k = meanRanks.length;
  demandCount(k, 'meanRanks.length', 2);
  demandCount(datasets, 'datasets');
  demandFinite(meanRanks, 'meanRanks');
  const unit = Math.sqrt((k * (k + 1)) / (12 * datasets));
  const p = new Float64Array(k * k).fill(1);
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) {
      p[i * k + j] = studentizedRangeSurvival(Math.abs(meanRanks[i]! - meanRanks[j]!) / unit, k);
      p[j * k + i] = p[i * k + j]!;
    }
  }
  return p;
}

/** Difference of mean ranks that Nemenyi's test of size alpha needs. Throws PARAM_RANGE. */
export function criticalDifference(methods: number, datasets: number, alpha = 0.05): number {
  demandCount(methods, 'methods', 2);
  demandCount(datasets, 'datasets');
  demandProbability(alpha, 'alpha');
  let [low, high] = [0, 8];
  while (studentizedRangeSurvival(high, methods) > alpha) high *= 2;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentizedRangeSurvival(middle, methods) > alpha) low = middle;
    else high = middle;
  }
  return high * Math.sqrt((methods * (methods + 1)) / (12 * datasets));
}
