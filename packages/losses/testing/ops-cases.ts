/** One table of operations with inputs and points of interest, which every binding and every backend is checked on. */
import { expect } from 'vitest';
import type { Ops, Tensor } from '../src/core/ops.js';
import { philox } from '../src/core/rng.js';
import { sizeOf } from '../src/core/shape.js';
import { createTape } from '../src/core/tape.js';

interface Input {
  shape: readonly number[];
  values: Float64Array;
}

export interface Case {
  name: string;
  inputs: Input[];
  f: (ops: Ops, ...xs: Tensor[]) => Tensor;
  /** False where the point lies on a kink or at infinity: then only the bindings are compared. */
  smooth?: boolean;
}

const rng = philox(20240601, 'ops');
/** Values rounded to float32, so that both bindings see the same input. */
const random = (shape: readonly number[], low = -2, high = 2): Input => ({
  shape,
  values: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(low + (high - low) * rng.uniform())),
});
const given = (shape: readonly number[], values: readonly number[]): Input => ({
  shape,
  values: Float64Array.from(values, Math.fround),
});

const pairs: [readonly number[], readonly number[]][] = [
  [[], []],
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [4]],
  [[3, 1], [4]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[], [2, 3]],
];
const onPairs = (name: string, f: Case['f'], low = -2, high = 2): Case[] =>
  pairs.map(([a, b]) => ({
    name: `${name} [${a}] [${b}]`,
    inputs: [random(a), random(b, low, high)],
    f,
  }));
const unary = (name: string, f: (ops: Ops, x: Tensor) => Tensor, low = -2, high = 2): Case => ({
  name,
  inputs: [random([3, 5], low, high)],
  f,
});
const edge = (name: string, values: readonly number[], f: (ops: Ops, x: Tensor) => Tensor, shape?: number[]): Case => ({
  name: `${name} at the edge`,
  inputs: [given(shape ?? [values.length], values)],
  f,
  smooth: false,
});

