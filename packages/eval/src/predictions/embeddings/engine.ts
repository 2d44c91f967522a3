/** Ranking of embeddings: normalises, packs, and runs a reading over all pairs of queries and columns. */
import type { WasmMemory } from '@touchstone/losses/meta';
import { MAXIMUM_PAGES, wasm } from '@touchstone/losses/meta';
import { EvalError } from '../../core/errors.js';
import { tooLarge } from '../errors.js';
import type { Product } from './kernel.js';
import { PANEL } from './kernel.js';
import { exactDots, largest, largestAt, neighbourRow, rankRow } from './rows.js';
import type { Classes, Job, Reading, RowFunctions, ScaledRows } from './scan.js';
import { blockRunner } from './scan.js';
import { Crew, moduleOf, scoringThreads } from './threads.js';

const PAGE = 65536;
/** Rows of similarities that a thread holds at once, in bytes at most; and in number. */
const ROW_BYTES = 2 ** 25;
const MOST_ROWS = 128;
/** Positions that the sort keys of rankings have room for. */
export const MOST_COLUMNS = 2 ** 21;

export type Told = (done: number, total: number) => void;

/** A matrix of embeddings, row-major [n, width]. */
export interface Embeddings {
  readonly n: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

export const sharedInts = (values: number | ArrayLike<number>): Int32Array => {
  const array = new Int32Array(new SharedArrayBuffer(4 * (typeof values === 'number' ? values : values.length)));
  if (typeof values !== 'number') array.set(values);
  return array;
};
export const sharedDoubles = (n: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * n));

/** Rows as float32 with the reciprocal of their L2 norm (float64; 0 for a zero row). Throws NON_FINITE naming the element. */
export function unitRows({ n, width, data }: Embeddings, field = 'embeddings'): ScaledRows {
  const raw = new Float32Array(new SharedArrayBuffer(4 * n * width));
  raw.set(data);
  const scales = sharedDoubles(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let at = i * width; at < (i + 1) * width; at++) squares += raw[at]! * raw[at]!;
    if (!Number.isFinite(squares)) {
      const k = raw.subarray(i * width, (i + 1) * width).findIndex((value) => !Number.isFinite(value));
      const [name, value] = [`${field}[${i}, ${k}]`, data[i * width + k]];
      throw new EvalError('NON_FINITE', `${name} is ${value}`, { field: name, value, allowed: 'a finite float32' });
    }
    scales[i] = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  }
  return { n, width, raw, scales };
}

/** Positions by class of labels 0 … classes − 1. */
export function classesOf(labels: Int32Array, classes: number): Classes {
  const offsets = sharedInts(classes + 1);
  for (const label of labels) offsets[label + 1]!++;
  for (let c = 0; c < classes; c++) offsets[c + 1]! += offsets[c]!;
  const next = offsets.slice();
  const positions = sharedInts(labels.length);
  labels.forEach((label, i) => {
    positions[next[label]!++] = i;
  });
  return { offsets, positions };
}

/** Memory, threads and packed columns for products of queries with `columns` rows of `steps` numbers. */
export class Products {
  private readonly memory: WasmMemory;
  private readonly crew: Crew<Job, { readonly product: Product }, RowFunctions>;
  private readonly panelsAt = 64;
  private readonly scratchAt: number;
  private readonly scratchBytes: number;
  private readonly blockRows: number;
  private readonly padded: number;

  /** Throws FILE_TOO_LARGE where the columns go beyond what WebAssembly addresses. */
  constructor(
    private readonly queries: ScaledRows,
    private readonly columnCount: number,
    private readonly steps: number,
    { fused, threads = scoringThreads() }: { readonly fused: boolean; readonly threads?: number },
  ) {
    this.padded = Math.ceil(columnCount / PANEL) * PANEL;
    // Enough blocks that every thread gets some.
    const fair = Math.ceil(queries.n / (4 * threads));
    const rows = Math.min(MOST_ROWS, fair, Math.floor(ROW_BYTES / (4 * this.padded)));
    this.blockRows = Math.max(4, Math.ceil(rows / 4) * 4);
    const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
    this.scratchBytes = aligned(4 * this.blockRows * (steps + this.padded));
    this.scratchAt = this.panelsAt + aligned(4 * this.padded * steps);
    const pages = Math.ceil((this.scratchAt + threads * this.scratchBytes) / PAGE);
    if (columnCount > MOST_COLUMNS || pages > MAXIMUM_PAGES)
      throw tooLarge(
        'embeddings',
        `${columnCount} × ${steps}`,
        'what fits in 4 GiB as float32, at most 2,097,152 rows',
      );
    this.memory = new wasm.Memory({ initial: pages, maximum: Math.max(pages, 1), shared: true });
    const functions = { exactDots, largest, neighbourRow, rankRow, largestAt };
    // Fused only where the answer does not depend on its rounding.
    const module = moduleOf(fused ? 'fused' : 'float');
    this.crew = new Crew(this.memory, threads, { module, runner: blockRunner, functions });
  }

  /** Packs the columns: number k of column j is value(j, k). */
  pack(value: (column: number, k: number) => number): void {
    const panels = new Float32Array(this.memory.buffer, this.panelsAt, this.padded * this.steps);
    for (let j = 0; j < this.columnCount; j++) {
      let to = (j - (j % PANEL)) * this.steps + (j % PANEL);
      for (let k = 0; k < this.steps; k++, to += PANEL) panels[to] = value(j, k);
    }
  }

  run(reading: Reading, columns: ScaledRows | undefined, told: Told): Promise<void> {
    const { queries, columnCount, steps, panelsAt, scratchAt, scratchBytes, blockRows } = this;
    // A float32 sum of products of unit rows is off by at most the number of roundings times half a unit; see Higham 2002, §3.1.
    const epsilon = (steps + 8) * 2 ** -24;
    const bias = steps > queries.width;
    const job: Job = {
      ...{ queries, columns, columnCount, steps, bias, epsilon, reading },
      ...{ panelsAt, scratchAt, scratchBytes, blockRows },
    };
    return this.crew.run(job, Math.ceil(queries.n / blockRows), told);
  }

  close(): Promise<void> {
    return this.crew.close();
  }
}

/** Runs one reading of every query over all columns. */
export async function readRows(
  queries: ScaledRows,
  columns: ScaledRows,
  reading: Reading,
  told: Told,
  threads?: number,
): Promise<void> {
  const products = new Products(queries, columns.n, columns.width, {
    fused: true,
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const { raw, scales, width } = columns;
    products.pack((j, k) => raw[j * width + k]! * scales[j]!);
    await products.run(reading, columns, told);
  } finally {
    await products.close();
  }
}
