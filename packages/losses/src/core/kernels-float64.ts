/** Kernels on plain float64 arrays: the reference arithmetic. */
import { argSortRows, checkedIndices, gatherInto, putInto, scatterInto, sliceInto, takeInto } from './indexing.js';
import { convolutionGeometry, convolveInto, filterGradientInto, inputGradientInto } from './convolution.js';
import { binaryInto, clipInto, selectInto, transposeInto } from './elementwise.js';
import type { BinaryKernel, Kernels, UnaryKernel } from './kernels.js';
import type { Matrix } from '../pairwise/reference.js';
import { referenceBackward, referenceForward } from '../pairwise/reference.js';
import type { PairArrays } from '../pairwise/program.js';
import { blocksOf } from '../pairwise/program.js';
import type { Shape } from './shape.js';
import { aroundAxis, broadcastShape, sizeOf } from './shape.js';
import { erf, sigmoid, softplus } from './special.js';

export interface Dense {
  readonly shape: Shape;
  readonly data: Float64Array;
}

const dense = (shape: Shape): Dense => ({ shape, data: new Float64Array(sizeOf(shape)) });

const unaryFunctions: Record<UnaryKernel, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
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

function map(x: Dense, f: (value: number) => number): Dense {
  const out = dense(x.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i]!);
  return out;
}

function zip(kernel: BinaryKernel | 'chain' | 'gate', a: Dense, b: Dense): Dense {
  const shape = broadcastShape(a.shape, b.shape);
  return filled(shape, (out) => binaryInto(kernel, out, shape, a, b));
}

function transpose(x: Dense, permutation: readonly number[]): Dense {
  const shape = permutation.map((axis) => x.shape[axis]!);
  return filled(shape, (out) => transposeInto(out, x.data, x.shape, permutation));
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

const matrix = ({ shape, data }: Dense): Matrix => ({ data, rows: shape[0]!, columns: shape[1]! });

function pairArrays({ a, b, rowFields, columnFields, ...rest }: PairArrays<Dense>) {
  const fields = (given: Readonly<Record<string, Dense>>): Record<string, Float64Array> =>
    Object.fromEntries(Object.entries(given).map(([name, x]) => [name, x.data]));
  return { ...rest, a: matrix(a), b: matrix(b), rowFields: fields(rowFields), columnFields: fields(columnFields) };
}

export const float64Kernels: Kernels<Dense> = {
  tensor: (values, shape) => ({ shape: [...shape], data: Float64Array.from(values) }),
  fill: (shape, value) => filled([...shape], (out) => out.fill(value)),
  binary: zip,
  unary: (kernel, x) => map(x, unaryFunctions[kernel]),
  pow: (x, exponent) => map(x, (value) => value ** exponent),
  clip: (x, low, high) => filled(x.shape, (out) => clipInto(out, x.data, low, high)),
  chain: (upstream, local) => zip('chain', upstream, local),
  gate: (upstream, x) => zip('gate', upstream, x),
  select(condition, a, b) {
    const shape = broadcastShape(broadcastShape(condition.shape, a.shape), b.shape);
    return filled(shape, (out) => selectInto(out, shape, condition, a, b));
  },
  matMul,
  convolve(x, filter, window, depthwise) {
    const g = convolutionGeometry(x.shape, filter.shape, window, depthwise);
    const shape = [g.batchSize, g.outHeight, g.outWidth, g.outChannels];
    return filled(shape, (out) => convolveInto(out, x.data, filter.data, g, depthwise));
  },
  convolveInputGradient(dy, filter, inputShape, window, depthwise) {
    const g = convolutionGeometry(inputShape, filter.shape, window, depthwise);
    return filled(inputShape, (out) => inputGradientInto(out, dy.data, filter.data, g, depthwise));
  },
  convolveFilterGradient(x, dy, filterShape, window, depthwise) {
    const g = convolutionGeometry(x.shape, filterShape, window, depthwise);
    return filled(filterShape, (out) => filterGradientInto(out, x.data, dy.data, g, depthwise));
  },
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
  gatherAt: (x, positions) => float64Kernels.gather(x, checkedIndices('gatherAt', positions.data, x.shape[0]!), 0),
  scatterAt: (x, positions, rows) => float64Kernels.scatter(x, Int32Array.from(positions.data), 0, rows),
  take: (x, positions, shape) => filled(shape, (out) => takeInto(out, x.data, positions)),
  put: (x, positions, shape) => filled(shape, (out) => putInto(out, x.data, positions)),
  sortRows(x) {
    const positions = argSortRows(x.data, x.shape.at(-1)!);
    return {
      sorted: float64Kernels.take(x, positions, x.shape),
      unsort: (y) => float64Kernels.put(y, positions, x.shape),
    };
  },
  rows: (kernel, inputs, shape, count, parameter = 0) =>
    filled(shape, (out) =>
      kernel(
        out,
        inputs.map((input) => input.data),
        count,
        parameter,
      ),
    ),
  pairForward(program, arrays) {
    const blocks = blocksOf(program.statistics, arrays.a.shape[0]!, arrays.b.shape[0]!);
    const length = blocks.reduce((total, block) => total + block.length, 0);
    return filled([length], (out) => referenceForward(program, pairArrays(arrays), out));
  },
  pairBackward(program, arrays, want) {
    const { a, b } = arrays;
    const da = want.a ? dense(a.shape) : undefined;
    const db = a === b ? da : want.b ? dense(b.shape) : undefined;
    referenceBackward(program, pairArrays(arrays), da?.data, db?.data);
    return { a: da, b: a === b ? undefined : db };
  },
  alias: (x) => x,
  read: async (x) => x.data.slice(),
  keep: () => undefined,
  release: () => undefined,
};
