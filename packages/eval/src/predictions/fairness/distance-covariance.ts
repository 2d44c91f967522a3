/**
 * U-centred distance covariance of predictions and protected attributes, pairwise and joint. Source: Székely and Rizzo 2014;
 * Chakraborty and Zhang 2019 (joint); Lee et al. 2025 (concatenated and joint forms for fairness).
 * Time is quadratic in the examples, memory linear: distances are computed twice and never kept.
 */
import { EvalError } from '../../core/errors.js';

/** Row-major [n, width]. */
export interface Sample {
  readonly values: ArrayLike<number>;
  readonly width: number;
}

/** A sample of one column. */
export const scalars = (values: ArrayLike<number>): Sample => ({ values, width: 1 });

type Progress = (done: number, total: number) => void;

function lengthOf(samples: readonly Sample[]): number {
  const [first, ...others] = samples.map(({ values, width }) => values.length / width);
  const wrong = others.find((each) => each !== first);
  const [found, allowed] =
    wrong !== undefined
      ? [`samples of ${first} and ${wrong}`, 'equal numbers']
      : [String(first), 'at least 4 examples'];
  if (wrong !== undefined || !(first! >= 4) || !Number.isInteger(first))
    throw new EvalError('PARAM_RANGE', `samples: found ${found}, expected ${allowed}`, {
      field: 'samples',
      value: found,
      allowed,
    });
  for (const { values } of samples)
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]!))
        throw new EvalError('NON_FINITE', `samples: element ${i} is ${values[i]}`, {
          field: 'samples',
          value: values[i],
          allowed: 'finite numbers',
        });
  return first!;
}

/** Beyond as many distinct points their distances are computed each time. */
const MOST_DISTINCT = 1024;

/** A sample whose distances are looked up where its points repeat, as those of categories do. */
interface Points extends Sample {
  readonly lookup?: { readonly codes: Int32Array; readonly distinct: number; readonly table: Float64Array };
}

function pointsOf(sample: Sample, n: number): Points {
  const { values, width } = sample;
  if (width === 1) return sample;
  const seen = new Map<string, number>();
  const firsts: number[] = [];
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let key = '';
    for (let k = 0; k < width; k++) key += `${values[i * width + k]!},`;
    let code = seen.get(key);
    if (code === undefined) {
      code = firsts.push(i) - 1;
      if (code === MOST_DISTINCT) return sample;
      seen.set(key, code);
    }
    codes[i] = code;
  }
  const distinct = firsts.length;
  const table = new Float64Array(distinct * distinct);
  firsts.forEach((i, a) => firsts.forEach((j, b) => (table[a * distinct + b] = distance(sample, i, j))));
  return { ...sample, lookup: { codes, distinct, table } };
}

function distance({ values, width, lookup }: Points, i: number, j: number): number {
  if (lookup) return lookup.table[lookup.codes[i]! * lookup.distinct + lookup.codes[j]!]!;
  if (width === 1) return Math.abs(values[i]! - values[j]!);
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = values[i * width + k]! - values[j * width + k]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** Row sums of the distances over n − 2, and the total over (n − 1)(n − 2). */
interface Centring {
  readonly rows: Float64Array;
  readonly grand: number;
}

function centringOf(sample: Points, n: number, progress: (row: number) => void): Centring {
  const rows = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const d = distance(sample, i, j);
      rows[i]! += d;
      rows[j]! += d;
    }
    progress(i);
  }
  const total = rows.reduce((sum, row) => sum + row, 0);
  return { rows: rows.map((row) => row / (n - 2)), grand: total / ((n - 1) * (n - 2)) };
}

/**
 * Σ_{i≠j} of the terms over n(n − 3). `terms` adds to `sums` what each pair contributes, given U_ij of every sample:
 * `(a_i· + a_j·)/(n − 2) − a_ij − a_··/((n − 1)(n − 2))`. Sums are taken by row first, which keeps rounding small.
 */
function meanOverPairs(
  samples: readonly Sample[],
  count: number,
  terms: (centred: Float64Array, sums: Float64Array) => void,
  progress: Progress = () => undefined,
): Float64Array {
  const n = lengthOf(samples);
  const every = (phase: number) => (row: number) => {
    if (row % 64 === 0) progress(phase * n + row, (samples.length + 1) * n);
  };
  const points = samples.map((sample) => pointsOf(sample, n));
  const centrings = points.map((sample, v) => centringOf(sample, n, every(v)));
  const told = every(samples.length);
  const centred = new Float64Array(samples.length);
  const [sums, totals] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 1; i < n; i++) {
    sums.fill(0);
    for (let j = 0; j < i; j++) {
      for (let v = 0; v < samples.length; v++) {
        const { rows, grand } = centrings[v]!;
        centred[v] = rows[i]! + rows[j]! - distance(points[v]!, i, j) - grand;
      }
      terms(centred, sums);
    }
    for (let k = 0; k < count; k++) totals[k]! += sums[k]!;
    told(i);
  }
  return totals.map((total) => (2 * total) / (n * (n - 3)));
}

