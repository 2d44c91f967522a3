/** An entry's sketch: the sketches of its runs put together, with intervals of the entry and of differences of two entries. */
import { demand, demandFinite, demandProbability } from './guards.js';
import type { RunSketch } from './sketch.js';
import type { DifferenceEstimate, Estimate, VarianceParts } from './two-way.js';
import { estimateFrom, pValue } from './two-way.js';

export interface EntrySketch {
  /** Mean of the runs' scores. */
  readonly mean: number;
  /** Ascending. */
  readonly seeds: readonly number[];
  readonly scores: Float64Array;
  readonly units: number;
  /** Deviation of the mean over seeds in each replicate. */
  readonly deviations: Float64Array;
  /** [rows × seeds]: what each seed deviates beyond the mean over seeds, in the first replicates; empty for one seed. */
  readonly interaction: Float64Array;
}

/** Values kept for the interaction, which is a correction: a relative error of √(2/256) in it is enough. */
const INTERACTION_VALUES = 256;

/** Puts the runs of an entry together, by seed. Throws PARAM_RANGE for no run or unequal numbers of replicates. */
export function entrySketch(runs: ReadonlyMap<number, RunSketch>): EntrySketch {
  const seeds = [...runs.keys()].sort((a, b) => a - b);
  demand(seeds.length > 0, 'runs', 0, 'at least one run');
  const sketches = seeds.map((seed) => runs.get(seed)!);
  const scores = Float64Array.from(sketches, (sketch) => sketch.score);
  demandFinite(scores, 'scores');
  const replicates = sketches[0]!.deviations.length;
  const deviations = new Float64Array(replicates);
  for (const { deviations: own } of sketches) {
    demand(own.length === replicates, 'deviations.length', own.length, `${replicates}, as in the other runs`);
    for (let r = 0; r < replicates; r++) deviations[r]! += own[r]! / seeds.length;
  }
  const rows = seeds.length === 1 ? 0 : Math.min(replicates, Math.ceil(INTERACTION_VALUES / seeds.length));
  const interaction = new Float64Array(rows * seeds.length);
  for (let r = 0; r < rows; r++) {
    sketches.forEach((sketch, s) => {
      interaction[r * seeds.length + s] = sketch.deviations[r]! - deviations[r]!;
    });
  }
  const mean = scores.reduce((sum, value) => sum + value, 0) / seeds.length;
  const units = Math.min(...sketches.map((sketch) => sketch.units));
  return { mean, seeds, scores, units, deviations, interaction };
}

/** Throws PARAM_RANGE unless both were made from the same seeds and as many replicates. */
export function demandComparable(a: EntrySketch, b: EntrySketch, field: string): void {
  const seeds = a.seeds.join(', ');
  demand(seeds === b.seeds.join(', '), `${field}.seeds`, b.seeds.join(', '), `${seeds}, as in the other entry`);
  const replicates = a.deviations.length;
  demand(b.deviations.length === replicates, `${field}.deviations.length`, b.deviations.length, `${replicates}`);
}

/** Independent draws in Var_unit's estimate: limited by the units and by the replicates that measured it. */
export function unitDegrees(units: number, replicates: number): number {
  return 1 / (1 / (units - 1) + 1 / (replicates - 1));
}

function partsOf(
  scores: Float64Array,
  deviations: Float64Array,
  interaction: Float64Array,
  units: number,
): VarianceParts {
  const [seeds, replicates] = [scores.length, deviations.length];
  const variance = (values: Float64Array): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  };
  const sampled = units > 1 && replicates > 1;
  // Poisson weights give (U − 1)/U of the variance of a mean.
  const scale = sampled ? units / (units - 1) : 0;
  const rows = interaction.length / seeds;
  const squares = interaction.reduce((sum, value) => sum + value * value, 0);
  return {
    seed: seeds > 1 ? variance(scores) / seeds : null,
    unit: sampled ? variance(deviations) * scale : null,
    interaction: sampled && rows > 0 ? (squares / (rows * (seeds - 1) * seeds)) * scale : 0,
    seedDegrees: seeds - 1,
    unitDegrees: sampled ? unitDegrees(units, replicates) : 0,
  };
}

/**
 * Interval of an entry from its sketch: the two-way variance of `twoWayInterval`, with its parts measured by the bootstrap, so that
 * it holds for scores that do not decompose too. Throws PARAM_RANGE.
 */
export function sketchEstimate(entry: EntrySketch, level = 0.95): Estimate {
  demandProbability(level, 'level');
  const { mean, seeds, scores, units, deviations, interaction } = entry;
  return estimateFrom(mean, partsOf(scores, deviations, interaction, units), { seeds: seeds.length, units }, level);
}

/** a − b, paired by seed and unit. Throws PARAM_RANGE for other seeds or another number of replicates. */
export function sketchDifference(a: EntrySketch, b: EntrySketch, level = 0.95): DifferenceEstimate {
  demandProbability(level, 'level');
  demandComparable(a, b, 'b');
  const minus = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value - y[i]!);
  const units = Math.min(a.units, b.units);
  const parts = partsOf(
    minus(a.scores, b.scores),
    minus(a.deviations, b.deviations),
    minus(a.interaction, b.interaction),
    units,
  );
  const found = estimateFrom(a.mean - b.mean, parts, { seeds: a.seeds.length, units }, level);
  return { ...found, p: pValue(found) };
}
