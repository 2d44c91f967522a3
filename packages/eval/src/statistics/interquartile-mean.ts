/** Scores over many tasks and runs: the interquartile mean and its stratified bootstrap (Agarwal et al., NeurIPS 2021). */
import { philox } from '@touchstone/losses/meta';
import { demandCount, demandFinite, demandProbability } from './guards.js';

/** Mean of what is left after the lowest and the highest ⌊n/4⌋ values are cut off, as SciPy's trim_mean(x, .25). Throws PARAM_RANGE for no values, NON_FINITE. */
export function interquartileMean(values: ArrayLike<number>): number {
  demandCount(values.length, 'values.length');
  demandFinite(values, 'values');
  return meanOfMiddle(Float64Array.from(values as ArrayLike<number>).sort());
}

function meanOfMiddle(sorted: Float64Array): number {
  const cut = Math.floor(sorted.length / 4);
  let sum = 0;
  for (let i = cut; i < sorted.length - cut; i++) sum += sorted[i]!;
  return sum / (sorted.length - 2 * cut);
}

/** The p-quantile of ascending values, linear between them (NumPy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

export interface InterquartileEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Ascending. */
  readonly replicates: Float64Array;
}

/**
 * Interquartile mean over all tasks and runs of `scores[task][run]` with the percentile interval of a bootstrap that draws runs with
 * replacement within each task (its strata); tasks are taken as given. The draws depend only on shape and `seed`, so two methods
 * with as many runs are resampled alike. Throws PARAM_RANGE for no task or a task without runs; NON_FINITE.
 */
export function interquartileInterval(
  scores: readonly ArrayLike<number>[],
  options: { readonly replicates?: number; readonly level?: number; readonly seed?: number } = {},
): InterquartileEstimate {
  const { replicates = 2_000, level = 0.95, seed = 0 } = options;
  demandCount(scores.length, 'scores.length');
  demandCount(replicates, 'replicates');
  demandProbability(level, 'level');
  scores.forEach((runs, task) => {
    demandCount(runs.length, `scores[${task}].length`);
    demandFinite(runs, `scores[${task}]`);
  });
  const all = scores.flatMap((runs) => Array.from(runs));
  const rng = philox(seed, 'statistics/interquartile-mean');
  const drawn = new Float64Array(all.length);
  const means = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    let at = 0;
    for (const runs of scores) for (let i = 0; i < runs.length; i++) drawn[at++] = runs[rng.integer(runs.length)]!;
    means[r] = meanOfMiddle(drawn.slice().sort());
  }
  means.sort();
  const [low, high] = [quantileOfSorted(means, (1 - level) / 2), quantileOfSorted(means, (1 + level) / 2)];
  return { mean: interquartileMean(all), low, high, level, replicates: means };
}
