/** What classifiers hand in (probabilities, logits or classes) and what they are judged by (classes or distributions). */
import { malformed } from '../errors.js';
import type { Matrix } from '../formats/matrix.js';
import { placeOf, readMatrices } from '../formats/matrix.js';
import type { InputFile } from '../input.js';

const IDS = ['id', 'idx', 'index', 'image', 'image_id', 'name', ''] as const;
const LABELS = ['label', 'labels', 'y_true', 'target', 'targets', 'y'] as const;
const CLASSES = ['prediction', 'predicted', 'pred', 'y_pred'] as const;
const PROBABILITIES = ['probabilities', 'probs', 'softmax'] as const;
const LOGITS = ['logits'] as const;
/** Names that leave it to the rule. */
const SCORES = ['scores', 'y_score', 'outputs', 'predictions'] as const;
const SUM_TOLERANCE = 1e-3;

export interface Predictions {
  readonly name: string;
  readonly n: number;
  /** Number of classes; of bare predicted classes, absent. */
  readonly classes?: number;
  /** `classes`: only the predicted class of each example is known. */
  readonly kind: 'probabilities' | 'logits' | 'classes';
  /** Row-major [n, classes], as handed in: what classes are ranked by. */
  readonly scores?: Float64Array;
  /** Row-major [n, classes]. */
  readonly probabilities?: Float64Array;
  /** Predicted classes where the kind is `classes`. */
  readonly predicted?: readonly string[];
  readonly ids?: readonly string[];
  readonly classNames?: readonly string[];
  /** Labels that came in the same file. */
  readonly labels?: LabelColumn;
  readonly warnings: readonly string[];
}

export interface LabelColumn {
  readonly name: string;
  readonly values: readonly string[];
  readonly ids?: readonly string[];
  readonly place: (row: number) => { line: number } | { column: string };
}

/** Human or other label distributions, row-major [n, classes]. */
export interface SoftLabels {
  readonly name: string;
  readonly n: number;
  readonly classes: number;
  readonly values: Float64Array;
  readonly ids?: readonly string[];
}

const among = (names: readonly string[], known: Iterable<string>): string | undefined => {
  const present = new Set(known);
  return names.find((each) => present.has(each));
};

function unique(ids: readonly string[], matrix: Matrix): readonly string[] {
  const seen = new Map<string, number>();
  ids.forEach((id, row) => {
    if (seen.has(id)) throw malformed(matrix.name, placeOf(matrix, row), `id ${id} again`, 'each id once');
    seen.set(id, row);
  });
  return ids;
}

const idsOf = (matrix: Matrix): readonly string[] | undefined => {
  const column = among(IDS, Object.keys(matrix.texts));
  return column === undefined ? undefined : unique(matrix.texts[column]!, matrix);
};

const columnOf = (matrix: Matrix, column: string | undefined): LabelColumn | undefined =>
  column === undefined ? undefined : labelColumn(matrix, matrix.texts[column]!);

function labelColumn(matrix: Matrix, values: readonly string[]): LabelColumn {
  const ids = idsOf(matrix);
  return { name: matrix.name, values, place: (row) => placeOf(matrix, row), ...(ids ? { ids } : {}) };
}

/** Rows in [0, 1] that sum to 1 ± 1e-3 throughout. */
function areProbabilities({ values, rows, columns }: Matrix): boolean {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const value = values[i * columns + c]!;
      if (value < 0 || value > 1) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}

/** Softmax of each row in float64, its largest value subtracted first. */
export function softmaxRows(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    let largest = -Infinity;
    for (let c = 0; c < columns; c++) largest = Math.max(largest, values[i * columns + c]!);
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += out[i * columns + c] = Math.exp(values[i * columns + c]! - largest);
    for (let c = 0; c < columns; c++) out[i * columns + c]! /= sum;
  }
  return out;
}

const plain = (n: number, name: string) => ({ name, n, warnings: [] as readonly string[] });

/** One column: whole numbers are classes, other values in [0, 1] the probability of class 1 of two. */
function fromColumn(matrix: Matrix, named: boolean): Predictions {
  const { values, rows, name } = matrix;
  if (!named && values.every(Number.isInteger))
    return { ...plain(rows, name), kind: 'classes', predicted: Array.from(values, String) };
  const bad = values.findIndex((value: number) => value < 0 || value > 1);
  if (bad >= 0)
    throw malformed(name, placeOf(matrix, bad), String(values[bad]), 'classes, or probabilities of class 1 in [0, 1]');
  const both = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) both.set([1 - values[i]!, values[i]!], 2 * i);
  return { ...plain(rows, name), kind: 'probabilities', classes: 2, scores: both, probabilities: both };
}

function fromMatrix(matrix: Matrix, stated: 'probabilities' | 'logits' | undefined): Predictions {
  const { values, rows, columns, name } = matrix;
  if (columns === 1 && stated !== 'logits') return fromColumn(matrix, stated !== undefined);
  if (columns < 2) throw malformed(name, {}, `${columns} classes`, 'two at least');
  const scores = values instanceof Float64Array ? values : Float64Array.from(values);
  const fit = areProbabilities(matrix);
  if (stated === 'probabilities' && !fit)
    throw malformed(name, {}, 'values under the name of probabilities that are none', 'rows in [0, 1] that sum to 1');
  const base = { ...plain(rows, name), classes: columns, scores };
  if (fit && stated !== 'logits') return { ...base, kind: 'probabilities', probabilities: scores };
  const unit = values.every((value: number) => value >= 0 && value <= 1);
  return {
    ...base,
    kind: 'logits',
    probabilities: softmaxRows(scores, rows, columns),
    warnings:
      unit && stated === undefined
        ? [`${name}: every value lies in [0, 1] but not every row sums to 1 ± ${SUM_TOLERANCE}; read as logits`]
        : [],
  };
}

