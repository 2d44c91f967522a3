/**
 * Confidence intervals of ranks (Mogstad, Romano, Shaikh & Wilhelm, Review of Economic Studies 91, 2024): all pairwise differences
 * at once, by a bootstrap of the largest t statistic with step-down (Romano & Wolf 2005).
 */
import { normalCdf, normalQuantile } from './distributions.js';
import type { EntrySketch } from './entry-sketch.js';
import { demandComparable } from './entry-sketch.js';
import { demand, demandProbability } from './guards.js';
import type { Decisions } from './max-t.js';
import { maxTQuantile, studentised } from './max-t.js';
import type { PairTable } from './pairs.js';
import { pairTable } from './pairs.js';
import type { Direction } from './rank.js';
import { studentQuantile } from './student.js';
import { tieGroups } from './tie-groups.js';

export interface RankIntervalOptions {
  readonly direction: Direction;
  /** Probability that any interval of the board misses its true rank; .05 unless given. */
  readonly alpha?: number;
}

export interface RankIntervals {
  /** 1 + number of entries significantly better, parallel to the input. */
  readonly low: Int32Array;
  /** Entries − number significantly worse. */
  readonly high: Int32Array;
  /** Maximal sets of mutually not separable entries, overlapping; indices into the input in rank order, by first member. */
  readonly tieGroups: readonly (readonly number[])[];
  /** 1 when entry a is significantly better than b, −1 when worse, 0 when they are not separable. */
  compare(a: number, b: number): -1 | 0 | 1;
  /** The last step's bound, as a standard normal quantile: a pair is separable when its p value lies beyond. */
  readonly critical: number;
}

/** Every pair takes 45 bytes: 750 MB at this many. */
const MOST_ENTRIES = 4_096;

/** Knots of the table of critical t values over 1/degrees; between knots the chord lies above the curve, which is convex: never too small. */
const KNOTS = 512;
/** Steps at most: each is valid, and later ones add next to nothing. */
const STEPS = 8;

function criticalTable(z: number): Float64Array {
  const tail = normalCdf(-z);
  return Float64Array.from({ length: KNOTS + 1 }, (_, i) => (i === 0 ? z : -studentQuantile(tail, KNOTS / i)));
}

/** One step: separates the pairs beyond the critical value; tells how many were new. */
function step({ k, t, inverseDegrees }: PairTable, decisions: Decisions, z: number): number {
  const critical = criticalTable(z);
  let fresh = 0;
  for (let i = 0; i < k; i++) {
    for (let at = i * k + i + 1, end = (i + 1) * k; at < end; at++) {
      const size = Math.abs(t[at]!);
      if (decisions[at] !== 0 || size <= z) continue;
      const place = inverseDegrees[at]! * KNOTS;
      const knot = Math.min(KNOTS - 1, Math.floor(place));
      if (size <= critical[knot]! + (place - knot) * (critical[knot + 1]! - critical[knot]!)) continue;
      decisions[at] = t[at]! > 0 ? 1 : -1;
      fresh++;
    }
  }
  return fresh;
}

/**
 * Rank intervals of a board, all of which hold at once with probability 1 − alpha. The family is that of all ordered pairs "a is not
 * better than b", so that errors of direction count too. A pair's t has Satterthwaite's degrees of freedom; it is compared at the
 * tail probability of the bootstrap's normal quantile, because five seeds make no normal t. `null` is an entry without a sketch:
 * never separable from any other, last in rank order. Equal inputs give equal results. Throws PARAM_RANGE for entries of
 * different seeds or replicates, or more than 4,096. Time and memory grow with the square of the entries: 1,000 take about .3 s.
 */
export function rankIntervals(entries: readonly (EntrySketch | null)[], options: RankIntervalOptions): RankIntervals {
  const { direction, alpha = 0.05 } = options;
  demandProbability(alpha, 'alpha');
  const n = entries.length;
  const first = entries.find((entry) => entry !== null);
  entries.forEach((entry, i) => first && entry && demandComparable(first, entry, `entries[${i}]`));
  // By mean, so that the order in which a board is asked for changes nothing.
  const known = entries
    .flatMap((entry, index) => (entry ? [{ entry, index }] : []))
    .sort((x, y) => x.entry.mean - y.entry.mean || x.index - y.index);
  demand(known.length <= MOST_ENTRIES, 'entries.length', known.length, `at most ${MOST_ENTRIES} with sketches`);
  const k = known.length;
  const decisions: Decisions = new Int8Array(k * k);
  let critical = 0;
  if (k > 1) {
    const table = pairTable(known.map(({ entry }) => entry));
    const data = studentised(table);
    for (let i = 0; i < STEPS; i++) {
      critical = Math.max(maxTQuantile(data, decisions, alpha), smallestCritical(alpha));
      if (step(table, decisions, critical) === 0) break;
    }
  }
  const sign = direction === 'higher' ? 1 : -1;
  const place = new Int32Array(n).fill(-1);
  known.forEach(({ index }, position) => (place[index] = position));
  const compare = (a: number, b: number): -1 | 0 | 1 => {
    const [x, y] = [place[a]!, place[b]!];
    if (x < 0 || y < 0 || x === y) return 0;
    const found = x < y ? decisions[x * k + y]! : -decisions[y * k + x]!;
    return (sign * found || 0) as -1 | 0 | 1;
  };
  const low = new Int32Array(n).fill(1);
  const high = new Int32Array(n).fill(n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      const better = compare(a, b);
      if (better === 0) continue;
      const [winner, loser] = better > 0 ? [a, b] : [b, a];
      low[loser]!++;
      high[winner]!--;
    }
  }
  const worth = (i: number): number => (entries[i] ? sign * entries[i].mean : -Infinity);
  const order = entries.map((_, i) => i).sort((a, b) => (worth(a) === worth(b) ? a - b : worth(b) - worth(a)));
  const groups = tieGroups(n, (a, b) => compare(order[a]!, order[b]!) !== 0);
  return { low, high, tieGroups: groups.map((group) => group.map((at) => order[at]!)), compare, critical };
}

/** No simultaneous test may be less strict than the test of one pair. */
const smallestCritical = (alpha: number): number => -normalQuantile(alpha / 2);
