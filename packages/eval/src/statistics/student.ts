/** Student's t and the normal distribution. */
import t from '@stdlib/stats-base-dists-t';

/** Quantile of Student's t, 0 < p < 1, degrees of freedom > 0. */
export function studentQuantile(p: number, degrees: number): number {
  return t.quantile(p, degrees);
}

/** P(|T| ≥ |statistic|) for Student's t. */
export function studentTwoSided(statistic: number, degrees: number): number {
  return Math.min(1, 2 * t.cdf(-Math.abs(statistic), degrees));
}

/** P(T ≤ t) for Student's t. */
export function studentCdf(statistic: number, degrees: number): number {
  return t.cdf(statistic, degrees);
}
