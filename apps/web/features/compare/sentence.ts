/** A difference in words. */
import { type Coverage, COVERS } from '../../lib/coverage';
import { formatCount, formatScore, formatSigned } from '../../lib/format';

export interface Compared {
  readonly mean: number;
  readonly p: number | null;
  readonly n: number;
  readonly units: number | null;
  readonly interval: {
    readonly low: number;
    readonly high: number;
    readonly over: Coverage;
    readonly level: number;
  } | null;
  readonly separable: boolean | null;
}

interface Names {
  readonly a: string;
  readonly b: string;
  readonly precision: number;
  readonly direction: 'HIGHER' | 'LOWER';
}

export const formatP = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** Which of the two is better, by how much, and how sure that is. */
export function verdictOf(d: Compared, { a, b, precision, direction }: Names): string {
  const show = (value: number) => formatScore(value, precision);
  const gain = direction === 'HIGHER' ? 1 : -1;
  if (!d.interval) {
    if (d.mean === 0) return `${a} and ${b} score the same; nothing says how sure that is.`;
    return `${gain * d.mean > 0 ? a : b} scores better by ${show(Math.abs(d.mean))}; nothing says how sure that is.`;
  }
  const { low, high, level } = d.interval;
  const p = d.p === null ? '' : `; ${formatP(d.p)}`;
  const confidence = `${Math.round(level * 100)} % interval`;
  if (low <= 0 && high >= 0)
    return `Not separable: the difference is ${formatSigned(d.mean, precision)}, ${confidence} ${formatSigned(low, precision)} to ${formatSigned(high, precision)}, which takes in zero${p}.`;
  const [near, far] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  return `${gain * d.mean > 0 ? a : b} is better by ${show(Math.abs(d.mean))}, ${confidence} ${show(near)} to ${show(far)}${p}.`;
}

/** What the interval takes into account; why there is none. */
export function coverageOf(d: Compared): string {
  const seeds = `${d.n} ${d.n === 1 ? 'seed' : 'seeds'}`;
  const units = d.units === null ? '' : `${formatCount(d.units)} test units`;
  if (!d.interval)
    return `no interval: ${seeds} in common and no per-example outcomes of both, so nothing that was sampled is known twice`;
  const sample = { SEEDS: seeds, EXAMPLES: units, BOTH: `${seeds}, ${units}` }[d.interval.over];
  return `chance ${COVERS[d.interval.over]}, paired: ${sample}`;
}

/** What the board says of the pair when it judges all of its pairs at once; null where it does not. */
export function boardOf(d: Compared): string | null {
  if (d.separable === null) return null;
  if (d.separable) return 'tells them apart, all of its pairs judged at once';
  return d.p !== null && d.p < 0.05
    ? 'does not tell them apart: among all of its pairs, one such difference is no surprise'
    : 'does not tell them apart';
}

/** How many seeds would find a difference of this size; why that cannot be said. */
export function seedsText(seedsToDecide: number | null, d: Compared): string {
  if (seedsToDecide !== null)
    return `${seedsToDecide} would find a difference of this size with 80 % power; ${d.n} are here`;
  if (d.n < 2) return 'not known: one seed does not show how much seeds differ';
  if (d.mean === 0) return 'none: there is no difference to find';
  return 'no number of seeds would do: the test examples alone leave more doubt than this difference';
}
