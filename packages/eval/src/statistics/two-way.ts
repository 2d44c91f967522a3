/**
 * Intervals that cover both things sampled, seeds and test units. An outcome is mean + seed + unit + interaction, all random and
 * crossed, so Var(mean) = Var_seed/S + Var_unit/U − Var_interaction/(S·U), with the sample variances of the seed means, the unit means
 * and the residuals (random effects of a two-way layout without replication, Searle, Casella & McCulloch 1992, ch. 4).
 */
import { demand, demandProbability } from './guards.js';
import type { OutcomeMatrix, Resampling } from './outcomes.js';
import { demandMatrix, resampled, withoutMissing } from './outcomes.js';
import { studentQuantile, studentTwoSided } from './student.js';

/** What an interval covers: chance of initialisation and data order, of the test sample, or of both. */
export type Coverage = 'SEEDS' | 'EXAMPLES' | 'BOTH';

/** Variance of one seed, one unit and one residual; a component that was not sampled is null. */
export interface VarianceComponents {
  readonly seed: number | null;
  readonly unit: number | null;
  readonly interaction: number | null;
}

export interface CoveredInterval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly over: Coverage;
}

export interface Estimate {
  readonly mean: number;
  /** Of the mean; null with one seed and one unit. */
  readonly standardError: number | null;
  /** Satterthwaite's; null like the standard error. */
  readonly degrees: number | null;
  readonly interval: CoveredInterval | null;
  readonly components: VarianceComponents;
  readonly seeds: number;
  /** Resampled units: groups where the metric groups. */
  readonly units: number;
}

export interface DifferenceEstimate extends Estimate {
  /** Two-sided; 1 when all differences are 0, 0 when all are the same other value; null without a standard error. */
  readonly p: number | null;
}

export interface EstimateOptions {
  /** Nominal coverage, .95 unless given. */
  readonly level?: number;
  /** What the metric samples; every column unless given. */
  readonly resampling?: Resampling;
}

/** Parts of Var(mean): what the seeds, the units and their interaction each explain, the last counted in both others. */
export interface VarianceParts {
  /** Var_seed / S; null with one seed. */
  readonly seed: number | null;
  /** Var_unit / U; null with one unit. */
  readonly unit: number | null;
  /** Var_interaction / (S·U); 0 unless both are sampled. */
  readonly interaction: number;
  readonly seedDegrees: number;
  readonly unitDegrees: number;
}

/**
 * Variance of the mean and its degrees of freedom by Satterthwaite (1946). A part that is smaller than the interaction which it
 * contains stands for a component estimated below zero, and is taken as zero. Null where nothing was sampled.
 */
export function combineParts(parts: VarianceParts): { variance: number; degrees: number; over: Coverage } | null {
  const { seed, unit, interaction, seedDegrees, unitDegrees } = parts;
  if (seed === null && unit === null) return null;
  if (seed === null) return { variance: unit!, degrees: unitDegrees, over: 'EXAMPLES' };
  if (unit === null) return { variance: seed, degrees: seedDegrees, over: 'SEEDS' };
  const terms: [number, number][] =
    seed <= interaction && unit <= interaction
      ? [[interaction, seedDegrees * unitDegrees]]
      : seed <= interaction
        ? [[unit, unitDegrees]]
        : unit <= interaction
          ? [[seed, seedDegrees]]
          : [
              [seed, seedDegrees],
              [unit, unitDegrees],
              [-interaction, seedDegrees * unitDegrees],
            ];
  const variance = terms.reduce((sum, [term]) => sum + term, 0);
  const spread = terms.reduce((sum, [term, degrees]) => sum + term ** 2 / degrees, 0);
  const degrees = spread > 0 ? Math.max(Math.min(seedDegrees, unitDegrees), variance ** 2 / spread) : seedDegrees;
  return { variance, degrees, over: 'BOTH' };
}

/** Mean, interval and components from the parts of its variance. */
export function estimateFrom(
  mean: number,
  parts: VarianceParts,
  sampled: { readonly seeds: number; readonly units: number },
  level: number,
): Estimate {
  const { seeds, units } = sampled;
  const both = parts.seed !== null && parts.unit !== null;
  const components: VarianceComponents = {
    seed: parts.seed === null ? null : Math.max(0, parts.seed - parts.interaction) * seeds,
    unit: parts.unit === null ? null : Math.max(0, parts.unit - parts.interaction) * units,
    interaction: both ? parts.interaction * seeds * units : null,
  };
  const combined = combineParts(parts);
  if (!combined) return { mean, standardError: null, degrees: null, interval: null, components, seeds, units };
  const { variance, degrees, over } = combined;
  const standardError = Math.sqrt(variance);
  const half = standardError === 0 ? 0 : studentQuantile((1 + level) / 2, degrees) * standardError;
  const interval = { low: mean - half, high: mean + half, level, over };
  return { mean, standardError, degrees, interval, components, seeds, units };
}

/** Two-sided p of `mean` = 0. */
export function pValue({ mean, standardError, degrees }: Estimate): number | null {
  if (standardError === null || degrees === null) return null;
  if (standardError === 0) return mean === 0 ? 1 : 0;
  return studentTwoSided(mean / standardError, degrees);
}

