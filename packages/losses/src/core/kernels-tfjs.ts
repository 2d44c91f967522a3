/**
 * Kernels on TensorFlow.js tensors. What its backends do fast and right goes to them; the rest (comparisons, selection,
 * indexing, row-wise reductions, and functions whose float32 kernels lose digits) are loops over the tensor's memory.
 */
import * as tf from '@tensorflow/tfjs-core';
import { binaryInto, clipInto, selectInto, transposeInto } from './elementwise.js';
import { countConvolution, countMatMul } from './flops.js';
import { hostKernel, hostView } from './host-kernel.js';
import { argSortRows, checkedIndices, gatherInto, putInto, scatterInto, takeInto } from './indexing.js';
import type { BinaryKernel, Kernels, UnaryKernel, Window } from './kernels.js';
import { pairExecutorOf } from '../pairwise/executors.js';
import { aroundAxis, broadcastShape } from './shape.js';
import type { Shape } from './shape.js';

const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes) as tf.Tensor;

const engineBinary: Partial<Record<BinaryKernel, string>> = { add: 'Add', sub: 'Sub', mul: 'Multiply', div: 'RealDiv' };

const engineUnary: Partial<Record<UnaryKernel, string>> = {
  neg: 'Neg',
  abs: 'Abs',
  square: 'Square',
  sqrt: 'Sqrt',
  exp: 'Exp',
  log: 'Log',
  acos: 'Acos',
  atan: 'Atan',
  tanh: 'Tanh',
  erf: 'Erf',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  relu: 'Relu',
};

// wasm's log1p is log(1 + x) and its sign(NaN) is 0; cpu's expm1 is exp(x) − 1.
const hostUnary: Partial<Record<UnaryKernel, (x: number) => number>> = {
  sign: Math.sign,
  expm1: Math.expm1,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
};

export const windowAttributes = ({ strides, dilations, pad }: Window) => ({
  strides: [...strides],
  dilations: [...dilations],
  pad,
  dataFormat: 'NHWC',
});

const pair = (x: tf.Tensor, data: Float32Array) => ({ shape: x.shape as Shape, data });

function binary(kernel: BinaryKernel | 'chain' | 'gate', a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  const native = kernel === 'chain' || kernel === 'gate' ? undefined : engineBinary[kernel];
  if (native) return run(native, { a, b });
  return hostKernel([a, b], shape, (out, [x, y]) => binaryInto(kernel, out, shape, pair(a, x!), pair(b, y!)));
}

function unary(kernel: UnaryKernel, x: tf.Tensor): tf.Tensor {
  const native = engineUnary[kernel];
  if (native) return run(native, { x });
  const f = hostUnary[kernel]!;
  return hostKernel([x], x.shape, (out, [v]) => {
    for (let i = 0; i < out.length; i++) out[i] = f(v![i]!);
  });
}

/** Whether a permutation leaves the memory order as it is, because it only moves axes of extent 1. */
function keepsOrder(shape: Shape, permutation: readonly number[]): boolean {
  const moved = permutation.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
}

function transpose(x: tf.Tensor, permutation: readonly number[]): tf.Tensor {
  const shape = permutation.map((axis) => x.shape[axis]!);
  if (keepsOrder(x.shape, permutation)) return run('Reshape', { x }, { shape });
  return hostKernel([x], shape, (out, [v]) => transposeInto(out, v!, x.shape, permutation));
}

