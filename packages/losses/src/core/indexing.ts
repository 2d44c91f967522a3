/** Kernels that move elements by host indices, shared by both bindings. Outputs are filled completely. */
import type { Floats } from './kernels.js';
import type { Shape } from './shape.js';
import { mismatch, sizeOf } from './shape.js';

/** Checks that every index is an integer from 0 to extent − 1. Throws SHAPE_MISMATCH. */
export function checkedIndices(where: string, indices: ArrayLike<number>, extent: number): Int32Array {
  const checked = Int32Array.from(indices);
  for (let i = 0; i < checked.length; i++) {
    const index = indices[i]!;
    if (checked[i] !== index || index < 0 || index >= extent)
      throw mismatch(`${where}[${i}]`, `an integer from 0 to ${extent - 1}`, String(index));
  }
  return checked;
}

export function gatherInto(out: Floats, x: Floats, indices: Int32Array, around: Around): void {
  const { outer, length, inner } = around;
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, to += inner) {
      const from = (o * length + indices[i]!) * inner;
      for (let k = 0; k < inner; k++) out[to + k] = x[from + k]!;
    }
  }
}

/** `around` describes the output. */
export function scatterInto(out: Floats, x: Floats, indices: Int32Array, around: Around): void {
  const { outer, length, inner } = around;
  out.fill(0);
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, from += inner) {
      const to = (o * length + indices[i]!) * inner;
      for (let k = 0; k < inner; k++) out[to + k]! += x[from + k]!;
    }
  }
}

export function takeInto(out: Floats, x: Floats, positions: Int32Array): void {
  for (let i = 0; i < positions.length; i++) out[i] = x[positions[i]!]!;
}

export function putInto(out: Floats, x: Floats, positions: Int32Array): void {
  out.fill(0);
  for (let i = 0; i < positions.length; i++) out[positions[i]!]! += x[i]!;
}

/** Copies the block of x that starts at `begin` (or, with `back`, writes x there into zeros). */
export function sliceInto(out: Floats, x: Floats, whole: Shape, begin: Shape, size: Shape, back = false): void {
  if (back) out.fill(0);
  if (sizeOf(size) === 0) return;
  const width = size.at(-1) ?? 1;
  const rows = sizeOf(size) / width;
  const position = new Int32Array(size.length);
  for (let row = 0, small = 0; row < rows; row++, small += width) {
    let large = 0;
    for (let d = 0; d < size.length; d++) large = large * whole[d]! + begin[d]! + position[d]!;
    if (back) out.set(x.subarray(small, small + width), large);
    else out.set(x.subarray(large, large + width), small);
    for (let d = size.length - 2; d >= 0; d--) {
      if (++position[d]! < size[d]!) break;
      position[d] = 0;
    }
  }
}

/** Flat positions that sort each row of `width` ascending; ties keep their order, NaN comes last. */
export function argSortRows(x: Floats, width: number): Int32Array {
  const positions = new Int32Array(x.length);
  const order = (a: number, b: number): number => {
    const difference = x[a]! - x[b]!;
    if (difference === difference && difference !== 0) return difference;
    const nan = Number(Number.isNaN(x[a]!)) - Number(Number.isNaN(x[b]!));
    return nan !== 0 ? nan : x[a]! < x[b]! ? -1 : x[a]! > x[b]! ? 1 : a - b;
  };
  for (let at = 0; at < x.length; at += width) {
    const row = positions.subarray(at, at + width);
    for (let j = 0; j < width; j++) row[j] = at + j;
    row.sort(order);
  }
  return positions;
}

interface Around {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}
