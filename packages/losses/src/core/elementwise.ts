/**
 * Element-wise kernels with broadcasting, shared by both bindings.
 * One written loop a kernel: a loop that calls its operation through a variable runs several times slower.
 */
import type { BinaryKernel, Floats } from './kernels.js';
import type { Shape } from './shape.js';
import { broadcastStrides, sameShape, sizeOf } from './shape.js';

/** out[o + i] = a[p + i·s] ∘ b[q + i·t] for i < n. */
type Loop = (
  out: Floats,
  o: number,
  a: Floats,
  p: number,
  s: number,
  b: Floats,
  q: number,
  t: number,
  n: number,
) => void;

// prettier-ignore
const loops: Record<BinaryKernel | 'chain' | 'gate', Loop> = {
  add: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! + b[q]!; },
  sub: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! - b[q]!; },
  mul: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! * b[q]!; },
  div: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! / b[q]!; },
  maximum: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = Math.max(a[p]!, b[q]!); },
  minimum: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = Math.min(a[p]!, b[q]!); },
  greater: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! > b[q]! ? 1 : 0; },
  greaterEqual: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! >= b[q]! ? 1 : 0; },
  less: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! < b[q]! ? 1 : 0; },
  lessEqual: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p]! <= b[q]! ? 1 : 0; },
  equal: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = a[p] === b[q] ? 1 : 0; },
  chain: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) { const g = a[p]!; out[o + i] = g === 0 ? 0 : g * b[q]!; } },
  gate: (out, o, a, p, s, b, q, t, n) => { for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = b[q]! > 0 ? a[p]! : 0; },
};

/** Calls body for each run of the last axis: offsets into out and the operands, and the operands' steps along the run. */
function runs(
  target: Shape,
  operands: readonly Shape[],
  body: (o: number, offsets: Int32Array, steps: readonly number[], n: number) => void,
): void {
  const size = sizeOf(target);
  if (size === 0) return;
  const offsets = new Int32Array(operands.length);
  if (operands.every((shape) => sameShape(shape, target) || sizeOf(shape) === 1)) {
    const steps = operands.map((shape) => (sizeOf(shape) === 1 && size !== 1 ? 0 : 1));
    body(0, offsets, steps, size);
    return;
  }
  const strides = operands.map((shape) => broadcastStrides(shape, target));
  const last = target.length - 1;
  const steps = strides.map((stride) => stride[last]!);
  const n = target[last]!;
  const position = new Int32Array(last);
  for (let o = 0; o < size; o += n) {
    body(o, offsets, steps, n);
    for (let d = last - 1; d >= 0; d--) {
      const wrapped = ++position[d]! === target[d]!;
      if (wrapped) position[d] = 0;
      for (let k = 0; k < offsets.length; k++) offsets[k]! += strides[k]![d]! * (wrapped ? 1 - target[d]! : 1);
      if (!wrapped) break;
    }
  }
}

/** Fills out, of shape `target`, from operands that broadcast to it. */
export function binaryInto(
  kernel: BinaryKernel | 'chain' | 'gate',
  out: Floats,
  target: Shape,
  a: { shape: Shape; data: Floats },
  b: { shape: Shape; data: Floats },
): void {
  const loop = loops[kernel];
  runs(target, [a.shape, b.shape], (o, at, steps, n) =>
    loop(out, o, a.data, at[0]!, steps[0]!, b.data, at[1]!, steps[1]!, n),
  );
}

/** a where condition ≠ 0, else b. */
export function selectInto(
  out: Floats,
  target: Shape,
  condition: { shape: Shape; data: Floats },
  a: { shape: Shape; data: Floats },
  b: { shape: Shape; data: Floats },
): void {
  runs(target, [condition.shape, a.shape, b.shape], (o, at, [r, s, t], n) => {
    let [c, p, q] = [at[0]!, at[1]!, at[2]!];
    for (let i = 0; i < n; i++, c += r!, p += s!, q += t!)
      out[o + i] = condition.data[c] !== 0 ? a.data[p]! : b.data[q]!;
  });
}

/** Values between low and high; NaN stays NaN. */
export function clipInto(out: Floats, x: Floats, low: number, high: number): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(x[i]!, low), high);
}

/** Axes in the order of `permutation`; the swap of the last two goes by tiles that stay in cache. */
export function transposeInto(out: Floats, x: Floats, shape: Shape, permutation: readonly number[]): void {
  const rank = shape.length;
  const swapsLast = rank >= 2 && permutation.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
  if (swapsLast) return transposeMatrices(out, x, shape[rank - 2]!, shape[rank - 1]!);
  const target = permutation.map((axis) => shape[axis]!);
  const steps = permutation.map((axis) => sizeOf(shape.slice(axis + 1)));
  const position = new Int32Array(rank);
  for (let i = 0, p = 0; i < out.length; i++) {
    out[i] = x[p]!;
    for (let d = rank - 1; d >= 0; d--) {
      p += steps[d]!;
      if (++position[d]! < target[d]!) break;
      p -= steps[d]! * target[d]!;
      position[d] = 0;
    }
  }
}

/** Four rows at a time, over as many columns as four lines of cache hold: each write fills a run of four. */
function transposeMatrices(out: Floats, x: Floats, height: number, width: number): void {
  const tile = 16;
  const blocks = height - (height % 4);
  for (let base = 0; base < x.length; base += height * width) {
    for (let left = 0; left < width; left += tile) {
      const right = Math.min(left + tile, width);
      for (let i = 0; i < blocks; i += 4) {
        let p = base + i * width + left;
        let to = base + left * height + i;
        for (let j = left; j < right; j++, p++, to += height) {
          out[to] = x[p]!;
          out[to + 1] = x[p + width]!;
          out[to + 2] = x[p + 2 * width]!;
          out[to + 3] = x[p + 3 * width]!;
        }
      }
      for (let i = blocks; i < height; i++)
        for (let j = left; j < right; j++) out[base + j * height + i] = x[base + i * width + j]!;
    }
  }
}
