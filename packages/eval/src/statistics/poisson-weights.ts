/**
 * Poisson(1) weights for bootstraps: a function of the unit's id and the replicate's number alone, so that every entry, run and
 * process draws the same and the difference of two bootstrapped scores is paired. Philox4x32-10 (Salmon et al., SC 2011) with the
 * unit in the upper and the replicate in the lower half of the counter; each of a block's four words serves one replicate.
 */
import { sha256 } from '../core/hash.js';
import { demand, demandCount } from './guards.js';

/** Replicates of a sketch. */
export const REPLICATES = 1_000;

/** Key words of the two kinds of thing that are resampled: the first digits of π and of e. */
const KEYS = { unit: [0x243f6a88, 0x85a308d3], seed: [0xb7e15162, 0x8aed2a6a] } as const;

/** Unit ids: positions 0 … n − 1 (a number n), whole numbers, or names. Equal ids get equal weights. */
export type UnitIds = number | ArrayLike<number> | readonly string[];

/** Row-major [replicates × units] counts. */
export interface PoissonWeights {
  readonly values: Uint8Array;
  readonly replicates: number;
  readonly units: number;
  /** Different ids among the units: what was sampled. */
  readonly distinct: number;
}

/** ⌊P(X ≤ k) · 2³²⌋ of Poisson(1); a 32-bit word below the k-th is a count of at most k. */
const THRESHOLDS = (() => {
  const found: number[] = [];
  let [term, sum] = [Math.exp(-1), 0];
  for (let k = 0; found.at(-1) !== 2 ** 32 - 1; k++) {
    sum += term;
    found.push(Math.min(2 ** 32 - 1, Math.floor(sum * 2 ** 32)));
    term /= k + 1;
  }
  return Float64Array.from(found);
})();

function count(word: number): number {
  let k = 0;
  while (word > THRESHOLDS[k]!) k++;
  return k;
}

/** Upper 32 bits of a 64-bit product, as a signed integer. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65536);
  return (aHigh * bHigh + Math.floor((middle + aLow * bHigh) / 65536)) | 0;
}

/** Philox4x32-10: writes the block of counter (c0 … c3) and key to `out`. */
export function philoxWords(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key: readonly [number, number],
): void {
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high2 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low2 = Math.imul(0xcd9e8d57, c2);
    c0 = high2 ^ c1 ^ k0;
    c1 = low2;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Two 32-bit words for an id: a whole number as it is, a name by SHA-256. */
function idWords(id: number | string, at: number): readonly [number, number] {
  if (typeof id === 'string') {
    const digest = sha256(id);
    // The top bit keeps names apart from numbers.
    return [parseInt(digest.slice(0, 8), 16) | 0, parseInt(digest.slice(8, 16), 16) | 0x80000000];
  }
  demand(Number.isSafeInteger(id) && id >= 0, `ids[${at}]`, id, 'a whole number from 0, or a name');
  return [id | 0, Math.floor(id / 2 ** 32) | 0];
}

const sizeOf = (ids: UnitIds): number => (typeof ids === 'number' ? ids : ids.length);
const idAt = (ids: UnitIds, i: number): number | string => (typeof ids === 'number' ? i : ids[i]!);

/**
 * The table of weights of the given units: [replicates × units] bytes, e.g. 10 MB for 10,000 units. Make it once a board and pass
 * it to every sketch. With `first`, a multiple of 4, the rows are those of replicates first … first + replicates − 1: a table too
 * large for memory is made in blocks. Throws PARAM_RANGE for no units or an id that is neither a name nor a whole number.
 */
export function poissonWeights(ids: UnitIds, replicates = REPLICATES, first = 0): PoissonWeights {
  const units = sizeOf(ids);
  demandCount(units, 'units');
  demandCount(replicates, 'replicates');
  demand(Number.isSafeInteger(first) && first >= 0 && first % 4 === 0, 'first', first, 'a multiple of 4 from 0');
  const values = new Uint8Array(replicates * units);
  // Units of one id have one column, drawn once.
  const columns = new Map<number | string, number>();
  const words = new Uint32Array(4);
  for (let unit = 0; unit < units; unit++) {
    const id = idAt(ids, unit);
    const known = typeof ids === 'number' ? undefined : columns.get(id);
    if (known !== undefined) {
      for (let at = 0; at < values.length; at += units) values[at + unit] = values[at + known]!;
      continue;
    }
    const [low, high] = idWords(id, unit);
    if (typeof ids !== 'number') columns.set(id, unit);
    for (let row = 0; row < replicates; row += 4) {
      philoxWords(words, (first + row) >>> 2, 0, low, high, KEYS.unit);
      for (let lane = 0; lane < Math.min(4, replicates - row); lane++)
        values[(row + lane) * units + unit] = count(words[lane]!);
    }
  }
  return { values, replicates, units, distinct: typeof ids === 'number' ? units : columns.size };
}

/**
 * Weights of seeds, row-major [replicates × seeds]; a row of zeros is drawn again, since a score over no seed does not exist.
 * Throws PARAM_RANGE for a seed that is not a whole number.
 */
export function seedWeights(seeds: readonly number[], replicates = REPLICATES): Uint8Array {
  demandCount(seeds.length, 'seeds.length');
  demandCount(replicates, 'replicates');
  const values = new Uint8Array(replicates * seeds.length);
  const words = new Uint32Array(4);
  for (let r = 0; r < replicates; r++) {
    for (let attempt = 0, total = 0; total === 0; attempt++) {
      seeds.forEach((seed, s) => {
        const [low, high] = idWords(seed, s);
        philoxWords(words, r, attempt, low, high, KEYS.seed);
        values[r * seeds.length + s] = count(words[0]!);
        total += values[r * seeds.length + s]!;
      });
    }
  }
  return values;
}
