/** Cosine similarities by blocks: never more than a block of rows × all items in memory. */
import { EvalError } from '../../core/errors.js';

const PANEL = 4;
const COLUMN_TILE = 256;

/** Rows of a similarity block. */
export const BLOCK_ROWS = 32;

/** Unit rows in panels of four: element (i, k) at ((i div 4) · width + k) · 4 + i mod 4; missing rows are zero. */
export interface PackedRows {
  readonly panels: Float64Array;
  readonly n: number;
  readonly width: number;
}

/** L2-normalises rows in float64; a zero row stays zero. Throws NON_FINITE naming the first bad element. */
export function packUnitRows(embeddings: Float32Array, n: number, width: number): PackedRows {
  const panels = new Float64Array(Math.ceil(n / PANEL) * PANEL * width);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let k = 0; k < width; k++) {
      const value = embeddings[i * width + k]!;
      squares += value * value;
    }
    if (!Number.isFinite(squares)) {
      const k = embeddings.subarray(i * width, (i + 1) * width).findIndex((value) => !Number.isFinite(value));
      const field = `embeddings[${i}, ${k}]`;
      const value = embeddings[i * width + k];
      throw new EvalError('NON_FINITE', `${field} is ${value}`, { field, value, allowed: 'a finite number' });
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    const base = Math.floor(i / PANEL) * PANEL * width + (i % PANEL);
    for (let k = 0; k < width; k++) panels[base + k * PANEL] = embeddings[i * width + k]! * scale;
  }
  return { panels, n, width };
}

/** Sixteen dot products at once: they stay in registers, and each is summed in the order of k. */
function panelProducts(
  panels: Float64Array,
  width: number,
  rowPanel: number,
  columnPanel: number,
  target: Float32Array,
  offset: number,
  stride: number,
): void {
  let a = rowPanel * PANEL * width;
  let b = columnPanel * PANEL * width;
  const end = a + PANEL * width;
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  for (; a < end; a += 4, b += 4) {
    const a0 = panels[a]!,
      a1 = panels[a + 1]!,
      a2 = panels[a + 2]!,
      a3 = panels[a + 3]!;
    const b0 = panels[b]!,
      b1 = panels[b + 1]!,
      b2 = panels[b + 2]!,
      b3 = panels[b + 3]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  let at = offset;
  target[at] = c00;
  target[at + 1] = c01;
  target[at + 2] = c02;
  target[at + 3] = c03;
  at += stride;
  target[at] = c10;
  target[at + 1] = c11;
  target[at + 2] = c12;
  target[at + 3] = c13;
  at += stride;
  target[at] = c20;
  target[at + 1] = c21;
  target[at + 2] = c22;
  target[at + 3] = c23;
  at += stride;
  target[at] = c30;
  target[at + 1] = c31;
  target[at + 2] = c32;
  target[at + 3] = c33;
}

/** Items of a block's row: n rounded up to whole panels. */
export function blockStride(rows: PackedRows): number {
  return Math.ceil(rows.n / PANEL) * PANEL;
}

/**
 * Similarities of rows start … start + 31 (start a multiple of 32) with all items, row-major with `blockStride`,
 * summed in float64 and rounded to float32.
 */
export function similarityBlock(rows: PackedRows, start: number, target: Float32Array): void {
  const stride = blockStride(rows);
  const last = Math.min(start + BLOCK_ROWS, stride);
  for (let tile = 0; tile < stride; tile += COLUMN_TILE) {
    const tileEnd = Math.min(stride, tile + COLUMN_TILE);
    for (let row = start; row < last; row += PANEL) {
      for (let column = tile; column < tileEnd; column += PANEL) {
        const offset = (row - start) * stride + column;
        panelProducts(rows.panels, rows.width, row / PANEL, column / PANEL, target, offset, stride);
      }
    }
  }
}
