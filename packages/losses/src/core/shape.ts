/** Shapes: sizes, axes, broadcasting, and the errors that a wrong one gets. */
import { LossError } from './errors.js';

export type Shape = readonly number[];

/** Elements of a tensor of this shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

export function mismatch(where: string, expected: string, received: string): LossError {
  return new LossError('SHAPE_MISMATCH', `${where}: expected ${expected}, received ${received}`, {
    field: where,
    value: received,
    allowed: expected,
  });
}

export const show = (shape: Shape): string => `[${shape.join(', ')}]`;

/** The shape that two operands broadcast to, as in NumPy. Throws SHAPE_MISMATCH. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const p = a[a.length - i] ?? 1;
    const q = b[b.length - i] ?? 1;
    if (p !== q && p !== 1 && q !== 1) throw mismatch('broadcast', `shapes that broadcast with ${show(a)}`, show(b));
    out[rank - i] = p === 1 ? q : p;
  }
  return out;
}

/** An axis counted from the front. Throws SHAPE_MISMATCH outside −rank … rank−1. */
export function frontAxis(axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(front) || front < 0 || front >= rank)
    throw mismatch('axis', `an integer from ${-rank} to ${rank - 1}`, String(axis));
  return front;
}

/** Sorted, distinct axes counted from the front; undefined means all. */
export function frontAxes(axis: number | readonly number[] | undefined, rank: number): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const axes = (typeof axis === 'number' ? [axis] : [...axis]).map((a) => frontAxis(a, rank));
  return [...new Set(axes)].sort((a, b) => a - b);
}

/** The shape after a reduction over `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((extent, i) => (axes.includes(i) ? 1 : extent))
    : shape.filter((_, i) => !axes.includes(i));
}

/** Row-major strides, zero where the extent is 1 and `target` is larger: what broadcasting reads by. */
export function broadcastStrides(shape: Shape, target: Shape): Int32Array {
  const strides = new Int32Array(target.length);
  let stride = 1;
  for (let i = 1; i <= shape.length; i++) {
    const extent = shape[shape.length - i]!;
    strides[target.length - i] = extent === 1 ? 0 : stride;
    stride *= extent;
  }
  return strides;
}

/** How a tensor looks around one axis: [outer, length, inner]. */
export function aroundAxis(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
