/** Sparse matrices as SciPy saves them (`scipy.sparse.save_npz`, CSR), and rankings as lines of `label:score`. */
import { malformed } from '../errors.js';
import { parseNpz } from './npy.js';
import { parseLines } from './table.js';

/** Row i has columns `indices[offsets[i]] … indices[offsets[i + 1] − 1]` with the values of the same positions. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** A CSR matrix. Throws FILE_MALFORMED for offsets or indices that do not fit and values that are not finite. */
export async function parseCsr(content: Buffer, name: string): Promise<SparseRows> {
  // The member `format` holds bytes of text, not numbers, and is left alone.
  const arrays = await parseNpz(content, name, ['data', 'indices', 'indptr', 'shape']);
  const part = (key: string): ArrayLike<number> => arrays.get(key)!.data;
  const [values, indices, offsets] = [part('data'), part('indices'), part('indptr')];
  const [rows, columns] = Array.from(arrays.get('shape')!.data) as [number, number];
  const bad = (found: string, allowed: string) => malformed(name, {}, found, allowed);
  if (
    offsets.length !== rows + 1 ||
    offsets[0] !== 0 ||
    offsets[rows] !== indices.length ||
    values.length !== indices.length
  )
    throw bad(`${offsets.length} offsets, ${indices.length} indices, ${values.length} values`, `CSR of ${rows} rows`);
  for (let i = 0; i < rows; i++)
    if (offsets[i + 1]! < offsets[i]!) throw bad(`offset ${offsets[i + 1]} after ${offsets[i]}`, 'ascending offsets');
  for (let at = 0; at < indices.length; at++) {
    if (!(indices[at]! >= 0 && indices[at]! < columns)) throw bad(`column ${indices[at]}`, `0 to ${columns - 1}`);
    if (!Number.isFinite(values[at]!)) throw bad(`value ${values[at]} at element ${at}`, 'finite numbers');
  }
  return { rows, columns, offsets, indices, values };
}

/** One line a row: `label:score label:score …`; labels count from 0. Throws FILE_MALFORMED. */
export function parseScoreLines(content: Buffer, name: string, columns: number): SparseRows {
  const offsets = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { line, text } of parseLines(content, name)) {
    const seen = new Set<number>();
    for (const part of text
      .trim()
      .split(/\s+/)
      .filter((piece) => piece !== '')) {
      const match = /^(\d{1,10}):([-+0-9.eE]+)$/.exec(part);
      const [label, value] = match ? [Number(match[1]), Number(match[2])] : [NaN, NaN];
      if (!(label < columns) || !Number.isFinite(value))
        throw malformed(name, { line }, JSON.stringify(part), `label:score, labels 0 to ${columns - 1}`);
      if (seen.has(label)) throw malformed(name, { line }, `label ${label} again`, 'each label once a line');
      seen.add(label);
      indices.push(label);
      values.push(value);
    }
    offsets.push(indices.length);
  }
  return { rows: offsets.length - 1, columns, offsets, indices, values };
}
