/** Mean, deviation and interval over seeds. */
import { EvalError } from '../core/errors.js';
import { studentQuantile, studentTwoSided } from './student.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Nominal coverage, e.g. .95. */
  readonly level: number;
  /** What was resampled: only the seeds, so the interval says nothing of other test items. */
  readonly over: 'SEEDS';
}

export interface Summary {
  readonly mean: number;
  /** Sample deviation (n − 1); null for one value. */
  readonly deviation: number | null;
  readonly n: number;
  /** mean ± t(n − 1)·deviation/√n; null for one value. */
  readonly interval: Interval | null;
}

function checked(values: readonly number[], field: string): void {
  if (values.length === 0) {
    throw new EvalError('PARAM_RANGE', `${field}: found no values, expected at least one`, {
      field,
      value: 0,
      allowed: 'at least one value',
    });
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const value = values[at];
    throw new EvalError('NON_FINITE', `${field}[${at}] is ${value}`, {
      field: `${field}[${at}]`,
      value,
      allowed: 'a finite number',
    });
  }
}

function moments(values: readonly number[]): { mean: number; deviation: number | null } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (n - 1)) };
}

/**
 * Summary of one score over seeds, added up in the order given (callers pass seed order, so equal inputs give equal bits).
 * Throws PARAM_RANGE for no values and NON_FINITE for a value that is not finite.
 */
export function summarise(values: readonly number[], level = 0.95): Summary {
  checked(values, 'values');
  const n = values.length;
  const { mean, deviation } = moments(values);
  if (deviation === null) return { mean, deviation, n, interval: null };
  const half = (studentQuantile((1 + level) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, n, interval: { low: mean - half, high: mean + half, level, over: 'SEEDS' } };
}

export interface PairedDifference {
  /** Mean of a − b over the common seeds. */
  readonly mean: number;
  /** 95 % interval by Student's t; null for one common seed. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  /** Two-sided p of the paired t-test; null for one common seed; 1 when all differences are 0, 0 when all are the same other value. */
  readonly p: number | null;
  readonly over: 'SEEDS';
  /** Common seeds in ascending order. */
  readonly seeds: readonly {
    readonly seed: number;
    readonly a: number;
    readonly b: number;
    readonly difference: number;
  }[];
}

/** a − b over the seeds that both have; null without a common seed. Throws NON_FINITE. */
export function pairedDifference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  level = 0.95,
): PairedDifference | null {
  const seeds = [...a.keys()]
    .filter((seed) => b.has(seed))
    .sort((x, y) => x - y)
    .map((seed) => ({ seed, a: a.get(seed)!, b: b.get(seed)!, difference: a.get(seed)! - b.get(seed)! }));
  if (seeds.length === 0) return null;
  const summary = summarise(
    seeds.map((pair) => pair.difference),
    level,
  );
  const { mean, deviation, n, interval } = summary;
  const p =
    deviation === null
      ? null
      : deviation === 0
        ? mean === 0
          ? 1
          : 0
        : studentTwoSided((mean * Math.sqrt(n)) / deviation, n - 1);
  return { mean, low: interval?.low ?? null, high: interval?.high ?? null, n, p, over: 'SEEDS', seeds };
}
