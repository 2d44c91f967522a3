/** The box-and-whisker filter of negative similarities. */
import { LossError } from '../../core/errors.js';
import type { Ops, Tensor } from '../../core/ops.js';

/** Positions of the two quartiles among `count` sorted similarities. */
export const quartilePositions = (count: number): readonly [number, number] => [
  Math.floor(0.25 * count),
  Math.floor(0.75 * count),
];

export interface Whiskers {
  /** Scalars; similarities from low to high are kept. */
  readonly low: Tensor;
  readonly high: Tensor;
}

/** q₁ − w(q₃ − q₁) and q₃ + w(q₃ − q₁). */
export function whiskers(ops: Ops, lower: Tensor, upper: Tensor, whisker: number): Whiskers {
  const reach = ops.mul(ops.sub(upper, lower), whisker);
  return { low: ops.sub(lower, reach), high: ops.add(upper, reach) };
}

/**
 * The similarities that lie within `whisker` interquartile ranges of the quartiles, ascending, as the released
 * code sorts them first; of none, none.
 * Throws DOMAIN for a value that is no finite number. Source: released code of Jung et al. 2022.
 */
export function boxWhiskerFilter(similarities: readonly number[], whisker: number): number[] {
  const bad = similarities.find((x) => !Number.isFinite(x));
  if (bad !== undefined)
    throw new LossError('DOMAIN', `similarities must be finite numbers, received ${bad}`, {
      field: 'similarities',
      value: bad,
      allowed: 'finite numbers',
    });
  if (similarities.length === 0) return [];
  const sorted = [...similarities].sort((a, b) => a - b);
  const [lower, upper] = quartilePositions(sorted.length).map((at) => sorted[at]!) as [number, number];
  const reach = (upper - lower) * whisker;
  return sorted.filter((x) => x >= lower - reach && x <= upper + reach);
}