const hosted: Kernels<tf.Tensor> = {
  tensor: (values, shape) =>
    tf.tensor(values instanceof Float32Array ? values : Float32Array.from(values), [...shape], 'float32'),
  fill: (shape, value) => run('Fill', {}, { shape: [...shape], value, dtype: 'float32' }),
  binary,
  unary,
  pow: (x, exponent) =>
    hostKernel([x], x.shape, (out, [v]) => {
      for (let i = 0; i < out.length; i++) out[i] = v![i]! ** exponent;
    }),
  clip: (x, low, high) => hostKernel([x], x.shape, (out, [v]) => clipInto(out, v!, low, high)),
  chain: (upstream, local) => binary('chain', upstream, local),
  gate: (upstream, x) => binary('gate', upstream, x),
  select(condition, a, b) {
    const shape = broadcastShape(broadcastShape(condition.shape, a.shape), b.shape);
    return hostKernel([condition, a, b], shape, (out, [c, p, q]) =>
      selectInto(out, shape, pair(condition, c!), pair(a, p!), pair(b, q!)),
    );
  },
  matMul(a, b, transposeA, transposeB) {
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    const out = run('BatchMatMul', { a, b }, { transposeA, transposeB });
    countMatMul(out.size, inner);
    return out;
  },
  convolve(x, filter, window, depthwise) {
    countConvolution(x.shape, filter.shape, window, depthwise);
    return run(depthwise ? 'DepthwiseConv2dNative' : 'Conv2D', { x, filter }, windowAttributes(window));
  },
  convolveInputGradient(dy, filter, inputShape, window, depthwise) {
    countConvolution(inputShape, filter.shape, window, depthwise);
    const attributes = { ...windowAttributes(window), inputShape: [...inputShape] };
    return run(depthwise ? 'DepthwiseConv2dNativeBackpropInput' : 'Conv2DBackpropInput', { dy, filter }, attributes);
  },
  convolveFilterGradient(x, dy, filterShape, window, depthwise) {
    countConvolution(x.shape, filterShape, window, depthwise);
    const attributes = { ...windowAttributes(window), filterShape: [...filterShape] };
    return run(depthwise ? 'DepthwiseConv2dNativeBackpropFilter' : 'Conv2DBackpropFilter', { x, dy }, attributes);
  },
  transpose,
  reshape: (x, shape) => run('Reshape', { x }, { shape: [...shape] }),
  concat: (xs, axis) => run('Concat', [...xs] as unknown as tf.NamedTensorMap, { axis }),
  slice: (x, begin, size) => run('Slice', { x }, { begin: [...begin], size: [...size] }),
  embed: (x, begin, shape) =>
    run(
      'PadV2',
      { x },
      { paddings: shape.map((extent, i) => [begin[i]!, extent - begin[i]! - x.shape[i]!]), constantValue: 0 },
    ),
  gather(x, indices, axis) {
    const shape = x.shape.map((extent, i) => (i === axis ? indices.length : extent));
    return hostKernel([x], shape, (out, [v]) => gatherInto(out, v!, indices, aroundAxis(x.shape, axis)));
  },
  scatter(x, indices, axis, length) {
    const shape = x.shape.map((extent, i) => (i === axis ? length : extent));
    return hostKernel([x], shape, (out, [v]) => scatterInto(out, v!, indices, aroundAxis(shape, axis)));
  },
  gatherAt: (x, positions) => hosted.gather(x, checkedIndices('gatherAt', hostView(positions), x.shape[0]!), 0),
  scatterAt: (x, positions, rows) => hosted.scatter(x, Int32Array.from(hostView(positions)), 0, rows),
  take: (x, positions, shape) => hostKernel([x], shape, (out, [v]) => takeInto(out, v!, positions)),
  put: (x, positions, shape) => hostKernel([x], shape, (out, [v]) => putInto(out, v!, positions)),
  sortRows(x) {
    const positions = argSortRows(hostView(x), x.shape.at(-1)!);
    return {
      sorted: hosted.take(x, positions, x.shape),
      unsort: (y) => hosted.put(y, positions, x.shape),
    };
  },
  rows: (kernel, inputs, shape, count, parameter = 0) =>
    hostKernel(inputs, shape, (out, arrays) => kernel(out, arrays, count, parameter)),
  pairForward: (program, arrays) => pairExecutorOf(tf.getBackend()).forward(program, arrays),
  pairBackward: (program, arrays, want) => pairExecutorOf(tf.getBackend()).backward(program, arrays, want),
  alias: (x) => run('Identity', { x }),
  async read(x) {
    return Float32Array.from((await x.data()) as Float32Array);
  },
  keep: (x) => void tf.keep(x),
  release: (x) => x.dispose(),
};

let active = hosted;

/** Sets what the kernels of the tfjs binding are; without an argument, those of this file. */
export function useKernels(kernels: Kernels<tf.Tensor> = hosted): void {
  active = kernels;
}

/** The kernels that the started backend runs on. */
export const tfjsKernels = Object.defineProperties(
  {},
  Object.fromEntries(
    (Object.keys(hosted) as (keyof Kernels<tf.Tensor>)[]).map((name) => [name, { get: () => active[name] }]),
  ),
) as Kernels<tf.Tensor>;
