/** Derivatives without calculus: central differences, to check the ones that use it. */

/**
 * Gradient of f at x by the fourth-order central difference
 * (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h)) / 12h with h = step · max(1, |x|).
 * Its error is about 1e-11 for a smooth f in float64; across a kink it is meaningless.
 */
export function finiteDifference(f: (x: Float64Array) => number, x: ArrayLike<number>, step = 1e-3): Float64Array {
  const at = Float64Array.from(x);
  const gradient = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) {
    const centre = at[i]!;
    const h = step * Math.max(1, Math.abs(centre));
    const value = (offset: number): number => {
      at[i] = centre + offset * h;
      return f(at);
    };
    gradient[i] = (value(-2) - 8 * value(-1) + 8 * value(1) - value(2)) / (12 * h);
    at[i] = centre;
  }
  return gradient;
}
