/** Bringing predictions and labels together: rows by id where both have ids, else in order; names of classes to positions. */
import { malformed } from '../errors.js';
import type { LabelColumn, Predictions } from './input.js';

interface Named {
  readonly name: string;
  readonly ids?: readonly string[];
}

/** For each row of the predictions, the row of the labels. Throws FILE_MALFORMED for another number or unknown ids. */
export function matchRows(predictions: Named & { readonly n: number }, labels: Named, rows: number): Int32Array {
  if (predictions.n !== rows)
    throw malformed(predictions.name, {}, `${predictions.n} examples`, `${rows}, as the labels of ${labels.name} have`);
  if (!predictions.ids || !labels.ids) return Int32Array.from({ length: rows }, (_, i) => i);
  const positions = new Map(labels.ids.map((id, i) => [id, i]));
  return Int32Array.from(predictions.ids, (id) => {
    const at = positions.get(id);
    if (at === undefined) throw malformed(predictions.name, {}, `id ${id}`, `an id of ${labels.name}`);
    return at;
  });
}

export interface Coded {
  /** Class of each example, by the order of the predictions. */
  readonly labels: Int32Array;
  /** Of bare predicted classes: their positions. */
  readonly predicted?: Int32Array;
  readonly classes: number;
  /** Names of the classes by position, where they have any. */
  readonly names?: readonly string[];
}

/** Bounds the memory that one large class number could ask for. */
const MOST_CLASSES = 100_000;
const WHOLE = /^\d{1,9}(\.0+)?$/;

function wholeLabels(column: LabelColumn, classes: number): Int32Array {
  return Int32Array.from(column.values, (value, row) => {
    const found = WHOLE.test(value) ? Number(value) : -1;
    if (found < 0 || found >= classes)
      throw malformed(column.name, column.place(row), `class ${JSON.stringify(value)}`, `0 … ${classes - 1}`);
    return found;
  });
}

function namedLabels(column: LabelColumn, names: readonly string[]): Int32Array {
  const positions = new Map(names.map((name, i) => [name, i]));
  return Int32Array.from(column.values, (value, row) => {
    const found = positions.get(value);
    if (found === undefined)
      throw malformed(
        column.name,
        column.place(row),
        `class ${JSON.stringify(value)}`,
        `one of ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' …' : ''}`,
      );
    return found;
  });
}

/**
 * Labels as positions among the classes. Names are those of the header; without one, of bare classes, the labels' own in
 * ascending order. Throws FILE_MALFORMED for an unknown class.
 */
export function codeLabels(predictions: Predictions, column: LabelColumn, classes?: number): Coded {
  const rows = matchRows(predictions, column, column.values.length);
  const inOrder = (coded: Int32Array): Int32Array => rows.map((row) => coded[row]!);
  const whole = column.values.every((value) => WHOLE.test(value));
  if (predictions.kind !== 'classes') {
    const width = predictions.classes!;
    const names = predictions.classNames;
    return {
      labels: inOrder(whole || !names ? wholeLabels(column, width) : namedLabels(column, names)),
      classes: width,
      ...(names ? { names } : {}),
    };
  }
  const given: LabelColumn = {
    name: predictions.name,
    values: predictions.predicted!,
    place: (row) => ({ column: `row ${row}` }),
  };
  if (whole) {
    const most = (values: readonly string[]): number =>
      values.reduce((high, value) => Math.max(high, Number(value)), 0);
    const width = classes ?? 1 + Math.max(most(column.values), most(given.values.filter((value) => WHOLE.test(value))));
    if (width > MOST_CLASSES)
      throw malformed(
        predictions.name,
        {},
        `class ${width - 1} among labels or predictions`,
        `at most ${MOST_CLASSES} classes`,
      );
    return { labels: inOrder(wholeLabels(column, width)), predicted: wholeLabels(given, width), classes: width };
  }
  const names = [...new Set(column.values)].sort();
  return {
    labels: inOrder(namedLabels(column, names)),
    predicted: namedLabels(given, names),
    classes: names.length,
    names,
  };
}
