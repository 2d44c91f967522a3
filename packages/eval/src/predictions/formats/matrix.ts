/** Numbers in rows and columns: `.npy`, `.npz`, CSV, TSV or blanks, with or without a header, read into one shape. */
import { malformed, tooLarge } from '../errors.js';
import type { InputFile } from '../input.js';
import type { NpyArray } from './npy.js';
import { parseNpy, parseNpz } from './npy.js';
import { decimal, decodeText } from './table.js';

/** Longer texts do not fit a string of the JavaScript engine. */
const TEXT_LIMIT = 2 ** 29 - 32;

export interface Matrix {
  /** How errors call it: the file, and the member where there are several. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Row-major and finite. */
  readonly values: NpyArray['data'];
  /** `(7)`, `(7, 3)` …, as written. */
  readonly shape: readonly number[];
  /** Of the columns of numbers; absent without a header. */
  readonly header?: readonly string[];
  /** Of every column in the file, read or not. */
  readonly allColumns?: readonly string[];
  /** Columns of text that the caller asked for, by name. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Line of the first row, from 1; absent for arrays. */
  readonly firstLine?: number;
}

/** `line 12` or `row 11`, whichever a person can look up. */
export const placeOf = (matrix: Matrix, row: number): { line: number } | { column: string } =>
  matrix.firstLine === undefined ? { column: `row ${row}` } : { line: matrix.firstLine + row };

/** Shape (n) or (n, k) of finite numbers. Throws FILE_MALFORMED for another rank and the first value that is not finite. */
export function matrixOf(array: NpyArray, name: string): Matrix {
  const { shape, data } = array;
  if (shape.length !== 1 && shape.length !== 2)
    throw malformed(name, {}, `shape (${shape.join(', ')})`, 'shape (n) or (n, columns)');
  const columns = shape[1] ?? 1;
  for (let at = 0; at < data.length; at++)
    if (!Number.isFinite(data[at]!))
      throw malformed(
        name,
        {},
        `${data[at]} in row ${Math.floor(at / columns)}, column ${at % columns}`,
        'finite numbers',
      );
  return { name, rows: shape[0]!, columns, values: data, shape, texts: {} };
}

const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** A first line of names: one field at least is no number; three or more fields 0, 1, 2 … are column numbers. */
function isHeader(fields: readonly string[]): boolean {
  if (fields.length > 2 && fields.every((field, i) => field === String(i))) return true;
  return fields.some((field) => field === '' || (Number.isNaN(Number(field)) && !NOT_FINITE.test(field)));
}

function splitterOf(first: string): (line: string) => string[] {
  const delimiter = first.includes('\t') ? '\t' : first.includes(',') ? ',' : null;
  if (delimiter === null) return (line) => line.trim().split(/\s+/);
  return (line) =>
    line.includes('"') ? splitQuoted(line, delimiter) : line.split(delimiter).map((field) => field.trim());
}

/** Fields in double quotes may hold the delimiter, and doubled quotes. */
function splitQuoted(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  for (let from = 0; from <= line.length;) {
    let [to, quoted] = [from, false];
    for (; to < line.length && (quoted || line[to] !== delimiter); to++) if (line[to] === '"') quoted = !quoted;
    const field = line.slice(from, to).trim();
    fields.push(/^"[^]*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"').trim() : field);
    from = to + 1;
  }
  return fields;
}

/**
 * A delimited text. The delimiter is a tab, a comma or blanks, whichever the first line has; `textual` names the columns of
 * a header to be kept as text, `numeric` those to be read as numbers (every other where absent; the rest is skipped). Throws FILE_MALFORMED with the line for a row of another length and a cell that is no finite
 * number, FILE_TOO_LARGE beyond 512 MiB.
 */
export function parseMatrix(
  content: Buffer,
  name: string,
  textual: readonly string[] = [],
  numeric?: readonly string[],
): Matrix {
  if (content.length > TEXT_LIMIT)
    throw tooLarge(name, `${content.length} bytes of text`, 'at most 512 MiB, or an .npy file');
  const text = decodeText(content, name).replace(/^\ufeff/, '');
  let [start, line, blank] = [0, 0, 0];
  const next = (): string | undefined => {
    while (start < text.length) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      const row = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
      start = end + 1;
      line++;
      if (row.trim() === '') {
        blank ||= line;
        continue;
      }
      // Blank lines may end a file; before a row one may be a value that is missing.
      if (blank) throw malformed(name, { line: blank }, 'an empty line', 'a row of numbers');
      return row;
    }
    return undefined;
  };
  const first = next();
  if (first === undefined) throw malformed(name, {}, 'an empty file', 'rows of numbers');
  const split = splitterOf(first);
  const head = split(first);
  const named = isHeader(head);
  const doubled = named ? head.find((column, i) => head.indexOf(column) !== i) : undefined;
  if (doubled !== undefined) throw malformed(name, { line: 1 }, `column "${doubled}" twice`, 'each column once');
  const kept = head.map((column) => named && textual.includes(column));
  const read = head.map((column, i) => !kept[i] && (!named || !numeric || numeric.includes(column)));
  const columns = read.filter(Boolean).length;
  const texts = Object.fromEntries(head.filter((_, i) => kept[i]).map((column) => [column, [] as string[]]));
  let values = new Float64Array(1024);
  let [rows, filled] = [0, 0];
  const take = (fields: readonly string[]): void => {
    if (fields.length !== head.length)
      throw malformed(name, { line }, `${fields.length} fields`, `${head.length} as in the first line`);
    if (filled + columns > values.length) {
      const larger = new Float64Array(Math.max(values.length * 2, filled + columns));
      larger.set(values);
      values = larger;
    }
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      if (kept[i]) texts[head[i]!]!.push(field);
      else if (read[i]) {
        const value = decimal(field);
        if (!Number.isFinite(value))
          throw malformed(name, { line, column: named ? head[i]! : i + 1 }, JSON.stringify(field), 'a finite number');
        values[filled++] = value;
      }
    }
    rows++;
  };
  if (!named) take(head);
  const firstLine = named ? line + 1 : line;
  for (let row = next(); row !== undefined; row = next()) take(split(row));
  return {
    name,
    rows,
    columns,
    values: values.subarray(0, filled),
    shape: head.length === 1 && !named ? [rows] : [rows, columns],
    ...(named ? { header: head.filter((_, i) => read[i]), allColumns: head } : {}),
    texts,
    firstLine,
  };
}

/** The arrays of a file by member name (`''` for the one of an `.npy` or text file). Throws FILE_MALFORMED, FILE_TOO_LARGE. */
export async function readMatrices(
  file: InputFile,
  textual: readonly string[] = [],
  numeric?: readonly string[],
): Promise<Map<string, Matrix>> {
  const content = await file.read();
  if (/\.npz$/i.test(file.name)) {
    const arrays = await parseNpz(content, file.name);
    // Members of another rank (images, say) may stand beside the wanted ones.
    return new Map(
      [...arrays]
        .filter(([, { shape }]) => shape.length === 1 || shape.length === 2)
        .map(([key, array]) => [key, matrixOf(array, `${file.name}: ${key}.npy`)]),
    );
  }
  if (/\.npy$/i.test(file.name)) return new Map([['', matrixOf(parseNpy(content, file.name), file.name)]]);
  return new Map([['', parseMatrix(content, file.name, textual, numeric)]]);
}
