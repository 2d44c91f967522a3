/** Means over units, and what protocols share whose scores are none. */
import { EvalError } from '../core/errors.js';
import type { Reweighing } from './types.js';

/** Mean of the values that are not NaN, in index order; NaN where there is none. */
export function countedMean(values: ArrayLike<number>): number {
  let [sum, counted] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    sum += values[i]!;
    counted++;
  }
  return sum / counted;
}

/** The score of every key that is the mean of its outcomes; keys of which no unit counts are left out. */
export function meansOf(outcomes: Readonly<Record<string, ArrayLike<number>>>): Record<string, number> {
  const means = Object.entries(outcomes).map(([key, values]) => [key, countedMean(values)] as const);
  return Object.fromEntries(means.filter(([, mean]) => !Number.isNaN(mean)));
}

/** Scores under weights, one a unit; absent or NaN where they do not exist. */
export type WeightedScores = (weights: Uint8Array) => Readonly<Record<string, number | undefined>>;

/**
 * @param units units that are drawn.
 * @param scores what the report says, which is also the answer without weights; its keys are those that come out.
 * @param prepare does the work that is the same for all weights, once, when weights are first asked for.
 * @returns scores under weights; throws PARAM_RANGE for another number of weights than of units.
 */
export function reweighing(
  units: number,
  scores: Readonly<Record<string, number>>,
  prepare: () => WeightedScores,
): Reweighing {
  const keys = Object.keys(scores);
  let weighted: WeightedScores | undefined;
  return {
    keys,
    units,
    scores(weights) {
      if (weights === null) return { ...scores };
      if (weights.length !== units)
        throw new EvalError('PARAM_RANGE', `weights: found ${weights.length}, expected ${units}, one a unit`, {
          field: 'weights.length',
          value: weights.length,
          allowed: `${units}`,
        });
      weighted ??= prepare();
      const found = weighted(weights);
      return Object.fromEntries(keys.map((key) => [key, found[key] ?? NaN]));
    },
  };
}

/** Several over the same units as one; undefined where none has a key. */
export function joined(parts: readonly (Reweighing | undefined)[]): Reweighing | undefined {
  const given = parts.filter((part) => part !== undefined && part.keys.length > 0) as readonly Reweighing[];
  if (given.length === 0) return undefined;
  return {
    keys: given.flatMap(({ keys }) => keys),
    units: given[0]!.units,
    scores: (weights) => Object.assign({}, ...given.map((part) => part.scores(weights))) as Record<string, number>,
  };
}

export function totalOf(weights: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  return total;
}

/** Σ weight · value over the units, divided by the weight of those whose value is not NaN. */
export function weightedMean(values: ArrayLike<number>, weights: Uint8Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0 || Number.isNaN(values[i]!)) continue;
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  return sum / total;
}
