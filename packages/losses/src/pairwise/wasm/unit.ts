/**
 * Runs the tiles of units. Workers get the text of these functions: they import nothing and hold no functions inside, to
 * which compilers add helpers.
 */
import type { Products } from './products.js';
import type { Unit } from './schedule.js';

export interface RelationAddress {
  readonly offsets: number;
  readonly columns: number;
  /** Buffers of the tile. */
  readonly direct: number;
  readonly transposed: number;
}

/** Everything about a run but the code: addresses are in bytes. */
export interface Job {
  readonly tile: number;
  readonly strip: number;
  readonly panel: number;
  readonly n: number;
  readonly m: number;
  /** The length of the dot products, and panels of the gradients. */
  readonly inner: number;
  readonly panels: number;
  readonly symmetric: boolean;
  readonly backward: boolean;
  readonly table: number;
  /** Scratch memory of the first thread, and what each takes. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** A in strips and B in panels, both along the inner dimension. */
  readonly strips: number;
  readonly crosswise: number;
  /** A and B in panels along the rows, and the gradients in the same form; 0 where not wanted. */
  readonly a: number;
  readonly b: number;
  readonly da: number;
  readonly db: number;
  /** Bytes between two panels of a and da, and of b and db. */
  readonly aPanel: number;
  readonly bPanel: number;
  readonly relations: readonly RelationAddress[];
  readonly rounds: readonly (readonly Unit[])[];
}

export interface TileFunctions {
  /** For tiles off and on the diagonal, and the same where the columns are no multiple of 4. */
  readonly plain: TileCall;
  readonly plainRagged: TileCall;
  readonly diagonal: TileCall;
  readonly diagonalRagged: TileCall;
}
type TileCall = (table: number, scratch: number, i: number, j: number, rows: number, columns: number) => number;

/** Writes the relations among some rows and columns into the tile's buffers as masks; `flip`: rows run along its columns. */
export function markPairs(
  job: Job,
  scratch: number,
  buffer: SharedArrayBuffer,
  firstRow: number,
  rows: number,
  firstColumn: number,
  columns: number,
  flip: boolean,
): void {
  const { tile } = job;
  const integers = new Int32Array(buffer);
  for (const relation of job.relations) {
    const at = (scratch + (flip ? relation.transposed : relation.direct) * tile * tile * 4) / 4;
    const listed = relation.columns / 4;
    integers.fill(0, at, at + tile * tile);
    for (let i = 0; i < rows; i++) {
      const offset = relation.offsets / 4 + firstRow + i;
      const last = listed + integers[offset + 1]!;
      let low = listed + integers[offset]!;
      let high = last;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (integers[middle]! < firstColumn) low = middle + 1;
        else high = middle;
      }
      for (; low < last; low++) {
        const j = integers[low]! - firstColumn;
        if (j >= columns) break;
        integers[at + (flip ? j * tile + i : i * tile + j)] = -1;
      }
    }
  }
}

export function runUnit(
  job: Job,
  unit: Unit,
  thread: number,
  products: Products,
  tiles: TileFunctions,
  buffer: SharedArrayBuffer,
): void {
  const { tile, strip, panel, n, m, inner, panels } = job;
  const scratch = job.scratch + thread * job.scratchBytes;
  const [firstRow, lastRow, firstColumn, lastColumn] = unit;
  for (let j = firstColumn; j < lastColumn; j += tile)
    for (let i = firstRow; i < lastRow; i += tile) {
      if (job.symmetric && i > j) continue;
      const rows = Math.min(tile, n - i);
      const columns = Math.min(tile, m - j);
      const rowStrips = Math.ceil(rows / strip);
      products.scores(
        job.strips + i * inner * 4,
        job.crosswise + j * inner * 4,
        scratch,
        inner,
        rowStrips,
        Math.ceil(columns / panel),
        strip * inner * 4,
        panel * inner * 4,
        strip * tile * 4,
        panel * 4,
      );
      if (job.relations.length > 0) {
        markPairs(job, scratch, buffer, i, rows, j, columns, false);
        if (job.symmetric) markPairs(job, scratch, buffer, j, columns, i, rows, true);
      }
      const ragged = columns % 4 !== 0;
      const call =
        job.symmetric && i === j
          ? ragged
            ? tiles.diagonalRagged
            : tiles.diagonal
          : ragged
            ? tiles.plainRagged
            : tiles.plain;
      const any = call(job.table, scratch, i, j, rows, columns);
      if (!job.backward || any === 0) continue;
      if (job.da !== 0)
        products.rows(
          scratch,
          job.b + j * panel * 4,
          job.da + i * panel * 4,
          columns,
          rowStrips,
          panels,
          strip * tile * 4,
          job.bPanel,
          strip * panel * 4,
          job.aPanel,
        );
      const [db, stride] = job.symmetric ? [i === j ? 0 : job.da, job.aPanel] : [job.db, job.bPanel];
      if (db !== 0)
        products.columns(
          scratch,
          job.a + i * panel * 4,
          db + j * panel * 4,
          rows,
          Math.ceil(columns / strip),
          panels,
          strip * 4,
          job.aPanel,
          strip * panel * 4,
          stride,
        );
    }
}
