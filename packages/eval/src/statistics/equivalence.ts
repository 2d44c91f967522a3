/** Showing that two entries are equal for practical purposes. */
import { demand } from './guards.js';
import { studentCdf } from './student.js';
import type { Estimate } from './two-way.js';

export interface Equivalence {
  /** p of "the difference is at most −margin" and of "at least +margin". */
  readonly pLower: number;
  readonly pUpper: number;
  /** The larger of both: at most alpha means that |difference| < margin is shown. */
  readonly p: number;
}

/**
 * Two one-sided t-tests (Schuirmann 1987) of |difference| < margin, on an estimated difference. Not being separable is no proof of
 * being equal; this is. Throws PARAM_RANGE for a margin that is not above 0 or a difference without a standard error.
 */
export function equivalence(difference: Estimate, margin: number): Equivalence {
  demand(margin > 0 && Number.isFinite(margin), 'margin', margin, 'a finite number above 0');
  const { mean, standardError, degrees } = difference;
  demand(standardError !== null, 'difference.standardError', standardError, 'at least two seeds or two units');
  const tail = (distance: number): number => {
    if (standardError === 0) return distance > 0 ? 0 : 1;
    return studentCdf(-distance / standardError!, degrees!);
  };
  const [pLower, pUpper] = [tail(mean + margin), tail(margin - mean)];
  return { pLower, pUpper, p: Math.max(pLower, pUpper) };
}
