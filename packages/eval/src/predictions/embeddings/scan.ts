/**
 * Rows of similarities, block by block, on every thread: whoever is free takes the next block of queries, multiplies it
 * with all columns and reads what is wanted off each row. Nothing larger than one block of rows is ever held.
 */
import type { WasmMemory } from '@touchstone/losses/meta';
import type { Product } from './kernel.js';
import type { exactDots, largest, largestAt, neighbourRow, rankRow, RowScratch } from './rows.js';

/** Rows [n, width] float32 as given, and the factor of each; all in memory that threads share. */
export interface ScaledRows {
  readonly n: number;
  readonly width: number;
  readonly raw: Float32Array;
  readonly scales: Float64Array;
}

/** Positions of the columns by class: those of class c from offsets[c] to offsets[c + 1], ascending. */
export interface Classes {
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
}

export type Reading =
  | {
      readonly kind: 'neighbours';
      /** Whether the queries are the columns; then each leaves itself out. */
      readonly same: boolean;
      readonly columnLabels: Int32Array;
      readonly queryLabels: Int32Array;
      readonly classes: Classes;
      readonly ranks: Int32Array;
      readonly averagePrecision: Float64Array;
      readonly rPrecision: Float64Array;
    }
  | {
      readonly kind: 'ranks';
      readonly queryLabels: Int32Array;
      readonly classes: Classes;
      /** With cameras, columns of the query's class and camera are skipped. */
      readonly cameras: { readonly queries: Int32Array; readonly columns: Int32Array } | undefined;
      /** Ranks of query q go to ranks[offsets[q]] and onwards; none where offsets[q + 1] = offsets[q]. */
      readonly offsets: Int32Array;
      readonly ranks: Int32Array;
    }
  | { readonly kind: 'assign'; readonly assigned: Int32Array };

export interface Job {
  readonly queries: ScaledRows;
  /** Absent for `assign`, which needs no defined value. */
  readonly columns: ScaledRows | undefined;
  readonly columnCount: number;
  /** Numbers of a packed row: the width, and one more, with 1 in every query, where `bias` is set. */
  readonly steps: number;
  readonly bias: boolean;
  readonly epsilon: number;
  readonly reading: Reading;
  /** Addresses in the memory. */
  readonly panelsAt: number;
  readonly scratchAt: number;
  readonly scratchBytes: number;
  readonly blockRows: number;
}

export interface RowFunctions {
  readonly exactDots: typeof exactDots;
  readonly largest: typeof largest;
  readonly neighbourRow: typeof neighbourRow;
  readonly rankRow: typeof rankRow;
  readonly largestAt: typeof largestAt;
}

/**
 * Makes the function that does one block (of `blockRows` queries, the last one shorter). Self-contained, because worker
 * threads get its text.
 */
export function blockRunner(
  job: Job,
  thread: number,
  { product }: { readonly product: Product },
  memory: WasmMemory,
  functions: RowFunctions,
): (block: number) => void {
  const { queries, columns, columnCount: n, steps, bias, epsilon, reading, blockRows } = job;
  const { width } = queries;
  const padded = Math.ceil(n / 8) * 8;
  const stripsAt = job.scratchAt + thread * job.scratchBytes;
  const rowsAt = stripsAt + blockRows * steps * 4;
  const strips = new Float32Array(memory.buffer, stripsAt, blockRows * steps);
  const rows = new Float32Array(memory.buffer, rowsAt, blockRows * padded);
  const length = columns ? n : 0;
  const scratch: RowScratch = {
    candidates: new Int32Array(length),
    near: new Int32Array(length),
    similarities: new Float32Array(length),
    work: new Float32Array(length),
    keys: new Float64Array(length),
  };
  const relevant = new Int32Array(length);
  const skipped = new Int32Array(length);
  const unit = new Float64Array(width);
  const exact = (list: Int32Array, count: number, out: Float32Array): void =>
    functions.exactDots(unit, columns!.raw, columns!.scales, width, list, count, out);

  const read = (query: number, row: Float32Array): void => {
    if (reading.kind === 'assign') {
      reading.assigned[query] = functions.largestAt(row, n);
      return;
    }
    const label = reading.queryLabels[query]!;
    const { offsets, positions } = reading.classes;
    const members = label < 0 ? positions.subarray(0, 0) : positions.subarray(offsets[label], offsets[label + 1]);
    for (let k = 0; k < width; k++) unit[k] = queries.raw[query * width + k]! * queries.scales[query]!;
    if (reading.kind === 'neighbours') {
      if (members.length - Number(reading.same) < 1) return;
      const self = reading.same ? query : -1;
      const { columnLabels } = reading;
      const result = functions.neighbourRow(
        row,
        n,
        self,
        members,
        columnLabels,
        label,
        epsilon,
        exact,
        scratch,
        functions.largest,
      );
      reading.ranks[query] = result.rank;
      reading.averagePrecision[query] = result.averagePrecision;
      reading.rPrecision[query] = result.rPrecision;
      return;
    }
    let [wanted, left] = [0, 0];
    for (const item of members)
      if (reading.cameras && reading.cameras.columns[item] === reading.cameras.queries[query]) skipped[left++] = item;
      else relevant[wanted++] = item;
    if (wanted > 0)
      functions.rankRow(
        row,
        n,
        relevant,
        wanted,
        skipped,
        left,
        epsilon,
        exact,
        scratch,
        reading.ranks,
        reading.offsets[query]!,
      );
  };

  return (block) => {
    const start = block * blockRows;
    const count = Math.min(blockRows, queries.n - start);
    const groups = Math.ceil(count / 4);
    strips.fill(0, 0, groups * 4 * steps);
    for (let i = 0; i < count; i++) {
      const scale = queries.scales[start + i]!;
      let from = (start + i) * width;
      let to = (i - (i % 4)) * steps + (i % 4);
      for (let k = 0; k < width; k++, to += 4) strips[to] = queries.raw[from++]! * scale;
      if (bias) strips[to] = 1;
    }
    product(stripsAt, job.panelsAt, rowsAt, steps, padded * 4, groups, padded / 8);
    for (let i = 0; i < count; i++) read(start + i, rows.subarray(i * padded, i * padded + padded));
  };
}
