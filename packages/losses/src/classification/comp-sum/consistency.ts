/** How far a small surrogate loss bounds the zero-one loss. Source: Mao, Mohri, Zhong 2023, §4. */
import { LossError } from '../../core/errors.js';
import { TAU_ONE } from './formulas.js';

/**
 * The H-consistency transform T_τ(b) for b in [0, 1] and n ≥ 2 classes: the excess surrogate loss is at least
 * T_τ of the excess zero-one loss. T_0(b) = 1 − √(1−b²); T_τ is linear for τ ≥ 2; n matters for τ > 1 only.
 * Throws DOMAIN outside b, τ ≥ 0 or n.
 */
export function hConsistencyTransform(b: number, tau: number, n: number): number {
  within('b', b, b >= 0 && b <= 1, '[0, 1]');
  within('tau', tau, tau >= 0 && Number.isFinite(tau), '[0, ∞)');
  within('n', n, Number.isInteger(n) && n >= 2, 'a whole number of at least 2');
  if (Math.abs(tau - 1) < TAU_ONE) return (entropyTerm(1 + b) + entropyTerm(1 - b)) / 2;
  if (tau >= 2) return b / ((tau - 1) * n ** (tau - 1));
  // The larger term is taken out, since its power 1/(2−τ) overflows near τ = 2.
  const rest = ((1 - b) / (1 + b)) ** (1 / (2 - tau));
  const mean = (1 + b) * ((1 + rest) / 2) ** (2 - tau);
  return tau < 1 ? (2 ** (1 - tau) / (1 - tau)) * (1 - mean) : (mean - 1) / ((tau - 1) * n ** (tau - 1));
}

const entropyTerm = (x: number) => (x > 0 ? x * Math.log(x) : 0);

function within(field: string, value: number, holds: boolean, allowed: string): void {
  if (!holds)
    throw new LossError('DOMAIN', `${field} must be in ${allowed}, received ${value}`, { field, value, allowed });
}