/** Reads `.npy`, `.npz`, CSV, TSV. Throws FILE_MALFORMED naming the member, line or row, FILE_TOO_LARGE. */
export async function readPredictions(file: InputFile): Promise<Predictions> {
  const matrices = await readMatrices(file, [...IDS, ...LABELS, ...CLASSES]);
  const single = matrices.get('');
  if (!single) return fromMembers(matrices, file.name);
  if (single.rows === 0) throw malformed(single.name, {}, 'no example', 'one at least');
  const ids = idsOf(single);
  const labels = columnOf(single, among(LABELS, Object.keys(single.texts)));
  const column = among(CLASSES, Object.keys(single.texts));
  const extra = { ...(ids ? { ids } : {}), ...(labels ? { labels } : {}) };
  if (column !== undefined && single.columns === 0)
    return { ...plain(single.rows, single.name), kind: 'classes', predicted: single.texts[column]!, ...extra };
  if (single.columns === 0)
    throw malformed(single.name, { line: 1 }, 'no column of numbers', `one a class, or one called ${CLASSES[0]}`);
  const named = single.header && !single.header.every((each) => /^\d+$/.test(each));
  if (single.header && !named) inOrder(single, single.header);
  return { ...fromMatrix(single, undefined), ...extra, ...(named ? { classNames: single.header! } : {}) };
}

function inOrder(matrix: Matrix, header: readonly string[]): void {
  const bad = header.findIndex((each, i) => Number(each) !== i);
  if (bad >= 0) throw malformed(matrix.name, { line: 1 }, `column ${header[bad]}`, `column ${bad}: classes in order`);
}

function fromMembers(matrices: ReadonlyMap<string, Matrix>, name: string): Predictions {
  const keys = [...matrices.keys()];
  const labelKey = among(LABELS, keys);
  const [probabilities, logits, classes] = [among(PROBABILITIES, keys), among(LOGITS, keys), among(CLASSES, keys)];
  const rest = keys.filter((key) => key !== labelKey && !(IDS as readonly string[]).includes(key));
  const key = probabilities ?? logits ?? among(SCORES, keys) ?? classes ?? (rest.length === 1 ? rest[0] : undefined);
  if (key === undefined)
    throw malformed(name, {}, `members ${keys.join(', ') || 'none'}`, `one called ${PROBABILITIES[0]} or ${LOGITS[0]}`);
  const matrix = matrices.get(key)!;
  if (matrix.rows === 0) throw malformed(matrix.name, {}, 'no example', 'one at least');
  const stated = key === probabilities ? 'probabilities' : key === logits ? 'logits' : undefined;
  const labels = labelKey === undefined ? undefined : hardOf(matrices.get(labelKey)!);
  return { ...fromMatrix(matrix, stated), ...(labels ? { labels } : {}) };
}

function hardOf(matrix: Matrix): LabelColumn {
  if (matrix.columns !== 1) throw malformed(matrix.name, {}, `shape (${matrix.shape.join(', ')})`, 'shape (n)');
  return labelColumn(matrix, Array.from(matrix.values, String));
}

/**
 * A file of labels: one class an example, or a distribution (or counts of votes) over classes an example.
 * Throws FILE_MALFORMED.
 */
export async function readLabels(file: InputFile): Promise<LabelColumn | SoftLabels> {
  const matrices = await readMatrices(file, [...IDS, ...LABELS]);
  const keys = [...matrices.keys()];
  const key = among(LABELS, keys) ?? (keys.length === 1 ? keys[0]! : undefined);
  if (key === undefined) throw malformed(file.name, {}, `members ${keys.join(', ')}`, `one called ${LABELS[0]}`);
  const matrix = matrices.get(key)!;
  const named = columnOf(matrix, among(LABELS, Object.keys(matrix.texts)));
  if (named) return named;
  const several = matrix.header?.filter((column) => /_label\d?$/.test(column));
  if (several?.length)
    throw malformed(matrix.name, { line: 1 }, `columns ${several.join(', ')}`, `one column called ${LABELS[0]}`);
  return matrix.columns === 1 ? hardOf(matrix) : softOf(matrix);
}

/** Rows divided by their sums. Throws FILE_MALFORMED for a negative value and for a row of zeros. */
function softOf(matrix: Matrix): SoftLabels {
  const { name, rows, columns, values } = matrix;
  const out = new Float64Array(rows * columns);
  const fit = areProbabilities(matrix);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const value = values[i * columns + c]!;
      if (value < 0 || (!fit && !Number.isInteger(value)))
        throw malformed(name, placeOf(matrix, i), String(value), 'label distributions that sum to 1, or counts');
      sum += value;
    }
    if (sum === 0) throw malformed(name, placeOf(matrix, i), 'a row of zeros', 'one vote at least');
    for (let c = 0; c < columns; c++) out[i * columns + c] = values[i * columns + c]! / (fit ? 1 : sum);
  }
  const ids = idsOf(matrix);
  return { name, n: rows, classes: columns, values: out, ...(ids ? { ids } : {}) };
}

export const isSoft = (labels: LabelColumn | SoftLabels): labels is SoftLabels => 'classes' in labels;
