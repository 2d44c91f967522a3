/** Copies of matrices in the order in which the products read them, padded with zeros. */
import type { Copies } from './copies.js';
import { PANEL } from './layout.js';

export const roundUp = (x: number, to: number): number => Math.ceil(x / to) * to;

/**
 * Groups of `width` rows, each group by its inner index: out[at + ((row / width)·inner + k)·width + row % width]. `inner`
 * is at least `columns`, `width` a multiple of 4.
 */
export function packStrips(
  out: Float32Array,
  at: number,
  data: Float32Array,
  rows: number,
  columns: number,
  inner: number,
  width: number,
): void {
  const padded = roundUp(rows, width);
  if (inner > columns || padded > rows) out.fill(0, at, at + padded * inner);
  const start = (row: number): number => at + (row - (row % width)) * inner + (row % width);
  let row = 0;
  // Four rows at once: their numbers lie side by side in the result.
  for (; row + 4 <= rows; row += 4) {
    let p = row * columns;
    let [q, r, s] = [p + columns, p + 2 * columns, p + 3 * columns];
    for (let k = 0, to = start(row); k < columns; k++, to += width) {
      out[to] = data[p++]!;
      out[to + 1] = data[q++]!;
      out[to + 2] = data[r++]!;
      out[to + 3] = data[s++]!;
    }
  }
  for (; row < rows; row++)
    for (let k = 0, to = start(row); k < columns; k++, to += width) out[to] = data[row * columns + k]!;
}

/** Groups of PANEL columns, each group by row: out[at + ((column / PANEL)·padded + row)·PANEL + column % PANEL]. */
export function packPanels(
  out: Float32Array,
  at: number,
  data: Float32Array,
  rows: number,
  columns: number,
  padded: number,
): void {
  if (padded > rows || columns % PANEL !== 0) out.fill(0, at, at + padded * roundUp(columns, PANEL));
  for (let first = 0; first < columns; first += PANEL) {
    const width = Math.min(PANEL, columns - first);
    for (let row = 0; row < rows; row++) {
      const to = at + first * padded + row * PANEL;
      const from = row * columns + first;
      for (let c = 0; c < width; c++) out[to + c] = data[from + c]!;
    }
  }
}

/** Undoes packPanels of `data` from `at`. */
export function unpackPanels(
  out: Float32Array,
  data: Float32Array,
  at: number,
  rows: number,
  columns: number,
  padded: number,
): void {
  for (let first = 0; first < columns; first += PANEL) {
    const width = Math.min(PANEL, columns - first);
    for (let row = 0; row < rows; row++) {
      const from = at + first * padded + row * PANEL;
      const to = row * columns + first;
      for (let c = 0; c < width; c++) out[to + c] = data[from + c]!;
    }
  }
}

/** packStrips of a matrix in memory, `columns` a multiple of 4, rows filled up with zeros; addresses in bytes. */
export function packStripsOf(
  copies: Copies,
  to: number,
  from: number,
  rows: number,
  columns: number,
  width: number,
): void {
  const rowBytes = 4 * columns;
  for (let row = 0; row < roundUp(rows, width); row += 4) {
    const target = to + (row - (row % width)) * rowBytes + 4 * (row % width);
    copies.transpose(from + row * rowBytes, target, columns / 4, rowBytes, 4 * width);
  }
}

/** packPanels of a matrix in memory, `columns` a multiple of PANEL; addresses in bytes. */
export function packPanelsOf(copies: Copies, to: number, from: number, columns: number, padded: number): void {
  for (let first = 0; first < columns; first += PANEL)
    copies.copyEights(from + 4 * first, to + 4 * first * padded, padded, 4 * columns, 4 * PANEL);
}

/** Undoes packPanelsOf. */
export function unpackPanelsOf(copies: Copies, to: number, from: number, columns: number, padded: number): void {
  for (let first = 0; first < columns; first += PANEL)
    copies.copyEights(from + 4 * first * padded, to + 4 * first, padded, 4 * PANEL, 4 * columns);
}
