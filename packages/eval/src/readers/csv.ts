/** Numeric tables in CSV with one label column. */
import { parse } from 'csv-parse/sync';
import { EvalError } from '../core/errors.js';

export interface LabelledTable {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] row-major. */
  readonly features: Float32Array;
  readonly labels: readonly string[];
}

/**
 * Every column but the label must be a finite number and every row equally long;
 * throws DATASET_CORRUPT naming the file, the line and the column.
 */
export function parseLabelledCsv(
  text: string,
  name: string,
  options: { readonly header: boolean; readonly label: 'first' | 'last' },
): LabelledTable {
  let records: string[][];
  try {
    records = parse(text, { from: options.header ? 2 : 1, skip_empty_lines: true });
  } catch (cause) {
    throw new EvalError('DATASET_CORRUPT', `${name}: ${(cause as Error).message}`, { field: name }, { cause });
  }
  const columns = (records[0]?.length ?? 0) - 1;
  if (columns < 1) throw new EvalError('DATASET_CORRUPT', `${name}: no rows of at least two columns`, { field: name });
  const features = new Float32Array(records.length * columns);
  const labels: string[] = [];
  records.forEach((record, row) => {
    labels.push(options.label === 'first' ? record[0]! : record[columns]!);
    const offset = options.label === 'first' ? 1 : 0;
    for (let column = 0; column < columns; column++) {
      const cell = record[column + offset]!;
      const value = cell.trim() === '' ? NaN : Number(cell);
      if (!Number.isFinite(value)) {
        const field = `${name}, row ${row + 1}, column ${column + offset + 1}`;
        throw new EvalError('DATASET_CORRUPT', `${field}: found '${cell}', expected a finite number`, {
          field,
          value: cell,
          allowed: 'a finite number',
        });
      }
      features[row * columns + column] = value;
    }
  });
  return { rows: records.length, columns, features, labels };
}
