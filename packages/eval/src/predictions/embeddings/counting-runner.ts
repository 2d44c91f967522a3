/**
 * Ranks of the members of each query's class by counting what stands before them, tile by tile. Similarities of a tile
 * come as whole numbers, each within a known distance of the defined value; where that could change an answer, the
 * defined value decides. Where the queries are the columns, a tile serves its rows and, by symmetry, its columns.
 *
 * Each function stands alone, because worker threads get its text.
 */
import type { WasmMemory } from '@touchstone/losses/meta';
import type { Product, Scan } from './kernel.js';
import type { ScaledRows } from './scan.js';

/** Members of each query's class, itself left out: nearest first, equal ones by ascending position. */
export interface Members {
  /** Those of query q are from offsets[q] to offsets[q + 1]. */
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
  /** Defined similarities. */
  readonly similarities: Float32Array;
}

export interface CountingJob {
  readonly queries: ScaledRows;
  readonly columns: ScaledRows;
  /** Whether the queries are the columns. */
  readonly same: boolean;
  readonly queryLabels: Int32Array;
  readonly columnLabels: Int32Array;
  readonly members: Members;
  /** A unit vector's numbers times this are rounded to whole ones; products are in units of its square. */
  readonly scale: number;
  /** How far a whole product of each query may be from the defined similarity, in those units. */
  readonly distances: Float64Array;
  /** Pairs of numbers of a row. */
  readonly steps: number;
  readonly blockRows: number;
  readonly tileColumns: number;
  /** Addresses: packed columns; tops of queries; tops, floors and counts of columns that are no queries. */
  readonly panelsAt: number;
  readonly topsAt: number;
  readonly idleAt: number;
  /** Of thread t from threadsAt + t · threadBytes, at these distances. */
  readonly threadsAt: number;
  readonly threadBytes: number;
  readonly floorsAt: number;
  readonly aboveAt: number;
  readonly neededAt: number;
  readonly totalsAt: number;
  readonly countsAt: number;
  readonly stripsAt: number;
  readonly tileAt: number;
  readonly eventsAt: number;
}

export interface CountingFunctions {
  readonly exactPairs: typeof exactPairs;
  readonly wholeOf: typeof wholeOf;
}

/** A number of a unit vector as a whole number. */
export function wholeOf(value: number, scale: number): number {
  return Math.floor(value * scale + 0.5);
}

/**
 * out[i] = Σ_k (a[k]·scale)·(b[k]·scale) of row lefts[i] of `a` and row rights[i] of `b`, in float64 in the order of k,
 * rounded to float32.
 */
export function exactPairs(
  a: ScaledRows,
  b: ScaledRows,
  lefts: Int32Array,
  rights: Int32Array,
  count: number,
  out: Float32Array,
): void {
  const [left, right, width] = [a.raw, b.raw, a.width];
  let i = 0;
  // Four sums at once: each waits for its own last addition only.
  for (; i + 3 < count; i += 4) {
    const [la, lb, lc, ld] = [lefts[i]!, lefts[i + 1]!, lefts[i + 2]!, lefts[i + 3]!];
    const [ra, rb, rc, rd] = [rights[i]!, rights[i + 1]!, rights[i + 2]!, rights[i + 3]!];
    const [p, q, r, s] = [a.scales[la]!, a.scales[lb]!, a.scales[lc]!, a.scales[ld]!];
    const [t, u, v, w] = [b.scales[ra]!, b.scales[rb]!, b.scales[rc]!, b.scales[rd]!];
    const [la0, lb0, lc0, ld0] = [la * width, lb * width, lc * width, ld * width];
    const [ra0, rb0, rc0, rd0] = [ra * width, rb * width, rc * width, rd * width];
    let [x, y, z, e] = [0, 0, 0, 0];
    for (let k = 0; k < width; k++) {
      x += left[la0 + k]! * p * (right[ra0 + k]! * t);
      y += left[lb0 + k]! * q * (right[rb0 + k]! * u);
      z += left[lc0 + k]! * r * (right[rc0 + k]! * v);
      e += left[ld0 + k]! * s * (right[rd0 + k]! * w);
    }
    out[i] = x;
    out[i + 1] = y;
    out[i + 2] = z;
    out[i + 3] = e;
  }
  for (; i < count; i++) {
    const [l0, r0] = [lefts[i]! * width, rights[i]! * width];
    const [p, t] = [a.scales[lefts[i]!]!, b.scales[rights[i]!]!];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += left[l0 + k]! * p * (right[r0 + k]! * t);
    out[i] = sum;
  }
}

