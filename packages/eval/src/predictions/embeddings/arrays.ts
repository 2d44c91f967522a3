/** Arrays of prediction files as matrices of embeddings, labels and other whole numbers, checked. */
import { malformed } from '../errors.js';
import type { NpyArray } from '../formats/npy.js';
import { parseNpy, parseNpz } from '../formats/npy.js';
import { decodeText, parseLines, parseTable } from '../formats/table.js';
import type { InputFile } from '../input.js';
import type { Embeddings } from './engine.js';

/** Arrays of one file by name; where the file is a single `.npy`, under the name `wanted` for it. */
export interface NamedArrays {
  readonly file: string;
  readonly arrays: ReadonlyMap<string, NpyArray>;
}

/** A `.npz` or a `.npy`. Throws FILE_MALFORMED for anything else. */
export async function readArrays(file: InputFile, wanted: string): Promise<NamedArrays> {
  const content = await file.read();
  if (/\.npz$/i.test(file.name)) return { file: file.name, arrays: await parseNpz(content, file.name) };
  if (/\.npy$/i.test(file.name)) return { file: file.name, arrays: new Map([[wanted, parseNpy(content, file.name)]]) };
  throw malformed(file.name, {}, 'another kind of file', '.npz or .npy');
}

/** The array of that name. Throws FILE_MALFORMED listing what is there. */
export function arrayOf({ file, arrays }: NamedArrays, name: string): NpyArray {
  const found = arrays.get(name);
  if (!found) throw malformed(file, {}, `arrays ${[...arrays.keys()].join(', ') || 'none'}`, `one called ${name}`);
  return found;
}

/** A matrix [n, width], neither 0, all finite as float32. Throws FILE_MALFORMED. */
export function matrixOf(named: NamedArrays, name: string): Embeddings {
  const { shape, data } = arrayOf(named, name);
  const where = `${named.file}: ${name}`;
  const [n, width] = shape;
  if (shape.length !== 2 || !n || !width)
    throw malformed(where, {}, `shape (${shape.join(', ')})`, '(rows, dimensions), neither of them 0');
  // Beyond this float32 has only Infinity, and squares of a row must not overflow float64.
  const bad = data.findIndex((value: number) => !Number.isFinite(Math.fround(value)));
  if (bad >= 0)
    throw malformed(
      where,
      {},
      `${data[bad]} in row ${Math.floor(bad / width)}, column ${bad % width}`,
      'finite float32',
    );
  return { n, width, data };
}

/** `n` whole numbers. Throws FILE_MALFORMED. */
export function wholesOf(
  named: NamedArrays,
  name: string,
  n: number,
  low = -Number.MAX_SAFE_INTEGER,
  high = Number.MAX_SAFE_INTEGER,
): readonly number[] {
  const { shape, data } = arrayOf(named, name);
  const where = `${named.file}: ${name}`;
  if (data.length !== n || shape.filter((extent) => extent !== 1).length > 1)
    throw malformed(where, {}, `shape (${shape.join(', ')})`, `(${n},)`);
  const bad = data.findIndex((value: number) => !Number.isSafeInteger(value) || value < low || value > high);
  if (bad >= 0) {
    const bounds =
      low > -Number.MAX_SAFE_INTEGER ? ` from ${low}${high < Number.MAX_SAFE_INTEGER ? ` to ${high}` : ''}` : '';
    throw malformed(where, {}, `${data[bad]} at element ${bad}`, `whole numbers${bounds}`);
  }
  return Array.from(data);
}

/**
 * Labels of a text file: the column of that name in a CSV or TSV with a header, or one label a line. Numbers and names
 * alike are told apart by their text. Throws FILE_MALFORMED.
 */
export async function readTextColumn(file: InputFile, column: string): Promise<string[]> {
  const content = await file.read();
  const first = decodeText(content, file.name)
    .split(/\r?\n/, 1)[0]!
    .replace(/^\ufeff/, '');
  const table = /[,\t]/.test(first) || first.trim() === column;
  const rows = table
    ? parseTable(content, file.name, [column]).map(({ line, values }) => ({ line, text: values[column]! }))
    : parseLines(content, file.name);
  return rows.map(({ line, text }) => {
    if (text.trim() === '') throw malformed(file.name, { line }, 'an empty label', 'one label a line');
    return text.trim();
  });
}

/** Class numbers 0 … classes − 1 of several lists of labels, numbered together in the order in which they appear. */
export function numberClasses(...lists: readonly (readonly (number | string)[])[]): {
  readonly classes: number;
  readonly numbered: readonly Int32Array[];
} {
  const numbers = new Map<number | string, number>();
  const numbered = lists.map((labels) =>
    Int32Array.from(labels as readonly unknown[], (label) => {
      const known = numbers.get(label as number | string) ?? numbers.size;
      numbers.set(label as number | string, known);
      return known;
    }),
  );
  return { classes: numbers.size, numbered };
}

/** Columns of whole numbers or texts under their names, all of one length. */
export interface Columns {
  readonly file: string;
  readonly n: number;
  readonly columns: ReadonlyMap<string, readonly (number | string)[]>;
}

/**
 * Columns of a `.npz` (1-D arrays of whole numbers; others are left alone), a CSV or a TSV. A name in the plural is the
 * same as in the singular. `wanted` are those that must be there. Throws FILE_MALFORMED.
 */
export async function readColumns(
  file: InputFile,
  wanted: readonly string[],
  known: readonly string[],
): Promise<Columns> {
  const columns = new Map<string, readonly (number | string)[]>();
  const names = (name: string): readonly string[] => [name, `${name}s`];
  if (/\.npz$/i.test(file.name)) {
    const named = { file: file.name, arrays: await parseNpz(await file.read(), file.name) };
    for (const name of known) {
      const found = names(name).find((each) => named.arrays.has(each));
      if (found === undefined) continue;
      columns.set(name, wholesOf(named, found, arrayOf(named, found).data.length));
    }
    for (const name of wanted) if (!columns.has(name)) arrayOf(named, `${name}s`);
  } else {
    const rows = parseTable(await file.read(), file.name, []);
    const head = rows[0] ? Object.keys(rows[0].values) : [];
    for (const name of known) {
      const found = names(name).find((each) => head.includes(each));
      if (found === undefined) {
        if (wanted.includes(name) && rows.length > 0)
          throw malformed(file.name, { line: 1 }, `columns ${head.join(', ') || 'none'}`, `a column ${name}`);
        continue;
      }
      const cells = rows.map(({ line, values }) => {
        const cell = values[found]!;
        if (cell === '') throw malformed(file.name, { line, column: found }, 'nothing', 'a number or name');
        return /^[-+]?\d{1,15}(\.0*)?$/.test(cell) ? Number(cell) : cell;
      });
      columns.set(name, cells);
    }
  }
  const n = columns.values().next().value?.length ?? 0;
  for (const [name, values] of columns)
    if (values.length !== n) throw malformed(file.name, {}, `${values.length} of ${name}`, `${n}, as of the others`);
  if (n === 0) throw malformed(file.name, {}, 'no row', 'at least one');
  return { file: file.name, n, columns };
}
