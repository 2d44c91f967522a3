/** Kernels on plain float64 arrays: the reference arithmetic. */
import { argSortRows, gatherInto, putInto, scatterInto, sliceInto, takeInto } from './indexing.js';
import type { BinaryKernel, Kernels, UnaryKernel } from './kernels.js';
import type { Shape } from './shape.js';
import { aroundAxis, broadcastShape, broadcastStrides, reducedShape, sameShape, sizeOf } from './shape.js';
import { erf, expm1, log1p, sigmoid, softplus } from './special.js';

export interface Dense {
  readonly shape: Shape;
  readonly data: Float64Array;
}

const dense = (shape: Shape): Dense => ({ shape, data: new Float64Array(sizeOf(shape)) });

const binaryFunctions: Record<BinaryKernel, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
};

const unaryFunctions: Record<UnaryKernel, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1,
  log: Math.log,
  log1p,
  sin: Math.sin,
  cos: Math.cos,
  acos: Math.acos,
  atan: Math.atan,
  tanh: Math.tanh,
  erf,
  sigmoid,
  softplus,
  relu: (x) => (x > 0 ? x : x === x ? 0 : x),
};

/** Calls body(position in x, position in y) for each element of `target` in row-major order. */
function walk(target: Shape, x: Shape, y: Shape, body: (i: number, p: number, q: number) => void): void {
  const size = sizeOf(target);
  const [strideX, strideY] = [broadcastStrides(x, target), broadcastStrides(y, target)];
  const position = new Int32Array(target.length);
  for (let i = 0, p = 0, q = 0; i < size; i++) {
    body(i, p, q);
    for (let d = target.length - 1; d >= 0; d--) {
      p += strideX[d]!;
      q += strideY[d]!;
      if (++position[d]! < target[d]!) break;
      p -= strideX[d]! * target[d]!;
      q -= strideY[d]! * target[d]!;
      position[d] = 0;
    }
  }
}

function map(x: Dense, f: (value: number) => number): Dense {
  const out = dense(x.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i]!);
  return out;
}

function zip(a: Dense, b: Dense, f: (a: number, b: number) => number): Dense {
  const out = dense(broadcastShape(a.shape, b.shape));
  if (sameShape(a.shape, b.shape)) for (let i = 0; i < out.data.length; i++) out.data[i] = f(a.data[i]!, b.data[i]!);
  else walk(out.shape, a.shape, b.shape, (i, p, q) => (out.data[i] = f(a.data[p]!, b.data[q]!)));
  return out;
}

function fold(x: Dense, axes: readonly number[], keepDims: boolean, start: number, f: (a: number, b: number) => number) {
  const kept = reducedShape(x.shape, axes, true);
  const out = dense(kept);
  out.data.fill(start);
  walk(x.shape, x.shape, kept, (_, p, q) => (out.data[q] = f(out.data[q]!, x.data[p]!)));
  return { shape: keepDims ? kept : reducedShape(x.shape, axes, false), data: out.data };
}

function transpose(x: Dense, permutation: readonly number[]): Dense {
  const out = dense(permutation.map((axis) => x.shape[axis]!));
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  const steps = permutation.map((axis) => strides[axis]!);
  const position = new Int32Array(steps.length);
  for (let i = 0, p = 0; i < out.data.length; i++) {
    out.data[i] = x.data[p]!;
    for (let d = steps.length - 1; d >= 0; d--) {
      p += steps[d]!;
      if (++position[d]! < out.shape[d]!) break;
      p -= steps[d]! * out.shape[d]!;
      position[d] = 0;
    }
  }
  return out;
}

function matMul(a: Dense, b: Dense, transposeA: boolean, transposeB: boolean): Dense {
  const rank = a.shape.length;
  const swap = (x: Dense) =>
    transpose(
      x,
      x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
    );
  const p = transposeA ? swap(a) : a;
  const q = transposeB ? swap(b) : b;
  const [m, inner, n] = [p.shape.at(-2)!, p.shape.at(-1)!, q.shape.at(-1)!];
  const out = dense([...p.shape.slice(0, -2), m, n]);
  const batches = sizeOf(p.shape.slice(0, -2));
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < m; i++) {
      const to = (batch * m + i) * n;
      for (let l = 0; l < inner; l++) {
        const factor = p.data[(batch * m + i) * inner + l]!;
        const from = (batch * inner + l) * n;
        for (let j = 0; j < n; j++) out.data[to + j]! += factor * q.data[from + j]!;
      }
    }
  }
  return out;
}