export const cases: readonly Case[] = [
  ...onPairs('add', (o, a, b) => o.add(a, b)),
  ...onPairs('sub', (o, a, b) => o.sub(a, b)),
  ...onPairs('mul', (o, a, b) => o.mul(a, b)),
  ...onPairs('div', (o, a, b) => o.div(a, b), 0.5, 3),
  ...onPairs('maximum', (o, a, b) => o.maximum(a, b)),
  ...onPairs('minimum', (o, a, b) => o.minimum(a, b)),
  ...onPairs('where', (o, a, b) => o.where(o.greater(o.stopGradient(a), 0), a, o.square(b))),
  unary('number operands', (o, x) => o.sub(3, o.div(2, o.add(o.mul(x, 2), 9)))),
  unary('pow 3', (o, x) => o.pow(x, 3)),
  unary('pow 0.7', (o, x) => o.pow(x, 0.7), 0.2, 3),
  unary('pow -1.5', (o, x) => o.pow(x, -1.5), 0.2, 3),
  unary('pow 0', (o, x) => o.pow(x, 0)),
  unary('neg', (o, x) => o.neg(x)),
  unary('abs', (o, x) => o.abs(x)),
  unary('square', (o, x) => o.square(x)),
  unary('sqrt', (o, x) => o.sqrt(x), 0.1, 4),
  unary('exp', (o, x) => o.exp(x)),
  unary('expm1', (o, x) => o.expm1(x)),
  unary('log', (o, x) => o.log(x), 0.1, 4),
  unary('log1p', (o, x) => o.log1p(x), -0.8, 4),
  unary('sin', (o, x) => o.sin(x)),
  unary('cos', (o, x) => o.cos(x)),
  unary('acos', (o, x) => o.acos(x), -0.9, 0.9),
  unary('atan', (o, x) => o.atan(x)),
  unary('tanh', (o, x) => o.tanh(x)),
  unary('erf', (o, x) => o.erf(x), -4, 4),
  unary('sigmoid', (o, x) => o.sigmoid(x), -6, 6),
  unary('softplus', (o, x) => o.softplus(x), -6, 6),
  unary('relu', (o, x) => o.relu(x)),
  unary('clip', (o, x) => o.clip(x, -1.03, 0.52)),
  edge('softplus, sigmoid', [-1000, -90, -20, 0, 20, 90, 1000], (o, x) => o.add(o.softplus(x), o.sigmoid(x))),
  edge('expm1, log1p near 0', [-1e-6, -1e-20, 0, 1e-20, 1e-6], (o, x) => o.add(o.expm1(x), o.log1p(x))),
  edge('relu, abs at 0', [-1, 0, 1], (o, x) => o.add(o.relu(x), o.abs(x))),
  edge('ties of maximum', [-1, 0, 1], (o, x) => o.maximum(x, 0)),
  edge('ties of max', [2, 1, 2, 0, 0, 0], (o, x) => o.max(x, { axis: 1 }), [2, 3]),
  edge('ties of min', [2, 1, 1, 0, 0, 0], (o, x) => o.min(x, { axis: 1 }), [2, 3]),
  edge('clip at its bounds', [-3, -1, 0, 1, 3], (o, x) => o.clip(x, -1, 1)),
  edge('where over sqrt of 0', [0, 4], (o, x) => o.where(o.greater(x, 0), o.sqrt(x), 0)),
  edge('where over log of negatives', [-1, 0, 2], (o, x) => o.where(o.greater(x, 0), o.log(x), x)),
  edge('where over division by 0', [0, 2], (o, x) => o.where(o.equal(x, 0), 0, o.div(1, x))),
  edge('where over exp overflow', [1000, 1], (o, x) => o.where(o.less(x, 50), o.exp(o.mul(x, x)), x)),
  edge('where over acos outside', [-2, 1, 0.5], (o, x) => o.where(o.less(o.abs(x), 1), o.acos(x), 0)),
  edge('where over a power of 0', [0, 4], (o, x) => o.where(o.greater(x, 0), o.pow(x, -0.5), 1)),

  ...([undefined, 0, 1, -1, [0, 2], [1]] as const).flatMap((axis) =>
    ([false, true] as const).flatMap((keepDims) => {
      const r = axis === undefined ? { keepDims } : { axis, keepDims };
      const label = `axis ${String(axis)}${keepDims ? ' kept' : ''}`;
      return [
        { name: `sum ${label}`, inputs: [random([2, 3, 4])], f: (o: Ops, x: Tensor) => o.sum(x, r) },
        { name: `mean ${label}`, inputs: [random([2, 3, 4])], f: (o: Ops, x: Tensor) => o.mean(x, r) },
        { name: `max ${label}`, inputs: [random([2, 3, 4])], f: (o: Ops, x: Tensor) => o.max(x, r) },
        { name: `min ${label}`, inputs: [random([2, 3, 4])], f: (o: Ops, x: Tensor) => o.min(x, r) },
        { name: `logSumExp ${label}`, inputs: [random([2, 3, 4])], f: (o: Ops, x: Tensor) => o.logSumExp(x, r) },
      ];
    }),
  ),
  { name: 'sum of a scalar', inputs: [random([])], f: (o, x) => o.sum(x) },
  edge('logSumExp of huge logits', [1e4, 1e4 - 1, -1e4, 3e4, 3e4, 3e4], (o, x) => o.logSumExp(x, { axis: 1 }), [2, 3]),
  edge(
    'logSumExp under −Inf masks',
    [1, 2, 3, 4, 5, 6],
    (o, x) => {
      const mask = o.tensor([1, 0, 1, 0, 0, 0], [2, 3]);
      const masked = o.logSumExp(o.where(mask, x, -Infinity), { axis: 1 });
      return o.where(o.greater(masked, -Infinity), masked, 0);
    },
    [2, 3],
  ),

  { name: 'matMul', inputs: [random([3, 5]), random([5, 2])], f: (o, a, b) => o.matMul(a, b) },
  { name: 'matMul aᵀ', inputs: [random([5, 3]), random([5, 2])], f: (o, a, b) => o.matMul(a, b, { transposeA: true }) },
  { name: 'matMul bᵀ', inputs: [random([3, 5]), random([2, 5])], f: (o, a, b) => o.matMul(a, b, { transposeB: true }) },
  {
    name: 'matMul aᵀ bᵀ',
    inputs: [random([5, 3]), random([2, 5])],
    f: (o, a, b) => o.matMul(a, b, { transposeA: true, transposeB: true }),
  },
  {
    name: 'matMul batched',
    inputs: [random([2, 3, 5]), random([2, 4, 5])],
    f: (o, a, b) => o.matMul(a, b, { transposeB: true }),
  },
  { name: 'matMul with itself', inputs: [random([4, 3])], f: (o, a) => o.matMul(a, a, { transposeB: true }) },
  ...(['same', 'valid'] as const).flatMap((pad): Case[] =>
    ([1, 2, [3, 1]] as const).flatMap((strides): Case[] => [
      {
        name: `conv2d ${pad}, strides ${String(strides)}`,
        inputs: [random([2, 5, 7, 3]), random([3, 2, 3, 4])],
        f: (o, x, w) => o.conv2d(x, w, { strides, pad }),
      },
      {
        name: `depthwiseConv2d ${pad}, strides ${String(strides)}`,
        inputs: [random([2, 5, 7, 3]), random([3, 2, 3, 2])],
        f: (o, x, w) => o.depthwiseConv2d(x, w, { strides, pad }),
      },
    ]),
  ),
  { name: 'transpose', inputs: [random([3, 17])], f: (o, x) => o.transpose(x) },
  { name: 'transpose 3-D', inputs: [random([2, 3, 4])], f: (o, x) => o.transpose(x, [2, 0, 1]) },
  { name: 'transpose of a row', inputs: [random([1, 4])], f: (o, x) => o.transpose(x) },
  { name: 'reshape', inputs: [random([2, 6])], f: (o, x) => o.square(o.reshape(x, [3, 4])) },
  { name: 'expandDims, squeeze', inputs: [random([2, 3])], f: (o, x) => o.squeeze(o.expandDims(o.square(x), -1)) },
  { name: 'concat', inputs: [random([2, 3]), random([2, 1])], f: (o, a, b) => o.concat([a, b, a], -1) },
  { name: 'concat rows', inputs: [random([2, 3]), random([1, 3])], f: (o, a, b) => o.concat([a, b], 0) },
  { name: 'stack', inputs: [random([2, 3]), random([2, 3])], f: (o, a, b) => o.stack([a, o.square(b)], 1) },
  { name: 'slice', inputs: [random([3, 4, 5])], f: (o, x) => o.slice(x, [1, 0, 2], [2, 3, 2]) },
  { name: 'slice of a vector', inputs: [random([6])], f: (o, x) => o.slice(x, [2], [3]) },
  { name: 'gather', inputs: [random([4, 3])], f: (o, x) => o.gather(x, [2, 0, 2, 2, 3]) },
  { name: 'gather axis 1', inputs: [random([2, 4, 3])], f: (o, x) => o.gather(x, Int32Array.of(3, 3, 0), 1) },
  { name: 'pick', inputs: [random([4, 3])], f: (o, x) => o.pick(x, [2, 0, 1, 2]) },
  { name: 'sort', inputs: [random([4, 7])], f: (o, x) => o.sort(x) },
  edge('sort with ties', [3, 1, 3, 1, 2, 0], (o, x) => o.mul(o.sort(x), o.tensor([1, 2, 3, 4, 5, 6], [2, 3])), [2, 3]),
  { name: 'oneHot', inputs: [random([3, 4])], f: (o, x) => o.mul(x, o.oneHot([3, 0, 3], 4)) },
  { name: 'argMax', inputs: [random([3, 4])], f: (o, x) => o.mul(o.argMax(x, 0), o.sum(x, { axis: 0 })) },
  {
    name: 'comparisons',
    inputs: [given([4], [1, 2, 3, 4]), given([4], [2, 2, 2, 4])],
    smooth: false,
    f: (o, a, b) => o.stack([o.greater(a, b), o.greaterEqual(a, b), o.less(a, b), o.lessEqual(a, b), o.equal(a, b)], 0),
  },

  { name: 'softmax', inputs: [random([2, 3, 4])], f: (o, x) => o.softmax(x) },
  { name: 'logSoftmax', inputs: [random([3, 4])], f: (o, x) => o.logSoftmax(x) },
  { name: 'logSoftmax of a vector', inputs: [random([5])], f: (o, x) => o.logSoftmax(x) },
  edge('softmax of huge logits', [1e4, 0, -1e4, 5e3, 5e3, 0], (o, x) => o.softmax(x), [2, 3]),
  edge('logSoftmax of huge logits', [1e4, 0, -1e4, 5e3, 5e3, 0], (o, x) => o.logSoftmax(x), [2, 3]),
  { name: 'l2Normalise', inputs: [random([3, 4])], f: (o, x) => o.l2Normalise(x) },
  { name: 'l2Normalise inside eps', inputs: [random([3, 4], -0.1, 0.1)], f: (o, x) => o.l2Normalise(x, 1) },
  edge('l2Normalise of zero', [0, 0, 0, 3, 0, 4], (o, x) => o.l2Normalise(x), [2, 3]),

  { name: 'stopGradient', inputs: [random([4])], smooth: false, f: (o, x) => o.mul(x, o.stopGradient(o.square(x))) },
  {
    name: 'customGradient',
    inputs: [random([4]), random([4])],
    f: (o, x, y) =>
      o.customGradient([o.square(x), y], (a, b) => ({
        value: o.mul(a, b),
        backward: (g) => [o.mul(g, b), o.mul(g, a)],
      })),
  },
  {
    name: 'an inner gradient is a constant',
    inputs: [random([4]), random([4])],
    smooth: false,
    f: (o, x, w) =>
      o.mul(
        w,
        o.gradient((y) => o.sum(o.mul(o.square(y), w)), x),
      ),
  },
  {
    name: 'a value used twice',
    inputs: [random([3, 3])],
    f: (o, x) => {
      const y = o.tanh(x);
      return o.add(o.mul(y, y), o.matMul(y, o.transpose(y)));
    },
  },
];

export interface Result {
  shape: readonly number[];
  value: ArrayLike<number>;
  gradients: ArrayLike<number>[];
}

export const cotangents = (size: number) => Float64Array.from({ length: size }, (_, i) => Math.fround(Math.cos(i + 1)));

export function inFloat64({ inputs, f }: Case): Result {
  const tape = createTape();
  const leaves = inputs.map(({ values, shape }) => tape.variable(values, shape));
  const out = f(tape, ...leaves);
  const gradients = tape.gradients(out, leaves, cotangents(sizeOf(out.shape)));
  return { shape: out.shape, value: tape.values(out), gradients };
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Object.is(a, e) || a === e) continue;
    expect(Math.abs(a - e), `${what}[${i}]: ${a} against ${e}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(e)),
    );
  }
}
