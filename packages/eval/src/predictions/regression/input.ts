/** Files of predicted means and standard deviations. */
import { malformed } from '../errors.js';
import type { Matrix } from '../formats/matrix.js';
import { placeOf } from '../formats/matrix.js';

const MEANS = ['mean', 'prediction', 'predicted', 'pred', 'y_pred', 'mu'] as const;
const DEVIATIONS = ['std', 'sigma', 'deviation', 'stddev'] as const;
const TARGETS = ['target', 'label', 'labels', 'y', 'y_true'] as const;
export const IDS = ['id', 'idx', 'name', ''] as const;
/** What is read of a table; other columns may stand beside. */
export const NUMBERS = [...MEANS, ...DEVIATIONS, ...TARGETS, 'split', 'row'] as const;

export interface Gaussian {
  readonly name: string;
  readonly n: number;
  readonly means: Float64Array;
  readonly deviations?: Float64Array;
  readonly ids?: readonly string[];
}

export const column = (matrix: Matrix, at: number): Float64Array =>
  Float64Array.from({ length: matrix.rows }, (_, i) => matrix.values[i * matrix.columns + at]!);

export const columnNamed = (matrix: Matrix, names: readonly string[]): Float64Array | undefined => {
  const at = matrix.header?.findIndex((each) => names.includes(each)) ?? -1;
  return at < 0 ? undefined : column(matrix, at);
};

/** Refuses deviations of 0 and below. Throws FILE_MALFORMED. */
export function checkedDeviations(matrix: Matrix, deviations: Float64Array): Float64Array {
  const bad = deviations.findIndex((value) => value <= 0);
  if (bad >= 0)
    throw malformed(matrix.name, placeOf(matrix, bad), `a standard deviation of ${deviations[bad]}`, 'one above 0');
  return deviations;
}

/** Each id once, where there are ids. Throws FILE_MALFORMED. */
export function idsOf(matrix: Matrix): readonly string[] | undefined {
  const ids = Object.values(matrix.texts)[0];
  const seen = new Set<string>();
  ids?.forEach((id, row) => {
    if (seen.has(id)) throw malformed(matrix.name, placeOf(matrix, row), `id ${id} again`, 'each id once');
    seen.add(id);
  });
  return ids;
}

/**
 * Means and, in a second column, standard deviations: by name where there is a header, else one or two columns in this
 * order. Throws FILE_MALFORMED.
 */
export function gaussianOf(matrix: Matrix): Gaussian {
  const { name, rows, columns, header } = matrix;
  const ids = idsOf(matrix);
  const base = { name, n: rows, ...(ids ? { ids } : {}) };
  const means = header ? columnNamed(matrix, MEANS) : column(matrix, 0);
  if (!means) throw malformed(name, { line: 1 }, `columns ${matrix.allColumns?.join(', ')}`, `one called ${MEANS[0]}`);
  if (!header && columns > 2)
    throw malformed(
      name,
      {},
      `shape (${matrix.shape.join(', ')})`,
      '(n) means or (n, 2) means and standard deviations',
    );
  const deviations = header ? columnNamed(matrix, DEVIATIONS) : columns === 2 ? column(matrix, 1) : undefined;
  return { ...base, means, ...(deviations ? { deviations: checkedDeviations(matrix, deviations) } : {}) };
}

/** The members `mean` and `std` of an archive. Throws FILE_MALFORMED. */
export function gaussianOfMembers(members: ReadonlyMap<string, Matrix>, file: string): Gaussian {
  const pick = (names: readonly string[]): Matrix | undefined => {
    const found = names.map((each) => members.get(each)).find((each) => each !== undefined);
    if (found && found.columns !== 1) throw malformed(found.name, {}, `shape (${found.shape.join(', ')})`, 'shape (n)');
    return found;
  };
  const [means, deviations] = [pick(MEANS), pick(DEVIATIONS)];
  if (!means) throw malformed(file, {}, `members ${[...members.keys()].join(', ')}`, `one called ${MEANS[0]}`);
  if (deviations && deviations.rows !== means.rows)
    throw malformed(deviations.name, {}, `${deviations.rows} values`, `${means.rows}, as the means have`);
  return {
    name: means.name,
    n: means.rows,
    means: column(means, 0),
    ...(deviations ? { deviations: checkedDeviations(deviations, column(deviations, 0)) } : {}),
  };
}

export interface Targets {
  readonly name: string;
  readonly values: Float64Array;
  readonly ids?: readonly string[];
}

/** Targets: a column of that name, or the only one. */
export function targetsOf(matrix: Matrix): Targets | undefined {
  const named = columnNamed(matrix, TARGETS);
  const ids = idsOf(matrix);
  const values = named ?? (matrix.columns === 1 ? column(matrix, 0) : undefined);
  return values ? { name: matrix.name, values, ...(ids ? { ids } : {}) } : undefined;
}

/** Targets that stand beside the predictions, by name only. */
export function targetsBeside(members: ReadonlyMap<string, Matrix>): Targets | undefined {
  const single = members.get('');
  if (single)
    return single.header?.some((each) => (TARGETS as readonly string[]).includes(each)) ? targetsOf(single) : undefined;
  const member = TARGETS.map((each) => members.get(each)).find((each) => each !== undefined);
  return member ? targetsOf(member) : undefined;
}