function argMax(x: Dense, axis: number): Dense {
  const { outer, length, inner } = aroundAxis(x.shape, axis);
  const out = dense(reducedShape(x.shape, [axis], false));
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      let best = 0;
      const at = (l: number) => x.data[(o * length + l) * inner + k]!;
      for (let l = 1; l < length; l++) if (at(l) > at(best)) best = l;
      out.data[o * inner + k] = best;
    }
  }
  return out;
}

function concat(xs: readonly Dense[], axis: number): Dense {
  const first = xs[0]!;
  const length = xs.reduce((total, x) => total + x.shape[axis]!, 0);
  const out = dense(first.shape.map((extent, i) => (i === axis ? length : extent)));
  const { outer, inner } = aroundAxis(out.shape, axis);
  for (let o = 0, to = 0; o < outer; o++) {
    for (const x of xs) {
      const width = x.shape[axis]! * inner;
      out.data.set(x.data.subarray(o * width, (o + 1) * width), to);
      to += width;
    }
  }
  return out;
}

function filled(shape: Shape, body: (out: Float64Array) => void): Dense {
  const out = dense(shape);
  body(out.data);
  return out;
}

export const float64Kernels: Kernels<Dense> = {
  tensor: (values, shape) => ({ shape: [...shape], data: Float64Array.from(values) }),
  fill: (shape, value) => filled([...shape], (out) => out.fill(value)),
  binary: (kernel, a, b) => zip(a, b, binaryFunctions[kernel]),
  unary: (kernel, x) => map(x, unaryFunctions[kernel]),
  pow: (x, exponent) => map(x, (value) => value ** exponent),
  clip: (x, low, high) => map(x, (value) => Math.min(Math.max(value, low), high)),
  chain: (upstream, local) => zip(upstream, local, (g, d) => (g === 0 ? 0 : g * d)),
  select(condition, a, b) {
    const picked = zip(condition, a, (c, value) => (c === 0 ? 0 : value));
    const rest = zip(condition, b, (c, value) => (c === 0 ? value : 0));
    const shape = broadcastShape(picked.shape, rest.shape);
    const mask = zip(condition, { shape, data: new Float64Array(sizeOf(shape)) }, (c) => c);
    const [yes, no] = [zip(mask, picked, (_, value) => value), zip(mask, rest, (_, value) => value)];
    return filled(shape, (out) => mask.data.forEach((c, i) => (out[i] = c === 0 ? no.data[i]! : yes.data[i]!)));
  },
  sum: (x, axes, keepDims) => fold(x, axes, keepDims, 0, (a, b) => a + b),
  max: (x, axes, keepDims) => fold(x, axes, keepDims, -Infinity, Math.max),
  argMax,
  matMul,
  transpose,
  reshape: (x, shape) => ({ shape: [...shape], data: x.data }),
  concat,
  slice: (x, begin, size) => filled([...size], (out) => sliceInto(out, x.data, x.shape, begin, size)),
  embed: (x, begin, shape) => filled(shape, (out) => sliceInto(out, x.data, shape, begin, x.shape, true)),
  gather(x, indices, axis) {
    const shape = x.shape.map((extent, i) => (i === axis ? indices.length : extent));
    return filled(shape, (out) => gatherInto(out, x.data, indices, aroundAxis(x.shape, axis)));
  },
  scatter(x, indices, axis, length) {
    const shape = x.shape.map((extent, i) => (i === axis ? length : extent));
    return filled(shape, (out) => scatterInto(out, x.data, indices, aroundAxis(shape, axis)));
  },
  take: (x, positions, shape) => filled(shape, (out) => takeInto(out, x.data, positions)),
  put: (x, positions, shape) => filled(shape, (out) => putInto(out, x.data, positions)),
  argSort: (x) => argSortRows(x.data, x.shape.at(-1)!),
  rows: (kernel, inputs, shape, parameter = 0) =>
    filled(shape, (out) => {
      const first = inputs[0]!;
      kernel(
        out,
        inputs.map((input) => input.data),
        rowCount(first.shape, shape, inputs.length),
        parameter,
      );
    }),
  alias: (x) => x,
  read: async (x) => x.data.slice(),
  keep: () => undefined,
  release: () => undefined,
};
