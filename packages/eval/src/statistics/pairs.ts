/** Every pair of entries of a board: difference, standard error and degrees of freedom, from sketches. */
import type { EntrySketch } from './entry-sketch.js';
import { demandComparable, unitDegrees } from './entry-sketch.js';
import { upperGram } from './gram.js';

/** Row-major [k × k], filled for j > i. */
export interface PairTable {
  readonly k: number;
  /** mean_i − mean_j over its standard error; 0 for two entries whose differences are all 0. */
  readonly t: Float32Array;
  readonly standardError: Float32Array;
  /** 1 / Satterthwaite's degrees of freedom; 0 for a pair without a standard error. */
  readonly inverseDegrees: Float32Array;
  /** Deviation of `bootstrap` differences, with what the seeds add. */
  readonly spread: Float32Array;
  /** [k × replicates] centred deviations of every entry, to which the seeds' noise is still to be added. */
  readonly bootstrap: Float64Array;
  /** Deviation of the noise by which the seeds move each entry. */
  readonly seedNoise: Float64Array;
}

/** Rows minus their own mean. */
function centred(entries: readonly EntrySketch[], width: number): Float64Array {
  const rows = new Float64Array(entries.length * width);
  entries.forEach(({ deviations }, i) => {
    let mean = 0;
    for (let r = 0; r < width; r++) mean += deviations[r]! / width;
    for (let r = 0; r < width; r++) rows[i * width + r] = deviations[r]! - mean;
  });
  return rows;
}

/**
 * Variance over seeds of each entry's score beyond what the seeds do to all entries alike, per entry; with few seeds their
 * correlation between entries cannot be learned, so the bootstrap takes these as independent.
 */
function seedNoise(entries: readonly EntrySketch[]): Float64Array {
  const k = entries.length;
  const seeds = entries[0]!.scores.length;
  const noise = new Float64Array(k);
  if (seeds < 2) return noise;
  const common = new Float64Array(seeds);
  for (const { scores, mean } of entries) for (let s = 0; s < seeds; s++) common[s]! += (scores[s]! - mean) / k;
  entries.forEach(({ scores, mean }, i) => {
    let squares = 0;
    for (let s = 0; s < seeds; s++) squares += (scores[s]! - mean - common[s]!) ** 2;
    noise[i] = Math.sqrt(squares / (seeds - 1) / seeds);
  });
  return noise;
}

/** What seeds, units and their interaction each contribute to Var(mean_i − mean_j), row-major [k × k], j > i. */
interface PairParts {
  readonly seed: Float32Array;
  readonly unit: Float32Array;
  readonly mixed: Float32Array;
  readonly ofSeeds: number;
  readonly ofUnits: number;
  /** Var_unit's correction for Poisson weights, U / (U − 1); 0 where units are not sampled. */
  readonly scale: number;
}

function pairParts(entries: readonly EntrySketch[], bootstrap: Float64Array): PairParts {
  const k = entries.length;
  const { scores, deviations, interaction } = entries[0]!;
  const [seeds, replicates, width] = [scores.length, deviations.length, interaction.length];
  const units = Math.min(...entries.map((entry) => entry.units));
  const sampled = units > 1 && replicates > 1;
  const scale = sampled ? units / (units - 1) : 0;
  const rows = new Float64Array(k * width);
  entries.forEach((entry, i) => rows.set(entry.interaction, i * width));
  const squares = seedSquares(entries);
  const ofSeeds = seeds - 1;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) squares[i * k + j]! *= seeds > 1 ? 1 / (ofSeeds * seeds) : 0;
  }
  return {
    seed: squares,
    unit: distances(bootstrap, k, replicates, sampled ? scale / (replicates - 1) : 0),
    mixed: distances(rows, k, width, width > 0 ? scale / (width * ofSeeds) : 0),
    ofSeeds,
    ofUnits: sampled ? unitDegrees(units, replicates) : 0,
    scale,
  };
}

/** Sum over seeds of the squared differences of every pair, about their mean. */
function seedSquares(entries: readonly EntrySketch[]): Float32Array {
  const k = entries.length;
  const seeds = entries[0]!.scores.length;
  const offsets = new Float64Array(k * seeds);
  entries.forEach(({ scores, mean }, i) => scores.forEach((score, s) => (offsets[i * seeds + s] = score - mean)));
  const squares = new Float32Array(k * k);
  if (seeds === 1) return squares;
  for (let i = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++) {
      let sum = 0;
      for (let s = 0; s < seeds; s++) sum += (offsets[i * seeds + s]! - offsets[j * seeds + s]!) ** 2;
      squares[i * k + j] = sum;
    }
  }
  return squares;
}

/** Below this share of both squared lengths, float32 products leave too few digits of a distance. */
const CANCELLED = 1e-3;

