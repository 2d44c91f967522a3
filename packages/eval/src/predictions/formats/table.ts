/** CSV and TSV with a header, JSON Lines, and plain lines, as strict tables of strings or numbers. */
import { parse } from 'csv-parse/sync';
import { malformed } from '../errors.js';

/** UTF-8 text, without its byte order mark. Throws FILE_MALFORMED naming the first bad byte. */
export function decodeText(content: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    const wide = content.length > 1 && (content.readUInt16LE(0) === 0xfeff || content.readUInt16BE(0) === 0xfeff);
    throw malformed(
      name,
      { byte: firstBadByte(content) },
      wide ? 'UTF-16' : 'bytes that are not UTF-8',
      'UTF-8 text',
      cause,
    );
  }
}

function firstBadByte(content: Buffer): number {
  let [low, high] = [0, content.length];
  // A prefix that ends inside a character is still sound when streamed, so the search is monotone.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(content.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return low;
}

export interface TableRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Rows of a delimited file by column name; the delimiter is a tab where the first line has one, else a comma.
 * Every wanted column must be there. Throws FILE_MALFORMED for a missing or doubled column and a row of another length.
 */
export function parseTable(content: Buffer, name: string, wanted: readonly string[]): TableRow[] {
  const text = decodeText(content, name);
  const first = text.slice(0, text.search(/\r?\n|$/));
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, {
      delimiter: first.includes('\t') ? '\t' : ',',
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      max_record_size: 2 ** 20,
    }) as unknown as typeof rows;
  } catch (cause) {
    throw malformed(
      name,
      { line: (cause as { lines?: number }).lines ?? 1 },
      (cause as Error).message,
      'CSV or TSV',
      cause,
    );
  }
  const header = rows[0]?.record ?? [];
  const doubled = header.find((column, i) => header.indexOf(column) !== i);
  if (doubled !== undefined) throw malformed(name, { line: 1 }, `column "${doubled}" twice`, 'each column once');
  const missing = wanted.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw malformed(name, { line: 1 }, `columns ${header.join(', ') || 'none'}`, `a column ${missing}`);
  return rows.slice(1).map(({ record, info }) => {
    if (record.length !== header.length)
      throw malformed(name, { line: info.lines }, `${record.length} fields`, `${header.length} as in the header`);
    return { line: info.lines, values: Object.fromEntries(header.map((column, i) => [column, record[i]!])) };
  });
}

/** A decimal number, NaN for anything else: `Number` alone takes nothing for 0, and 0x10, 0b1 and 0o7. */
export function decimal(text: string): number {
  const cell = text.trim();
  return cell === '' || (cell[0] === '0' && /^.[xbo]/i.test(cell)) ? NaN : Number(cell);
}

/** A finite number of a cell. Throws FILE_MALFORMED. */
export function numberOf(name: string, line: number, column: string, cell: string | undefined): number {
  const value = decimal(cell ?? '');
  if (Number.isFinite(value)) return value;
  throw malformed(name, { line, column }, JSON.stringify(cell ?? ''), 'a finite number');
}

/** A whole number of a cell within bounds. Throws FILE_MALFORMED. */
export function wholeOf(
  name: string,
  line: number,
  column: string,
  cell: string | undefined,
  low = 0,
  high = 2 ** 31 - 1,
): number {
  const value = numberOf(name, line, column, cell);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw malformed(name, { line, column }, JSON.stringify(cell), `a whole number from ${low} to ${high}`);
}

/** One JSON object a line. Throws FILE_MALFORMED with the line. */
export function parseJsonLines(content: Buffer, name: string): { line: number; value: Record<string, unknown> }[] {
  return parseLines(content, name).flatMap(({ line, text }) => {
    if (text.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw malformed(name, { line }, JSON.stringify(text.slice(0, 60)), 'a JSON object', cause);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed(name, { line }, JSON.stringify(value).slice(0, 60), 'a JSON object');
    return [{ line, value: value as Record<string, unknown> }];
  });
}

/** Lines without their ends; a final line end adds no empty line. */
export function parseLines(content: Buffer, name: string): { line: number; text: string }[] {
  const lines = decodeText(content, name)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, i) => ({ line: i + 1, text }));
}
