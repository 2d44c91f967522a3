/** Certificates of randomised smoothing from class counts. Source: Cohen, Rosenfeld, Kolter 2019, algorithm "Certify". */
import beta from '@stdlib/stats-base-dists-beta';
import normal from '@stdlib/stats-base-dists-normal';
import { EvalError } from '../../core/errors.js';

function inRange(field: string, value: number, fits: boolean, allowed: string): void {
  if (!fits)
    throw new EvalError('PARAM_RANGE', `${field}: found ${value}, expected ${allowed}`, { field, value, allowed });
}

/**
 * Lower end of the one-sided Clopper–Pearson interval: the p at which k or more successes of n have probability alpha;
 * 0 for k = 0. Whole 0 ≤ k ≤ n, n ≥ 1, 0 < alpha < 1. Throws PARAM_RANGE.
 */
export function clopperPearsonLower(k: number, n: number, alpha: number): number {
  inRange('n', n, Number.isInteger(n) && n >= 1, 'a whole number ≥ 1');
  inRange('k', k, Number.isInteger(k) && k >= 0 && k <= n, `a whole number from 0 to ${n}`);
  inRange('alpha', alpha, alpha > 0 && alpha < 1, 'a number in (0, 1)');
  return k === 0 ? 0 : beta.quantile(alpha, k, n - k + 1);
}

/** Upper end, the mirror image: 1 for k = n. */
export const clopperPearsonUpper = (k: number, n: number, alpha: number): number =>
  1 - clopperPearsonLower(n - k, n, alpha);

/**
 * Φ⁻¹(p) of the standard normal distribution within 1e-12, 0 < p < 1. The library's approximation is good to 1e-8 at
 * p = 1e-10 and gives nothing below 1e-17; Newton steps on log Φ, in the lower tail where Φ keeps its digits, mend both.
 */
export function gaussianQuantile(p: number): number {
  inRange('p', p, p > 0 && p < 1, 'a number in (0, 1)');
  if (p > 0.5) return -gaussianQuantile(1 - p);
  const tail = -2 * Math.log(p);
  let x = p < 1e-6 ? -Math.sqrt(tail - Math.log(2 * Math.PI * tail)) : normal.quantile(p, 0, 1);
  for (let step = Infinity, i = 0; i < 8 && Math.abs(step) > 1e-9; i++) {
    const cumulative = normal.cdf(x, 0, 1);
    step = (Math.log(cumulative / p) * cumulative) / normal.pdf(x, 0, 1);
    x -= step;
  }
  return x;
}

export interface Certificate {
  /** −1: abstained. */
  readonly predicted: number;
  /** L2 radius in units of the input; 0 where abstained. */
  readonly radius: number;
}

/**
 * The class with most selection counts (the first of equal ones), certified by its estimation count:
 * radius σ·Φ⁻¹(p), p its Clopper–Pearson lower bound at alpha; abstains where p ≤ ½.
 */
export function certify(
  selection: ArrayLike<number>,
  estimation: ArrayLike<number>,
  { sigma, alpha }: { readonly sigma: number; readonly alpha: number },
): Certificate {
  inRange('sigma', sigma, Number.isFinite(sigma) && sigma > 0, 'a number above 0');
  let top = 0;
  let n = 0;
  for (let c = 0; c < estimation.length; c++) {
    n += estimation[c]!;
    if (selection[c]! > selection[top]!) top = c;
  }
  const p = clopperPearsonLower(estimation[top]!, n, alpha);
  return p > 0.5 ? { predicted: top, radius: sigma * gaussianQuantile(p) } : { predicted: -1, radius: 0 };
}