/** |x_i − x_j|² · factor of every pair of rows; zeros where the rows are empty. */
function distances(x: Float64Array, k: number, width: number, factor: number): Float32Array {
  const found = new Float32Array(k * k);
  if (width === 0 || factor === 0) return found;
  const gram = upperGram(x, k, width);
  for (let i = 0; i < k; i++) {
    const own = gram[i * k + i]!;
    for (let at = i * k + i + 1, j = i + 1; j < k; at++, j++) {
      const both = own + gram[j * k + j]!;
      const distance = both - 2 * gram[at]!;
      found[at] = factor * (distance > CANCELLED * both ? distance : exactDistance(x, i * width, j * width, width));
    }
  }
  return found;
}

function exactDistance(x: Float64Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (let r = 0; r < width; r++) sum += (x[a + r]! - x[b + r]!) ** 2;
  return sum;
}

/** Variance and 1/degrees from three parts: `combineParts` without its objects, since a board of 1,000 has 499,500 pairs. */
function combine(
  seed: number,
  unit: number,
  mixed: number,
  { ofSeeds, ofUnits }: PairParts,
  out: { variance: number; inverse: number },
): void {
  const use = (variance: number, inverse: number): void => {
    out.variance = variance;
    out.inverse = inverse;
  };
  if (ofSeeds === 0) return use(unit, ofUnits > 0 ? 1 / ofUnits : 0);
  if (ofUnits === 0) return use(seed, 1 / ofSeeds);
  if (seed <= mixed && unit <= mixed) return use(mixed, 1 / (ofSeeds * ofUnits));
  if (seed <= mixed) return use(unit, 1 / ofUnits);
  if (unit <= mixed) return use(seed, 1 / ofSeeds);
  const variance = seed + unit - mixed;
  const spread = seed ** 2 / ofSeeds + unit ** 2 / ofUnits + mixed ** 2 / (ofSeeds * ofUnits);
  use(variance, Math.min(1 / Math.min(ofSeeds, ofUnits), spread / variance ** 2));
}

/** Pairs that the board's medians are taken over. */
const MEDIAN_PAIRS = 4_096;

/** 1/degrees of the board's median pair: what the whole board says of how much the seeds matter. */
function pooledInverse(parts: PairParts, k: number): number {
  const stride = Math.ceil((k * (k - 1)) / 2 / MEDIAN_PAIRS);
  const median = (values: Float32Array): number => {
    const chosen: number[] = [];
    for (let i = 0, skipped = 0; i < k; i++) {
      let j = i + 1 + skipped;
      for (; j < k; j += stride) chosen.push(values[i * k + j]!);
      skipped = j - k;
    }
    return Float64Array.from(chosen).sort()[chosen.length >>> 1]!;
  };
  const out = { variance: 0, inverse: 0 };
  combine(median(parts.seed), median(parts.unit), median(parts.mixed), parts, out);
  return Number.isFinite(out.inverse) ? out.inverse : 0;
}

/**
 * All pairs of a board. A pair whose few seeds happen to agree has too small a standard error and, by its own estimate, too many
 * degrees of freedom; far out in the tail, where boards of many entries are judged, that would call equal entries different. So no
 * pair has more degrees of freedom than the board's median pair. Throws PARAM_RANGE unless all entries have the same seeds
 * and as many replicates.
 */
export function pairTable(entries: readonly EntrySketch[]): PairTable {
  const k = entries.length;
  const first = entries[0]!;
  entries.forEach((entry, i) => demandComparable(first, entry, `entries[${i}]`));
  const bootstrap = centred(entries, first.deviations.length);
  const parts = pairParts(entries, bootstrap);
  const noise = seedNoise(entries);
  const pooled = pooledInverse(parts, k);
  const sampled = parts.ofSeeds + parts.ofUnits > 0;
  const t = new Float32Array(k * k);
  const standardError = new Float32Array(k * k);
  const inverseDegrees = new Float32Array(k * k);
  const spread = new Float32Array(k * k);
  const out = { variance: 0, inverse: 0 };
  for (let i = 0; i < k; i++) {
    const mean = entries[i]!.mean;
    for (let at = i * k + i + 1, j = i + 1; j < k; at++, j++) {
      combine(parts.seed[at]!, parts.unit[at]!, parts.mixed[at]!, parts, out);
      const gap = mean - entries[j]!.mean;
      const error = Math.sqrt(out.variance);
      standardError[at] = error;
      inverseDegrees[at] = Math.max(out.inverse, pooled);
      // Nothing sampled (one seed, scores only) says nothing; sampled and constant says all.
      const constant = sampled && gap !== 0 ? Math.sign(gap) * Infinity : 0;
      t[at] = error > 0 ? gap / error : constant;
      spread[at] = Math.sqrt(parts.unit[at]! / (parts.scale || 1) + noise[i]! ** 2 + noise[j]! ** 2);
    }
  }
  return { k, t, standardError, inverseDegrees, spread, bootstrap, seedNoise: noise };
}