/** Var_unit's factor: 1/U, and for folds 1/U + test/train, since training sets overlap (Nadeau & Bengio 2003, eq. 9). */
function unitShare(units: number, resampling: Resampling | undefined): number {
  if (resampling?.unit !== 'fold') return 1 / units;
  const { testTrainRatio } = resampling;
  demand(
    testTrainRatio !== undefined && testTrainRatio >= 0 && Number.isFinite(testTrainRatio),
    'resampling.testTrainRatio',
    testTrainRatio,
    'test size over training size of one fold',
  );
  return 1 / units + testTrainRatio!;
}

function varianceParts({ values, seeds, units }: OutcomeMatrix, share: number): { mean: number; parts: VarianceParts } {
  const rows = new Float64Array(seeds);
  const columns = new Float64Array(units);
  for (let seed = 0; seed < seeds; seed++) {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) {
      const value = values[seed * units + unit]!;
      sum += value;
      columns[unit]! += value / seeds;
    }
    rows[seed] = sum / units;
  }
  const mean = rows.reduce((sum, value) => sum + value, 0) / seeds;
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  // Equal values whose means differ in the last bits have no variance.
  const settle = (sum: number, terms: number): number => (sum <= terms * (largest * 1e-14) ** 2 ? 0 : sum);
  const squares = (array: Float64Array): number => {
    let sum = 0;
    for (const value of array) sum += (value - mean) ** 2;
    return settle(sum, array.length);
  };
  let residual = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const offset = rows[seed]! - mean;
    for (let unit = 0; unit < units; unit++) residual += (values[seed * units + unit]! - offset - columns[unit]!) ** 2;
  }
  residual = settle(residual, values.length);
  const [seedDegrees, unitDegrees] = [seeds - 1, units - 1];
  return {
    mean,
    parts: {
      seed: seedDegrees > 0 ? squares(rows) / seedDegrees / seeds : null,
      unit: unitDegrees > 0 ? (squares(columns) / unitDegrees) * share : null,
      interaction: seedDegrees * unitDegrees > 0 ? residual / (seedDegrees * unitDegrees) / (seeds * units) : 0,
      seedDegrees,
      unitDegrees,
    },
  };
}

function estimate(matrix: OutcomeMatrix, options: EstimateOptions): Estimate {
  const { level = 0.95, resampling } = options;
  demandProbability(level, 'level');
  const { mean, parts } = varianceParts(matrix, unitShare(matrix.units, resampling));
  return estimateFrom(mean, parts, matrix, level);
}

/**
 * Mean of all outcomes and its interval over seeds and units: `SEEDS` for one unit, `EXAMPLES` for one seed, `BOTH` otherwise, none
 * for a single value. Satterthwaite's degrees of freedom are an approximation that wants seeds: where the seeds matter as much as the
 * test units, simulated 95 % intervals cover 94 % with five seeds, 92 % with three and 87 % with two.
 * Units that hold NaN do not count. Throws PARAM_RANGE for shapes that do not fit, NON_FINITE for infinities.
 */
export function twoWayInterval(matrix: OutcomeMatrix, options: EstimateOptions = {}): Estimate {
  const { resampling = { unit: 'image' } } = options;
  const [dense, groups] = complete([matrix], resampling);
  demandMatrix(dense[0]!, 'matrix');
  return estimate(resampled(dense[0]!, { ...resampling, groups }), options);
}

/**
 * Mean of a − b, paired by seed and unit (rows and columns of both in the same order), its interval and its p value.
 * Units that hold NaN on either side do not count. Throws as twoWayInterval, and PARAM_RANGE for unequal shapes.
 */
export function twoWayDifference(
  a: OutcomeMatrix,
  b: OutcomeMatrix,
  options: EstimateOptions = {},
): DifferenceEstimate {
  demand(a.seeds === b.seeds, 'b.seeds', b.seeds, `${a.seeds}, the seeds of a`);
  demand(a.units === b.units, 'b.units', b.units, `${a.units}, the units of a`);
  const { resampling = { unit: 'image' } } = options;
  const [[left, right], groups] = complete([a, b], resampling);
  demandMatrix(left!, 'a');
  demandMatrix(right!, 'b');
  const values = new Float64Array(left!.values.length);
  for (let i = 0; i < values.length; i++) values[i] = left!.values[i]! - right!.values[i]!;
  const found = estimate(resampled({ ...left!, values }, { ...resampling, groups }), options);
  return { ...found, p: pValue(found) };
}

/** Drops columns with NaN, and their group numbers with them. */
function complete(
  matrices: readonly OutcomeMatrix[],
  { groups }: Resampling,
): [OutcomeMatrix[], ArrayLike<number> | undefined] {
  if (!groups) return [withoutMissing(matrices), undefined];
  const { units } = matrices[0]!;
  demand(groups.length === units, 'groups.length', groups.length, `one a unit, ${units}`);
  const labels: OutcomeMatrix = { values: Float64Array.from(groups), seeds: 1, units };
  const dense = withoutMissing([...matrices, labels]);
  return [dense.slice(0, -1), dense.at(-1)!.values];
}
