/** Outcome matrices: one value for every seed and every resampled unit. */
import { demand, demandCount, demandSameLength } from './guards.js';

/** Row-major [seeds × units]: the outcome of each unit (a correct answer, an average precision, a loss …) under each seed. */
export interface OutcomeMatrix {
  readonly values: Float64Array | Float32Array;
  readonly seeds: number;
  readonly units: number;
}

/** What a metric says is sampled. `none`: the score has no parts, so only the seeds are. */
export type ResamplingUnit = 'image' | 'query' | 'sequence' | 'bag' | 'fold' | 'none';

export interface Resampling {
  readonly unit: ResamplingUnit;
  /**
   * Group of each column, any integers: columns that share one are sampled together. For `query`, the class of each query
   * (queries of one class share their gallery); for `sequence`, the sequence of each frame; for `bag`, the bag of each instance.
   */
  readonly groups?: ArrayLike<number>;
  /** For `fold`: test size over training size of one fold (1/9 for ten folds). */
  readonly testTrainRatio?: number;
}

/** Rows of equal length, one a seed, as a matrix. Throws PARAM_RANGE for none or for unequal lengths. */
export function outcomeMatrix(rows: readonly ArrayLike<number>[]): OutcomeMatrix {
  demandCount(rows.length, 'rows.length');
  const units = rows[0]!.length;
  const values = new Float64Array(rows.length * units);
  rows.forEach((row, seed) => {
    demandSameLength(rows[0]!, row, `rows[${seed}]`);
    values.set(row, seed * units);
  });
  return { values, seeds: rows.length, units };
}

/** Throws PARAM_RANGE for a shape that the values do not have, NON_FINITE for infinities and NaN. */
export function demandMatrix({ values, seeds, units }: OutcomeMatrix, field: string): void {
  demandCount(seeds, `${field}.seeds`);
  demandCount(units, `${field}.units`);
  demand(values.length === seeds * units, `${field}.values.length`, values.length, `seeds · units = ${seeds * units}`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!))
      demand(false, `${field}.values[${i}]`, values[i], 'a finite number', 'NON_FINITE');
  }
}

/**
 * The same matrices without the columns in which any of them holds NaN: a unit that does not count for one side of a pair
 * counts for neither. Throws PARAM_RANGE for unequal shapes and where no column is left.
 */
export function withoutMissing(matrices: readonly OutcomeMatrix[]): OutcomeMatrix[] {
  demandCount(matrices.length, 'matrices.length');
  const { units } = matrices[0]!;
  const kept: number[] = [];
  matrices.forEach((matrix, i) => demand(matrix.units === units, `matrices[${i}].units`, matrix.units, `${units}`));
  for (let unit = 0; unit < units; unit++) {
    const missing = matrices.some(({ values, seeds }) => {
      for (let seed = 0; seed < seeds; seed++) if (Number.isNaN(values[seed * units + unit]!)) return true;
      return false;
    });
    if (!missing) kept.push(unit);
  }
  demand(kept.length > 0, 'units', 0, 'at least one unit that counts everywhere');
  if (kept.length === units) return [...matrices];
  return matrices.map(({ values, seeds }) => {
    const dense = new Float64Array(seeds * kept.length);
    for (let seed = 0; seed < seeds; seed++) {
      kept.forEach((unit, i) => (dense[seed * kept.length + i] = values[seed * units + unit]!));
    }
    return { values: dense, seeds, units: kept.length };
  });
}

/** Dense group numbers 0 … count − 1 in the order of first appearance. */
export function denseGroups(groups: ArrayLike<number>): { readonly of: Int32Array; readonly count: number } {
  const known = new Map<number, number>();
  const of = Int32Array.from({ length: groups.length }, (_, i) => {
    const group = groups[i]!;
    if (!known.has(group)) known.set(group, known.size);
    return known.get(group)!;
  });
  return { of, count: known.size };
}

/**
 * One column a group, whose plain mean over groups is the mean over all units and whose spread over groups is that of the ratio
 * estimator Σ outcomes / Σ units (linearised: mean + groups/units · (sum of the group − mean · size of the group), Cochran 1977 §6).
 * Groups of unequal size are so weighted as they count. Throws PARAM_RANGE unless there is one group number a unit.
 */
export function groupUnits(matrix: OutcomeMatrix, groups: ArrayLike<number>): OutcomeMatrix {
  const { values, seeds, units } = matrix;
  demand(groups.length === units, 'groups.length', groups.length, `one a unit, ${units}`);
  const { of, count } = denseGroups(groups);
  const sizes = new Float64Array(count);
  for (const group of of) sizes[group]!++;
  const grouped = new Float64Array(seeds * count);
  for (let seed = 0; seed < seeds; seed++) {
    const row = grouped.subarray(seed * count, (seed + 1) * count);
    let total = 0;
    for (let unit = 0; unit < units; unit++) {
      const value = values[seed * units + unit]!;
      row[of[unit]!]! += value;
      total += value;
    }
    const mean = total / units;
    for (let group = 0; group < count; group++)
      row[group] = mean + (count / units) * (row[group]! - mean * sizes[group]!);
  }
  return { values: grouped, seeds, units: count };
}

/** The mean of every seed as a matrix of one column: what is left where units are not sampled. */
export function seedMeans({ values, seeds, units }: OutcomeMatrix): OutcomeMatrix {
  const means = new Float64Array(seeds);
  for (let seed = 0; seed < seeds; seed++) {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += values[seed * units + unit]!;
    means[seed] = sum / units;
  }
  return { values: means, seeds, units: 1 };
}

/** The matrix whose columns are independent draws under `resampling`. Throws PARAM_RANGE. */
export function resampled(matrix: OutcomeMatrix, { unit, groups }: Resampling): OutcomeMatrix {
  if (unit === 'none') return seedMeans(matrix);
  return groups ? groupUnits(matrix, groups) : matrix;
}
