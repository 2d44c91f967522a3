/**
 * Bootstrap sketches: what a score does when the test units are drawn again. A run's sketch holds its score under each replicate's
 * Poisson weights as the deviation from the score itself; it is made once, when the run is scored, and stored with it.
 */
import { demand, demandFinite, demandSameLength } from './guards.js';
import type { PoissonWeights } from './poisson-weights.js';
import { seedWeights } from './poisson-weights.js';

export interface RunSketch {
  readonly score: number;
  /** Score of replicate r − score. Float32 as stored: what is lost is 6e-8 of the deviation, not of the score. */
  readonly deviations: Float32Array | Float64Array;
  /** Independent units behind the score; 1 where units were not sampled. */
  readonly units: number;
}

/**
 * Sketch of a score that is the mean of its outcomes; NaN marks a unit that does not count. A replicate in which no unit has
 * weight keeps the score. `testTrainRatio` widens the deviations of folds (Nadeau & Bengio 2003). Throws PARAM_RANGE for another
 * number of outcomes than of units or none that counts, NON_FINITE for infinities.
 */
export function sketchMean(
  outcomes: Float64Array | Float32Array,
  weights: PoissonWeights,
  options: { readonly testTrainRatio?: number } = {},
): RunSketch {
  const { values, replicates, units } = weights;
  demand(outcomes.length === units, 'outcomes.length', outcomes.length, `one a unit, ${units}`);
  const counted = new Float64Array(units);
  const centred = new Float64Array(units);
  let [sum, n] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    const value = outcomes[unit]!;
    if (Number.isNaN(value)) continue;
    demand(Number.isFinite(value), `outcomes[${unit}]`, value, 'a finite number, or NaN', 'NON_FINITE');
    counted[unit] = 1;
    sum += value;
    n++;
  }
  demand(n > 0, 'outcomes', 0, 'at least one unit that counts');
  const score = sum / n;
  for (let unit = 0; unit < units; unit++) centred[unit] = counted[unit] ? outcomes[unit]! - score : 0;
  const deviations = new Float32Array(replicates);
  const widen = Math.sqrt(1 + n * (options.testTrainRatio ?? 0));
  for (let r = 0; r < replicates; r++) {
    let [total, mass] = [0, 0];
    for (let unit = 0, at = r * units; unit < units; unit++, at++) {
      const weight = values[at]!;
      total += weight * centred[unit]!;
      mass += weight * counted[unit]!;
    }
    deviations[r] = mass > 0 ? (widen * total) / mass : 0;
  }
  return { score, deviations, units: Math.min(n, weights.distinct) };
}

/**
 * Sketch of any score of a weighted test set (an area, a correlation, a corpus measure): `scoreOf` is called once without weights
 * and once a replicate with one weight a unit. Replicates without a score (NaN, e.g. no positive example drawn) keep the score.
 * Throws NON_FINITE when the score itself is not finite.
 */
export function sketchMetric(scoreOf: (weights: Uint8Array | null) => number, weights: PoissonWeights): RunSketch {
  const score = scoreOf(null);
  demand(Number.isFinite(score), 'score', score, 'a finite number', 'NON_FINITE');
  const { values, replicates, units, distinct } = weights;
  const deviations = new Float32Array(replicates);
  for (let r = 0; r < replicates; r++) {
    const found = scoreOf(values.subarray(r * units, (r + 1) * units));
    deviations[r] = Number.isFinite(found) ? found - score : 0;
  }
  return { score, deviations, units: distinct };
}

/** Sketch of a run of which only the score is known: units are not sampled. Throws NON_FINITE. */
export function sketchScore(score: number, replicates: number): RunSketch {
  demandFinite([score], 'score');
  return { score, deviations: new Float32Array(replicates), units: 1 };
}

/**
 * Scores of the two-way bootstrap with product weights (Owen & Eckles 2012): replicate r is the mean of the runs' replicates under
 * Poisson weights of the seeds. Its spread counts the interaction of seeds and units three times over and, with S seeds, their
 * variance by (S − 1)/S: `sketchEstimate` corrects both. Throws PARAM_RANGE for unequal runs.
 */
export function productReplicates(runs: ReadonlyMap<number, RunSketch>): Float64Array {
  const seeds = [...runs.keys()].sort((a, b) => a - b);
  demand(seeds.length > 0, 'runs', 0, 'at least one run');
  const sketches = seeds.map((seed) => runs.get(seed)!);
  const replicates = sketches[0]!.deviations.length;
  for (const sketch of sketches) demandSameLength(sketches[0]!.deviations, sketch.deviations, 'deviations');
  const found = new Float64Array(replicates);
  const weights = seedWeights(seeds, replicates);
  for (let r = 0; r < replicates; r++) {
    let [sum, mass] = [0, 0];
    sketches.forEach(({ score, deviations }, s) => {
      const weight = seeds.length === 1 ? 1 : weights[r * seeds.length + s]!;
      sum += weight * (score + deviations[r]!);
      mass += weight;
    });
    found[r] = sum / mass;
  }
  return found;
}

const MAGIC = 0x314b5354;
const HEADER = 24;

/**
 * Stored form, little-endian: "TSK1", replicates (uint32), units (uint32), element bytes (uint32: 4 or 8), score (float64), then
 * the deviations as float32 or float64.
 */
export function encodeSketch(
  { score, deviations, units }: RunSketch,
  format: 'float32' | 'float64' = 'float32',
): Uint8Array {
  const width = format === 'float32' ? 4 : 8;
  const bytes = new Uint8Array(HEADER + deviations.length * width);
  const view = new DataView(bytes.buffer);
  [MAGIC, deviations.length, units, width].forEach((word, i) => view.setUint32(4 * i, word, true));
  view.setFloat64(16, score, true);
  for (let r = 0; r < deviations.length; r++) {
    const at = HEADER + r * width;
    if (width === 4) view.setFloat32(at, deviations[r]!, true);
    else view.setFloat64(at, deviations[r]!, true);
  }
  return bytes;
}

/** Throws FILE_MALFORMED for bytes that are no sketch, NON_FINITE for values that are not finite. */
export function decodeSketch(bytes: Uint8Array): RunSketch {
  const refuse = (holds: boolean, value: unknown, allowed: string): void =>
    demand(holds, 'sketch', value, allowed, 'FILE_MALFORMED');
  refuse(bytes.length >= HEADER, `${bytes.length} bytes`, `at least ${HEADER}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  refuse(view.getUint32(0, true) === MAGIC, 'another start', '"TSK1"');
  const [replicates, units, width] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  refuse(width === 4 || width === 8, `elements of ${width} bytes`, '4 or 8');
  refuse(units > 0, `${units} units`, 'at least 1');
  const length = HEADER + replicates * width;
  refuse(bytes.length === length, `${bytes.length} bytes`, `${length} for ${replicates} replicates`);
  const deviations = width === 4 ? new Float32Array(replicates) : new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    const at = HEADER + r * width;
    deviations[r] = width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  const score = view.getFloat64(16, true);
  demandFinite([score], 'score');
  demandFinite(deviations, 'deviations');
  return { score, deviations, units };
}