/** Makes the function that does the tiles of one block of queries. */
export function countingRunner(
  job: CountingJob,
  thread: number,
  { product, scan }: { readonly product: Product; readonly scan: Scan },
  memory: WasmMemory,
  functions: CountingFunctions,
): (block: number) => void {
  const {
    queries,
    columns,
    same,
    members,
    distances,
    scale,
    steps,
    blockRows,
    tileColumns,
    queryLabels,
    columnLabels,
  } = job;
  const { offsets, positions, similarities } = members;
  const { width } = queries;
  const n = columns.n;
  const base = job.threadsAt + thread * job.threadBytes;
  const ints = (at: number, length: number): Int32Array => new Int32Array(memory.buffer, at, length);
  const tops = ints(job.topsAt, queries.n);
  const floors = ints(base + job.floorsAt, queries.n);
  const above = ints(base + job.aboveAt, queries.n);
  const needed = ints(base + job.neededAt, queries.n);
  const totals = ints(base + job.totalsAt, queries.n);
  const counts = ints(base + job.countsAt, offsets[queries.n]!);
  const tile = ints(base + job.tileAt, blockRows * tileColumns);
  const events = ints(base + job.eventsAt, (blockRows * tileColumns) / 4);
  const stride = 4 * tileColumns;
  const unit = scale * scale;

  const most = 4096;
  const [unsureQueries, unsureItems] = [new Int32Array(most), new Int32Array(most)];
  const decided = new Float32Array(most);
  let unsure = 0;

  // One more stands before the member at `place` of the query, and not before the one ahead of it.
  const add = (q: number, place: number): void => {
    const first = offsets[q]!;
    counts[first + place]!++;
    if (place >= needed[q]!) return;
    const r = offsets[q + 1]! - first;
    totals[q]!++;
    let need = needed[q]!;
    // A member surely behind rank R adds nothing, whatever its rank; only the nearest one's is always asked for.
    while (need > 1 && need + totals[q]! + above[q]! > r) {
      need--;
      totals[q]! -= counts[first + need]!;
    }
    if (need === needed[q]) return;
    needed[q] = need;
    floors[q] = Math.max(-2147483646, Math.ceil(similarities[first + need - 1]! * unit - distances[q]!) - 2);
  };
  const settle = (): void => {
    functions.exactPairs(queries, columns, unsureQueries, unsureItems, unsure, decided);
    for (let i = 0; i < unsure; i++) {
      const [q, item, value] = [unsureQueries[i]!, unsureItems[i]!, decided[i]!];
      const first = offsets[q]!;
      let [low, high] = [0, offsets[q + 1]! - first];
      while (low < high) {
        const middle = (low + high) >> 1;
        const known = similarities[first + middle]!;
        if (known > value || (known === value && positions[first + middle]! < item)) low = middle + 1;
        else high = middle;
      }
      if (first + low < offsets[q + 1]!) add(q, low);
    }
    unsure = 0;
  };
  const meet = (q: number, item: number, value: number): void => {
    if (queryLabels[q] === columnLabels[item]) return;
    const [first, far] = [offsets[q]!, distances[q]!];
    let [low, high] = [0, needed[q]!];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (similarities[first + middle]! * unit > value + far) low = middle + 1;
      else high = middle;
    }
    if (low === needed[q]) return;
    if (similarities[first + low]! * unit < value - far) {
      add(q, low);
      return;
    }
    unsureQueries[unsure] = q;
    unsureItems[unsure++] = item;
    if (unsure === most) settle();
  };

  return (block) => {
    const start = block * blockRows;
    const rows = Math.min(blockRows, queries.n - start);
    const groups = Math.ceil(rows / 4);
    const halves = new Int16Array(memory.buffer, base + job.stripsAt, blockRows * steps * 2);
    halves.fill(0, 0, groups * 4 * steps * 2);
    for (let i = 0; i < rows; i++) {
      const own = queries.scales[start + i]!;
      const from = (start + i) * width;
      const to = (i - (i % 4)) * steps * 2 + (i % 4) * 2;
      for (let k = 0; k < width; k++)
        halves[to + (k >> 1) * 8 + (k & 1)] = functions.wholeOf(queries.raw[from + k]! * own, scale);
    }
    for (let left = same ? start : 0; left < n; left += tileColumns) {
      const panels = Math.ceil(Math.min(tileColumns, n - left) / 8);
      product(base + job.stripsAt, job.panelsAt + left * steps * 4, base + job.tileAt, steps, stride, groups, panels);
      const inside = Math.min(tileColumns, n - left);
      // What is no pair is below every floor: columns beyond the last, and of a pair of queries one of its two places.
      if (inside < 8 * panels)
        for (let i = 0; i < rows; i++) tile.fill(-2147483648, i * tileColumns + inside, i * tileColumns + 8 * panels);
      if (same)
        for (let i = Math.max(0, left - start); i < rows; i++)
          tile.fill(-2147483648, i * tileColumns, i * tileColumns + Math.min(8 * panels, start + i - left + 1));
      const [columnTops, columnFloors, columnAbove] = same
        ? [job.topsAt + 4 * left, base + job.floorsAt + 4 * left, base + job.aboveAt + 4 * left]
        : [job.idleAt, job.idleAt, job.idleAt + stride];
      const end = scan(
        base + job.tileAt,
        rows,
        2 * panels,
        stride,
        job.topsAt + 4 * start,
        base + job.floorsAt + 4 * start,
        base + job.aboveAt + 4 * start,
        columnTops,
        columnFloors,
        columnAbove,
        base + job.eventsAt,
      );
      const found = (end - base - job.eventsAt) / 4;
      for (let e = 0; e < found; e++) {
        const at = (events[e]! - base - job.tileAt) >> 2;
        const i = Math.floor(at / tileColumns);
        const q = start + i;
        const item = left + (at - i * tileColumns);
        for (let lane = 0; lane < 4; lane++) {
          const value = tile[at + lane]!;
          const j = item + lane;
          if (value > floors[q]! && value <= tops[q]!) meet(q, j, value);
          if (same && j < n && value > floors[j]! && value <= tops[j]!) meet(j, q, value);
        }
      }
    }
    settle();
  };
}
