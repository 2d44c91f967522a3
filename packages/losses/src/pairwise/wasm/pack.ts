/** Copies of matrices in the order in which the products read them, padded with zeros. */
import { PANEL } from './layout.js';

export const roundUp = (x: number, to: number): number => Math.ceil(x / to) * to;

/**
 * Groups of `width` rows, each group by its inner index: out[at + ((row / width)·inner + k)·width + row % width]. `inner`
 * is at least `columns`.
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
  for (let row = 0, from = 0; row < rows; row++) {
    let to = at + (row - (row % width)) * inner + (row % width);
    for (let k = 0; k < columns; k++, to += width) out[to] = data[from++]!;
  }
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
