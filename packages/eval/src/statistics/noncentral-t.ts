/** Power of t-tests by the noncentral t distribution. */
import { normalCdf } from './distributions.js';
import { demand, demandProbability } from './guards.js';
import { studentQuantile } from './student.js';

/**
 * P(T ≤ t) of the noncentral t: the mean of Φ(t·s − noncentrality) over s = √(χ²/degrees). Integrated over log s, where the
 * density is smooth and falls off exponentially on both sides, so that the trapezoidal rule converges geometrically;
 * dividing by the density's own sum needs no gamma function. Within 1e-9 of SciPy. Throws PARAM_RANGE for degrees below 1 or a value that is not finite.
 */
export function noncentralTCdf(t: number, degrees: number, noncentrality: number): number {
  demand(Number.isFinite(t), 't', t, 'a finite number');
  demand(degrees >= 1, 'degrees', degrees, 'at least 1');
  demand(Number.isFinite(noncentrality), 'noncentrality', noncentrality, 'a finite number');
  if (degrees > 1e7) return normalCdf(t - noncentrality);
  const logDensity = (y: number): number => degrees * (y + 0.5 * (1 - Math.exp(2 * y)));
  // Both ends lie where the density is e^−42 of its peak at most.
  let [low, high] = [-1 / Math.sqrt(degrees), 1 / Math.sqrt(degrees)];
  while (logDensity(low) > -42) low *= 1.25;
  while (logDensity(high) > -42) high *= 1.25;
  // The step resolves the density and the edge of Φ, whose width in log s is 1 / |noncentrality| where the edge lies inside.
  const step = Math.min(0.1 / Math.sqrt(degrees), 0.25 / (1 + Math.abs(noncentrality)));
  let [sum, mass] = [0, 0];
  for (let y = low; y <= high; y += step) {
    const density = Math.exp(logDensity(y));
    mass += density;
    sum += density * normalCdf(t * Math.exp(y) - noncentrality);
  }
  return sum / mass;
}

/** Power of a two-sided t-test of size alpha at true mean / standard error = noncentrality. Throws PARAM_RANGE. */
export function twoSidedPower(noncentrality: number, degrees: number, alpha = 0.05): number {
  demandProbability(alpha, 'alpha');
  const critical = studentQuantile(1 - alpha / 2, degrees);
  return noncentralTCdf(-critical, degrees, noncentrality) + noncentralTCdf(-critical, degrees, -noncentrality);
}

/**
 * The difference, in standard errors, that a two-sided t-test of size alpha detects with the given power (by bisection on the
 * noncentral t). Throws PARAM_RANGE.
 */
export function detectableNoncentrality(degrees: number, power = 0.8, alpha = 0.05): number {
  demandProbability(power, 'power');
  demand(power > alpha, 'power', power, `more than alpha, ${alpha}`);
  let [low, high] = [0, 4];
  while (twoSidedPower(high, degrees, alpha) < power) [low, high] = [high, 2 * high];
  for (let i = 0; i < 48 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (twoSidedPower(middle, degrees, alpha) < power) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
