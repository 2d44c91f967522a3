/** Quantiles of the largest of many correlated t statistics, by the bootstrap. */
import type { PairTable } from './pairs.js';
import { philoxWords } from './poisson-weights.js';

/** Row-major [k × k]; for j > i: 0 while i and j are not separated, 1 when i is found better, −1 when j is. */
export type Decisions = Int8Array;

/** The studentised bootstrap: [k × replicates] values and, for each entry, its partners j > i by rising spread of the difference. */
export interface Studentised {
  readonly k: number;
  readonly replicates: number;
  /** [replicates × k]: transposed, so that a replicate is contiguous. */
  readonly values: Float64Array;
  readonly partners: Int32Array;
  /** 1 / spread of the pair (i, partner), parallel to `partners`; falls along each row. */
  readonly inverse: Float32Array;
  /** End of each entry's partners. */
  readonly ends: Int32Array;
}

export function studentised({ k, bootstrap, seedNoise, spread }: PairTable): Studentised {
  const replicates = bootstrap.length / k;
  const values = new Float64Array(replicates * k);
  for (let i = 0; i < k; i++) {
    for (let r = 0; r < replicates; r++) values[r * k + i] = bootstrap[i * replicates + r]!;
    if (seedNoise[i]! > 0) addNormals(values, i, k, seedNoise[i]!);
  }
  const partners = new Int32Array(k * k);
  const inverse = new Float32Array(k * k);
  const ends = new Int32Array(k);
  // Sorted as whole numbers: the spread's float32 bits above, the partner's number below.
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const keys = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    let n = 0;
    for (let j = i + 1; j < k; j++) {
      float[0] = spread[i * k + j]!;
      if (float[0] > 0) keys[n++] = bits[0]! * 2 ** 20 + j;
    }
    keys.subarray(0, n).sort();
    for (let m = 0; m < n; m++) {
      const j = keys[m]! % 2 ** 20;
      partners[i * k + m] = j;
      inverse[i * k + m] = 1 / spread[i * k + j]!;
    }
    ends[i] = n;
  }
  return { k, replicates, values, partners, inverse, ends };
}

/** Key words of the noise: the first digits of √2. */
const NOISE_KEY = [0x6a09e667, 0xf3bcc908] as const;

/** Adds independent normals of the given deviation to a column: Box–Muller on the words of its own Philox stream. */
function addNormals(values: Float64Array, column: number, k: number, deviation: number): void {
  const words = new Uint32Array(4);
  const replicates = values.length / k;
  for (let r = 0; r < replicates; r += 4) {
    philoxWords(words, r >>> 2, 0, column, 0, NOISE_KEY);
    for (let half = 0; half < 4; half += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log((words[half]! + 0.5) / 2 ** 32));
      const angle = (2 * Math.PI * words[half + 1]!) / 2 ** 32;
      if (r + half < replicates) values[(r + half) * k + column]! += radius * Math.cos(angle);
      if (r + half + 1 < replicates) values[(r + half + 1) * k + column]! += radius * Math.sin(angle);
    }
  }
}

/**
 * The (1 − alpha) quantile over replicates of the largest studentised value over the hypotheses that stand: for a pair not yet
 * separated both "i is not better" and "j is not better", for a separated one the reverse of what was found. Only the
 * ⌊alpha · replicates⌋ + 1 largest replicates matter: once that many are known, a replicate is searched for values above the smallest
 * of them alone, and an entry whose widest distance cannot reach it against its next partner is left; the result is exact.
 */
export function maxTQuantile(data: Studentised, decisions: Decisions, alpha: number): number {
  const wanted = Math.floor(alpha * data.replicates) + 1;
  const largest: number[] = [];
  for (let r = 0; r < data.replicates; r++) {
    const floor = largest.length < wanted ? 0 : largest[0]!;
    const found = largestAbove(data, decisions, r, floor);
    if (found <= floor && largest.length === wanted) continue;
    const at = largest.findIndex((value) => value > found);
    largest.splice(at < 0 ? largest.length : at, 0, found);
    if (largest.length > wanted) largest.shift();
  }
  return largest[0] ?? 0;
}

/** Largest studentised value of a replicate if above `floor`, else `floor`. */
function largestAbove(data: Studentised, decisions: Decisions, replicate: number, floor: number): number {
  const { k, values, partners, inverse, ends } = data;
  const start = replicate * k;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < k; i++) {
    const value = values[start + i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  let most = floor;
  for (let i = 0; i < k; i++) {
    const value = values[start + i]!;
    const reach = Math.max(high - value, value - low);
    const row = i * k;
    for (let m = row, end = row + ends[i]!; m < end; m++) {
      const scale = inverse[m]!;
      if (reach * scale <= most) break;
      const j = partners[m]!;
      const z = (value - values[start + j]!) * scale;
      if (z > most) {
        if (decisions[row + j]! <= 0) most = z;
      } else if (-z > most && decisions[row + j]! >= 0) most = -z;
    }
  }
  return most;
}