/** dCov²_U(x, y) = Σ_{i≠j} U^x_ij U^y_ij / (n(n − 3)): unbiased, so it may be negative. Throws PARAM_RANGE below 4 examples, NON_FINITE. */
export const dcov2U = (x: Sample, y: Sample, progress?: Progress): number =>
  meanOverPairs([x, y], 1, (u, sums) => (sums[0]! += u[0]! * u[1]!), progress)[0]!;

export interface Dependence {
  /** dCov²_U(x, y). */
  readonly covariance: number;
  /** dCov²_U(x, y) / √(dCov²_U(x, x) dCov²_U(y, y)), in [−1, 1]; absent where a sample is constant. */
  readonly correlation?: number;
}

/** Both at the cost of one. Throws as dcov2U. */
export function dependence(x: Sample, y: Sample, progress?: Progress): Dependence {
  const add = (u: Float64Array, sums: Float64Array): void => {
    sums[0]! += u[0]! * u[1]!;
    sums[1]! += u[0]! * u[0]!;
    sums[2]! += u[1]! * u[1]!;
  };
  const [covariance, ofX, ofY] = meanOverPairs([x, y], 3, add, progress) as unknown as [number, number, number];
  return { covariance, ...(ofX > 0 && ofY > 0 ? { correlation: covariance / Math.sqrt(ofX * ofY) } : {}) };
}

/** dCov²_U(x, y) / √(dCov²_U(x, x) dCov²_U(y, y)), in [−1, 1]; absent where a sample is constant. Throws as dcov2U. */
export const dcorU = (x: Sample, y: Sample): number | undefined => dependence(x, y).correlation;

/** Attributes side by side, one vector an example. */
export function concatenated(attributes: readonly Sample[]): Sample {
  const n = lengthOf(attributes);
  const width = attributes.reduce((sum, each) => sum + each.width, 0);
  const values = new Float64Array(n * width);
  let from = 0;
  for (const attribute of attributes) {
    for (let i = 0; i < n; i++)
      for (let k = 0; k < attribute.width; k++)
        values[i * width + from + k] = attribute.values[i * attribute.width + k]!;
    from += attribute.width;
  }
  return { values, width };
}

/** CCdCov²: dCov²_U of the prediction and the concatenated attributes (nominal ones one-hot). Throws as dcov2U. */
export const ccdcov2U = (prediction: Sample, attributes: readonly Sample[], progress?: Progress): number =>
  dcov2U(prediction, concatenated(attributes), progress);

/**
 * JdCov² of the prediction and m attributes: Σ_ij Π_v (U^v_ij + c) / (n(n − 3)) − c^(m+1) n/(n − 3), U_ii = 0. It includes the
 * dependence among the attributes, and changes with the scale of each. Throws as dcov2U.
 */
export function jdcov2U(prediction: Sample, attributes: readonly Sample[], c = 1, progress?: Progress): number {
  const samples = [prediction, ...attributes];
  const constant = c ** samples.length;
  // Taking the constant from every term leaves nothing on the diagonal and nothing to subtract at the end.
  const add = (u: Float64Array, sums: Float64Array): void => {
    let product = 1;
    for (let v = 0; v < u.length; v++) product *= u[v]! + c;
    sums[0]! += product - constant;
  };
  return meanOverPairs(samples, 1, add, progress)[0]!;
}

function variance(values: ArrayLike<number>, ddof: number): number {
  let [mean, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += values[i]! / values.length;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum / (values.length - ddof);
}

/** Variance of the group means (each group once) over that of the predictions; absent where that is 0 or too few. */
export function uf(predictions: ArrayLike<number>, groups: ArrayLike<number | string>, ddof = 1): number | undefined {
  const totals = new Map<number | string, { sum: number; count: number }>();
  for (let i = 0; i < predictions.length; i++) {
    const group = totals.get(groups[i]!) ?? { sum: 0, count: 0 };
    group.sum += predictions[i]!;
    group.count++;
    totals.set(groups[i]!, group);
  }
  if (totals.size <= ddof || predictions.length <= ddof) return undefined;
  const all = variance(predictions, ddof);
  const means = [...totals.values()].map(({ sum, count }) => sum / count);
  return all > 0 ? variance(means, ddof) / all : undefined;
}
