/**
 * Distribution functions that the tests need, to 1e-9 of SciPy and better. Most come from @stdlib; three are our own:
 * the normal quantile (the library's loses 7 digits below 1e-11 and gives NaN below 1e-300), survival functions
 * (1 − cdf loses every digit of a small p value) and the studentised range at infinite degrees of freedom
 * (the library's AS 190 is exact to about 1e-8).
 */
import beta from '@stdlib/stats-base-dists-beta';
import binomial from '@stdlib/stats-base-dists-binomial';
import normal from '@stdlib/stats-base-dists-normal';
import { demand, demandCount, demandProbability } from './guards.js';

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** P(Z ≤ x) of the standard normal. */
export function normalCdf(x: number): number {
  return normal.cdf(x, 0, 1);
}

/** Quantile of the standard normal, 0 < p < 1. Throws PARAM_RANGE. */
export function normalQuantile(p: number): number {
  demandProbability(p, 'p');
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p > 1e-5) return normal.quantile(p, 0, 1);
  // Newton's iteration on log Φ from the leading terms of the tail expansion.
  const target = Math.log(p);
  let x = -Math.sqrt(-2 * target - Math.log(-4 * Math.PI * target));
  for (let step = 0; step < 8; step++) {
    const cdf = normalCdf(x);
    const change = (Math.log(cdf) - target) * Math.exp(Math.log(cdf) + (x * x) / 2 + LOG_ROOT_TWO_PI);
    x -= change;
    if (Math.abs(change) < 1e-15 * Math.abs(x)) break;
  }
  return x;
}

/** P(X ≥ x) of the chi-square distribution with whole degrees of freedom. Throws PARAM_RANGE. */
export function chiSquareSurvival(x: number, degrees: number): number {
  demandCount(degrees, 'degrees');
  if (!(x > 0)) return 1;
  // Q(a + 1, y) = Q(a, y) + y^a e^(−y) / Γ(a + 1), from Q(1/2, y) = 2Φ(−√(2y)) or Q(1, y) = e^(−y).
  const y = x / 2;
  const odd = degrees % 2 === 1;
  let survival = odd ? 2 * normalCdf(-Math.sqrt(x)) : Math.exp(-y);
  let logTerm = odd ? -y + 0.5 * Math.log(y) - Math.log(Math.sqrt(Math.PI) / 2) : -y + Math.log(y);
  for (let a = odd ? 0.5 : 1; a < degrees / 2; a++) {
    survival += Math.exp(logTerm);
    logTerm += Math.log(y) - Math.log(a + 1);
  }
  return Math.min(1, survival);
}

/** P(X ≥ x) of Snedecor's F. Throws PARAM_RANGE. */
export function fSurvival(x: number, numerator: number, denominator: number): number {
  demand(numerator > 0, 'numerator', numerator, 'degrees of freedom > 0');
  demand(denominator > 0, 'denominator', denominator, 'degrees of freedom > 0');
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  return beta.cdf(denominator / (denominator + numerator * x), denominator / 2, numerator / 2);
}

/** P(X ≤ successes) of the binomial distribution. */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  return binomial.cdf(successes, trials, probability);
}

/** P(X = successes) of the binomial distribution. */
export function binomialMass(successes: number, trials: number, probability: number): number {
  return binomial.pmf(successes, trials, probability);
}

/**
 * P(Q ≥ q) of the studentised range of k ≥ 2 groups with infinite degrees of freedom, with z the largest of the k:
 * k ∫ φ(z) {Φ(z)^(k − 1) − [Φ(z) − Φ(z − q)]^(k − 1)} dz, whose integrand is never negative, so small p values keep their digits;
 * by the trapezoidal rule, which converges geometrically here. Throws PARAM_RANGE.
 */
export function studentizedRangeSurvival(q: number, groups: number): number {
  demandCount(groups, 'groups', 2);
  if (!(q > 0)) return 1;
  const step = 1 / 32;
  const others = groups - 1;
  let sum = 0;
  for (let z = -9; z <= 9 + q; z += step) {
    const below = normalCdf(z);
    const apart = Math.min(1, normalCdf(z - q) / below);
    const larger = apart === 1 ? 1 : -Math.expm1(others * Math.log1p(-apart));
    sum += Math.exp(others * Math.log(below) - (z * z) / 2 - LOG_ROOT_TWO_PI) * larger;
  }
  return Math.min(1, groups * sum * step);
}
