/** Checks that the statistics share: what is refused, in one wording. */
import type { EvalErrorCode } from '../core/errors.js';
import { EvalError } from '../core/errors.js';

/** Throws an EvalError that names field, value and what is allowed, unless `holds`. */
export function demand(
  holds: boolean,
  field: string,
  value: unknown,
  allowed: string,
  code: EvalErrorCode = 'PARAM_RANGE',
): void {
  if (holds) return;
  throw new EvalError(code, `${field}: found ${String(value)}, expected ${allowed}`, { field, value, allowed });
}

/** A whole number from `least`; NaN, infinities and fractions are refused. */
export function demandCount(value: number, field: string, least = 1): void {
  demand(Number.isInteger(value) && value >= least, field, value, `a whole number from ${least}`);
}

/** A probability strictly between 0 and 1. */
export function demandProbability(value: number, field: string): void {
  demand(value > 0 && value < 1, field, value, 'a value in (0, 1)');
}

/** Every value finite, else NON_FINITE with the first position. */
export function demandFinite(values: ArrayLike<number>, field: string): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) demand(false, `${field}[${i}]`, value, 'a finite number', 'NON_FINITE');
  }
}

export function demandSameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, field: string): void {
  demand(a.length === b.length, `${field}.length`, b.length, `${a.length}, as many as the other side has`);
}
