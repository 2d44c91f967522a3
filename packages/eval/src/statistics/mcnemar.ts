/** McNemar's test of two classifiers on the same examples. */
import { binomialCdf, binomialMass } from './distributions.js';
import { demandCount, demandSameLength } from './guards.js';

export interface McNemar {
  /** Examples that only a gets right, and only b. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Two-sided exact p: 2 · P(X ≤ min | n = onlyA + onlyB, ½), at most 1. */
  readonly exact: number;
  /** Two-sided mid-p: the exact one less P(X = min), which makes it less cautious (Fagerland, Lydersen & Laake 2013). */
  readonly midP: number;
}

/** From the two discordant counts. Throws PARAM_RANGE unless both are whole numbers from 0. */
export function mcnemarCounts(onlyA: number, onlyB: number): McNemar {
  demandCount(onlyA, 'onlyA', 0);
  demandCount(onlyB, 'onlyB', 0);
  const n = onlyA + onlyB;
  const least = Math.min(onlyA, onlyB);
  if (n === 0) return { onlyA, onlyB, exact: 1, midP: 1 };
  const tail = 2 * binomialCdf(least, n, 0.5);
  // With equal counts both tails meet in the middle: mid-p counts the shared point once.
  const midP = onlyA === onlyB ? 1 - binomialMass(least, n, 0.5) : tail - binomialMass(least, n, 0.5);
  return { onlyA, onlyB, exact: Math.min(1, tail), midP };
}

/** From one outcome an example: right where above 0. Throws PARAM_RANGE for unequal lengths. */
export function mcnemar(a: ArrayLike<number>, b: ArrayLike<number>): McNemar {
  demandSameLength(a, b, 'b');
  let [onlyA, onlyB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > 0 && !(b[i]! > 0)) onlyA++;
    if (!(a[i]! > 0) && b[i]! > 0) onlyB++;
  }
  return mcnemarCounts(onlyA, onlyB);
}
