/** Ranks, tie groups and rank intervals of a leaderboard. */
import { pairedDifference } from './summary.js';

export type Direction = 'higher' | 'lower';

/** Position of a mean on the grid of the metric's stated precision; halves go up. */
export function quantise(mean: number, precision: number): number {
  return Math.round(mean / precision);
}

/**
 * Ranks of means by direction after quantisation to `precision`; equal steps share a rank; null means (unranked entries)
 * get none and order last. The result is parallel to the input.
 */
export function rankEntries(
  means: readonly (number | null)[],
  options: { readonly precision: number; readonly direction: Direction },
): (number | null)[] {
  const sign = options.direction === 'higher' ? -1 : 1;
  const steps = means.map((mean) => (mean === null ? null : sign * quantise(mean, options.precision)));
  const sorted = steps.filter((step) => step !== null).sort((a, b) => a - b);
  const first = new Map<number, number>();
  sorted.forEach((step, i) => {
    if (!first.has(step)) first.set(step, i + 1);
  });
  return steps.map((step) => (step === null ? null : first.get(step)!));
}

/** Holm's step-down adjusted p values, parallel to the input (Holm 1979). */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const adjusted = new Array<number>(values.length).fill(1);
  let running = 0;
  order.forEach((index, i) => {
    running = Math.max(running, Math.min(1, (values.length - i) * values[index]!));
    adjusted[index] = running;
  });
  return adjusted;
}

export interface RankInference {
  /** 1 + entries that are significantly better … entries − those that are significantly worse. */
  readonly interval: readonly [number, number];
  /** Consecutive entries none of which is significantly apart from the group's first share a number, from 1. */
  readonly tieGroup: number;
}

/**
 * Rank intervals and tie groups from paired t-tests over seeds between every two entries, Holm-adjusted over all pairs.
 * A pair with fewer than two common seeds is never called different; an entry without scores orders last. Seeds only: other test items are not covered.
 * Entries are scores by seed; the result is parallel to the input.
 */
export function rankInference(
  entries: readonly ReadonlyMap<number, number>[],
  options: { readonly direction: Direction; readonly alpha?: number },
): RankInference[] {
  const { direction, alpha = 0.05 } = options;
  const sign = direction === 'higher' ? 1 : -1;
  const pairs: { a: number; b: number; gain: number; p: number }[] = [];
  for (let a = 0; a < entries.length; a++) {
    for (let b = a + 1; b < entries.length; b++) {
      const difference = pairedDifference(entries[a]!, entries[b]!);
      pairs.push({ a, b, gain: sign * (difference?.mean ?? 0), p: difference?.p ?? 1 });
    }
  }
  const adjusted = holm(pairs.map((pair) => pair.p));
  const better = entries.map(() => new Set<number>());
  const worse = entries.map(() => new Set<number>());
  pairs.forEach(({ a, b, gain }, i) => {
    if (adjusted[i]! > alpha || gain === 0) return;
    const [winner, loser] = gain > 0 ? [a, b] : [b, a];
    better[loser]!.add(winner);
    worse[winner]!.add(loser);
  });
  const mean = (scores: ReadonlyMap<number, number>): number =>
    scores.size === 0 ? -sign * Infinity : [...scores.values()].reduce((sum, value) => sum + value, 0) / scores.size;
  const means = entries.map(mean);
  const ahead = (a: number, b: number): number => (means[a] === means[b] ? a - b : sign * (means[b]! - means[a]!));
  const order = entries.map((_, i) => i).sort(ahead);
  const groups = new Array<number>(entries.length).fill(1);
  let [group, head] = [1, order[0] ?? 0];
  for (const index of order) {
    if (better[index]!.has(head)) [group, head] = [group + 1, index];
    groups[index] = group;
  }
  return entries.map((_, i) => ({
    interval: [1 + better[i]!.size, entries.length - worse[i]!.size],
    tieGroup: groups[i]!,
  }));
}
