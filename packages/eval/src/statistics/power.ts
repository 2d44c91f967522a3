/** What a board can decide, and how many seeds a pair would need. */
import type { EntrySketch } from './entry-sketch.js';
import { sketchDifference } from './entry-sketch.js';
import { demand, demandCount, demandProbability } from './guards.js';
import { detectableNoncentrality, twoSidedPower } from './noncentral-t.js';
import type { Estimate } from './two-way.js';
import { combineParts } from './two-way.js';

export interface PowerOptions {
  readonly power?: number;
  /** Two-sided size of the test. */
  readonly alpha?: number;
}

/** Power of the paired test of an estimated difference, were it repeated with `seeds` seeds on as many units and the difference true. */
export function powerWithSeeds(difference: Estimate, seeds: number, alpha = 0.05): number {
  demandCount(seeds, 'seeds');
  const { components, units, mean } = difference;
  const { seed, unit, interaction } = components;
  const mixed = interaction ?? 0;
  // Back from components to parts of the variance of the mean: each contains the interaction.
  const combined = combineParts({
    seed: seed === null || seeds < 2 ? null : seed / seeds + mixed / (seeds * units),
    unit: unit === null ? null : unit / units + mixed / (seeds * units),
    interaction: seeds < 2 ? 0 : mixed / (seeds * units),
    seedDegrees: seeds - 1,
    unitDegrees: units - 1,
  });
  demand(combined !== null, 'difference', 'one seed and one unit', 'a difference with a standard error');
  const { variance, degrees } = combined!;
  if (variance === 0) return mean === 0 ? alpha : 1;
  return twoSidedPower(Math.abs(mean) / Math.sqrt(variance), degrees, alpha);
}

/**
 * Fewest seeds with which the paired test finds the estimated difference with the given power, its components of variance and the
 * test units as they are; power by the noncentral t with Satterthwaite's degrees of freedom. Null when no number up to `limit` does:
 * the difference is 0, the test set is too small, or only one seed was run, whose variance nobody knows. Throws PARAM_RANGE.
 */
export function seedsToDecide(
  difference: Estimate,
  options: PowerOptions & { readonly limit?: number } = {},
): number | null {
  const { power = 0.8, alpha = 0.05, limit = 1_000 } = options;
  demandProbability(power, 'power');
  demandProbability(alpha, 'alpha');
  demandCount(limit, 'limit', 2);
  if (difference.mean === 0 || difference.components.seed === null) return null;
  const enough = (seeds: number): boolean => powerWithSeeds(difference, seeds, alpha) >= power;
  if (!enough(limit)) return null;
  let [short, reached] = [1, limit];
  while (reached - short > 1) {
    const middle = (short + reached) >>> 1;
    if (enough(middle)) reached = middle;
    else short = middle;
  }
  return reached;
}

/** Smallest true difference that a paired test of this standard error detects with the given power (noncentral t). Throws PARAM_RANGE. */
export function detectableDifference(standardError: number, degrees: number, options: PowerOptions = {}): number {
  demand(
    standardError >= 0 && Number.isFinite(standardError),
    'standardError',
    standardError,
    'a finite number from 0',
  );
  return standardError * detectableNoncentrality(degrees, options.power, options.alpha);
}

/**
 * Resolution of a board: the smallest difference that its seeds and test units decide, as the median over pairs of neighbours in the
 * order of the scores, which are the pairs that a reader wants to tell apart; a pair of equal rows says nothing. Null for fewer than
 * two entries or where nothing was sampled (one seed, scores only). Throws PARAM_RANGE for entries of different seeds.
 */
export function boardResolution(entries: readonly EntrySketch[], options: PowerOptions = {}): number | null {
  const order = [...entries].sort((a, b) => a.mean - b.mean);
  const detectable = order.slice(1).flatMap((entry, i) => {
    const { standardError, degrees } = sketchDifference(entry, order[i]!);
    return standardError && degrees ? [detectableDifference(standardError, degrees, options)] : [];
  });
  return detectable.sort((a, b) => a - b)[detectable.length >>> 1] ?? null;
}
