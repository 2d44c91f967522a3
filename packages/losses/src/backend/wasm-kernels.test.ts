/** Kernels of our own against the cpu backend and against finite differences, on ragged shapes. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDifference } from '../core/finite-difference.js';
import { philox } from '../core/rng.js';
import { sizeOf } from '../core/shape.js';
import { startBackend } from './start.js';

const rng = philox(11, 'kernels');
const random = (shape: readonly number[]) => ({
  shape,
  values: Float32Array.from({ length: sizeOf(shape) }, () => 2 * rng.uniform() - 1),
});
type Input = ReturnType<typeof random>;

async function evaluate(
  backend: 'cpu' | 'wasm',
  kernel: string,
  inputs: Record<string, Input | Int32Array>,
  attributes: object,
) {
  await startBackend(backend);
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [
        name,
        input instanceof Int32Array
          ? tf.tensor1d(input, 'int32')
          : tf.tensor(input.values, [...input.shape], 'float32'),
      ]),
    );
    // Einsum is the one kernel whose operands have positions, not names.
    const operands = (kernel === 'Einsum' ? Object.values(tensors) : tensors) as tf.NamedTensorMap;
    const out = tf.engine().runKernel(kernel, operands, attributes as tf.NamedAttrMap) as tf.Tensor;
    return { shape: out.shape, values: out.dataSync().slice() };
  });
}

async function expectEqualToCpu(kernel: string, inputs: Record<string, Input | Int32Array>, attributes: object) {
  const expected = await evaluate('cpu', kernel, inputs, attributes);
  const actual = await evaluate('wasm', kernel, inputs, attributes);
  expect(actual.shape).toEqual(expected.shape);
  expect(expected.values.some((value) => value !== 0)).toBe(true);
  expected.values.forEach((value, i) =>
    expect(Math.abs(actual.values[i]! - value), `${kernel}[${i}]`).toBeLessThanOrEqual(
      1e-5 * Math.max(1, Math.abs(value)),
    ),
  );
}

describe('the input gradient of a convolution on wasm', () => {
  // A number of channels that is no multiple of 4 goes to the backend's own kernel: one channel more shows its bits.
  const withChannels = ({ shape, values }: Input, axis: number, channels: number): Input => {
    const inner = sizeOf(shape.slice(axis + 1));
    const before = shape[axis]!;
    const wider = shape.map((extent, i) => (i === axis ? channels : extent));
    const out = new Float32Array(sizeOf(wider));
    for (let row = 0; row < sizeOf(shape.slice(0, axis)); row++)
      out.set(values.subarray(row * before * inner, (row + 1) * before * inner), row * channels * inner);
    return { shape: wider, values: out };
  };

  it.each([
    { size: [7, 9], channels: 4, outputs: 3, filter: [3, 3], strides: [1, 1], pad: 'same' },
    { size: [14, 14], channels: 16, outputs: 32, filter: [3, 3], strides: [2, 2], pad: 'same' },
    { size: [8, 5], channels: 28, outputs: 5, filter: [2, 4], strides: [1, 2], pad: 'valid' },
    { size: [6, 6], channels: 20, outputs: 1, filter: [5, 1], strides: [3, 1], pad: 'same' },
    { size: [3, 3], channels: 8, outputs: 7, filter: [3, 3], strides: [1, 1], pad: 'valid' },
  ])('has the bits of the own kernel: %j', async ({ size, channels, outputs, filter, strides, pad }) => {
    const extent = (i: number) =>
      pad === 'same' ? Math.ceil(size[i]! / strides[i]!) : Math.floor((size[i]! - filter[i]!) / strides[i]!) + 1;
    const dy = random([2, extent(0), extent(1), outputs]);
    const weights = random([...filter, channels, outputs]);
    const gradient = (of: number) =>
      evaluate(
        'wasm',
        'Conv2DBackpropInput',
        { dy, filter: withChannels(weights, 2, of) },
        { inputShape: [2, ...size, of], strides, pad, dataFormat: 'NHWC' },
      );
    const [actual, own] = [await gradient(channels), await gradient(channels + 1)];
    expect(actual.values.some((value) => value !== 0)).toBe(true);
    const same = actual.values.every((value, i) =>
      Object.is(value, own.values[Math.floor(i / channels) * (channels + 1) + (i % channels)]),
    );
    expect(same).toBe(true);
  });
});

describe('matrix products on wasm', () => {
  const shapes = [
    [1, 1, 1],
    [3, 5, 2],
    [17, 33, 7],
    [128, 65, 10],
  ];
  const flags = [false, true];
  const combinations = shapes.flatMap(([m, k, n]) => flags.flatMap((a) => flags.map((b) => ({ m, k, n, a, b }))));

  it.each(combinations)('$m×$k×$n, transposed: $a, $b', async ({ m, k, n, a, b }) => {
    const left = random(a ? [k!, m!] : [m!, k!]);
    const right = random(b ? [n!, k!] : [k!, n!]);
    const attributes = { transposeA: a, transposeB: b };
    await expectEqualToCpu('BatchMatMul', { a: left, b: right }, attributes);
    const batch = (x: Input) => ({ ...x, shape: [1, ...x.shape] });
    const fused = { a: batch(left), b: batch(right), bias: random([n!]) };
    await expectEqualToCpu('_FusedMatMul', fused, { ...attributes, activation: 'linear' });
  });

  it('in batches, and leaves no memory behind', async () => {
    const inputs = { a: random([3, 5, 4]), b: random([3, 6, 5]) };
    const attributes = { transposeA: true, transposeB: true };
    await expectEqualToCpu('BatchMatMul', inputs, attributes);
    const before = tf.memory().numDataBuffers;
    await evaluate('wasm', 'BatchMatMul', inputs, attributes);
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});

describe.each([
  { size: [2, 7, 5], filter: [3, 2], channels: [3, 4], strides: [1, 1], pad: 'same' },
  { size: [1, 9, 8], filter: [3, 3], channels: [1, 5], strides: [2, 3], pad: 'valid' },
  { size: [3, 4, 4], filter: [1, 1], channels: [2, 1], strides: [1, 1], pad: 'valid' },
  { size: [2, 6, 7], filter: [5, 3], channels: [2, 3], strides: [2, 2], pad: 'same' },
])('convolution $filter of $size, strides $strides, $pad', ({ size, filter, channels, strides, pad }) => {
  const [batch, height, width] = size as [number, number, number];
  const [inChannels, outChannels] = channels as [number, number];
  const x = random([batch, height, width, inChannels]);
  const common = { strides, pad, dataFormat: 'NHWC', dilations: [1, 1] };
  const filterShape = [...filter, inChannels, outChannels] as [number, number, number, number];
  const depthwiseShape = [...filter, inChannels, 2] as [number, number, number, number];
  const outShape = (shape: typeof filterShape, depthwise: boolean) =>
    tf.backend_util.computeConv2DInfo(
      x.shape as typeof filterShape,
      shape,
      strides as [number, number],
      1,
      pad as 'same',
      undefined,
      depthwise,
    ).outShape;

  it('filter gradient', async () => {
    const dy = random(outShape(filterShape, false));
    await expectEqualToCpu('Conv2DBackpropFilter', { x, dy }, { ...common, filterShape });
  });
  it('depthwise filter gradient', async () => {
    const dy = random(outShape(depthwiseShape, true));
    await expectEqualToCpu(
      'DepthwiseConv2dNativeBackpropFilter',
      { x, dy },
      { ...common, filterShape: depthwiseShape },
    );
  });
  it('depthwise input gradient', async () => {
    const inputs = { dy: random(outShape(depthwiseShape, true)), filter: random(depthwiseShape) };
    await expectEqualToCpu('DepthwiseConv2dNativeBackpropInput', inputs, { ...common, inputShape: x.shape });
  });
});

describe('gradients of a dilated depthwise convolution', () => {
  const x = random([2, 7, 6, 2]);
  const filter = random([3, 2, 2, 2]);
  const attributes = { strides: [1, 1], pad: 'same', dilations: [2, 2], dataFormat: 'NHWC' };
  const dy = random([2, 7, 6, 4]);

  // The cpu backend ignores dilations in these kernels, so the derivative itself is the reference.
  beforeAll(async () => void (await startBackend('wasm')));
  const objective = (xValues: ArrayLike<number>, filterValues: ArrayLike<number>): number =>
    tf.tidy(() => {
      const out = tf.depthwiseConv2d(
        tf.tensor4d(Float32Array.from(xValues), x.shape as [number, number, number, number]),
        tf.tensor4d(Float32Array.from(filterValues), filter.shape as [number, number, number, number]),
        [1, 1],
        'same',
        'NHWC',
        [2, 2],
      );
      return (out.dataSync() as Float32Array).reduce((sum, value, i) => sum + value * dy.values[i]!, 0);
    });

  it.each([
    ['DepthwiseConv2dNativeBackpropInput', { dy, filter }, { inputShape: x.shape }, x],
    ['DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: filter.shape }, filter],
  ] as const)('%s', async (kernel, inputs, shape, input) => {
    const { values } = await evaluate('wasm', kernel, inputs, { ...attributes, ...shape });
    const f = (at: Float64Array) => (input === x ? objective(at, filter.values) : objective(x.values, at));
    const expected = finiteDifference(f, input.values, 0.5);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });
});

describe('the rest', () => {
  it.each([
    [[7, 3], [0, 2, 2, 1, 0, 2, 2], 3],
    [[5], [1, 1, 0, 3, 1], 4],
    [[4, 2, 3], [2, -1, 9, 2], 3],
  ])('UnsortedSegmentSum of %j by %j into %d', async (shape, ids, numSegments) => {
    const inputs = { x: random(shape), segmentIds: Int32Array.from(ids) };
    await expectEqualToCpu('UnsortedSegmentSum', inputs, { numSegments });
  });

  it.each([
    ['ij,jk->ik', [3, 5], [5, 2]],
    ['bij,bkj->bik', [2, 3, 4], [2, 5, 4]],
    ['ij,ij->', [3, 4], [3, 4]],
    ['i,j->ij', [3], [4]],
    ['ij,jk->ki', [3, 1], [1, 2]],
  ])('Einsum %s', async (equation, a, b) => {
    await expectEqualToCpu('Einsum', { 0: random(a), 1: random(b) }, { equation });
  });

  it('Einsum of one operand leaves no memory behind', async () => {
    await expectEqualToCpu('Einsum', { 0: random([3, 4]) }, { equation: 'ij->ji' });
    const before = tf.memory().numDataBuffers;
    await evaluate('wasm', 'Einsum', { 0: random([3, 4]), 1: random([4, 2]) }, { equation: 'ij,jk->ik' });
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});
