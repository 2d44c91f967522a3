/**
 * Kernels on tensors of the webgpu backend, none of which waits for the host. Products and convolutions are
 * TensorFlow.js's; what it lacks, or computes with fewer digits or in no fixed order, is our own WGSL.
 */
import * as tf from '@tensorflow/tfjs-core';
import { countConvolution, countMatMul } from '../core/flops.js';
import type { Kernels } from '../core/kernels.js';
import { windowAttributes } from '../core/kernels-tfjs.js';
import type { Shape } from '../core/shape.js';
import { sizeOf } from '../core/shape.js';
import { pairExecutorOf } from '../pairwise/executors.js';
import { binary, clip, pow, select, transpose, unary } from './webgpu-elementwise.js';
import { gather, gatherAt, put, scatter, scatterAt, sortRows, take } from './webgpu-indexing.js';
import { rowsKernel } from './webgpu-rows.js';

const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes) as tf.Tensor;

const fill = (shape: Shape, value: number): tf.Tensor =>
  run('Fill', {}, { shape: [...shape], value, dtype: 'float32' });

const PROGRAM = 'WEBGPU_MATMUL_PROGRAM_TYPE';
/** From this inner extent on TensorFlow.js may split a product and add the parts by atomics, in any order. */
const SPLIT_FROM = 2000;
const PACKED = 3;

/** Runs a kernel that multiplies matrices, with programs of a fixed order of addition only. */
function inOrder(inner: number, body: () => tf.Tensor): tf.Tensor {
  if (inner < SPLIT_FROM) return body();
  tf.env().set(PROGRAM, PACKED);
  try {
    return body();
  } finally {
    tf.env().set(PROGRAM, -1);
  }
}

export const webgpuKernels: Kernels<tf.Tensor> = {
  // The backend uploads later, so it must not see what its caller writes meanwhile.
  tensor: (values, shape) => tf.tensor(Float32Array.from(values), [...shape], 'float32'),
  fill,
  binary,
  unary,
  pow,
  clip,
  chain: (upstream, local) => binary('chain', upstream, local),
  gate: (upstream, x) => binary('gate', upstream, x),
  select,
  matMul(a, b, transposeA, transposeB) {
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    if (inner === 0 || a.size === 0 || b.size === 0) {
      const [height, width] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
      return fill([...a.shape.slice(0, -2), height, width], 0);
    }
    const out = inOrder(inner, () => run('BatchMatMul', { a, b }, { transposeA, transposeB }));
    countMatMul(out.size, inner);
    return out;
  },
  convolve(x, filter, window, depthwise) {
    countConvolution(x.shape, filter.shape, window, depthwise);
    const kernel = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
    return inOrder(sizeOf(filter.shape.slice(0, 3)), () => run(kernel, { x, filter }, windowAttributes(window)));
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
  embed(x, begin, shape) {
    if (x.size === 0) return fill(shape, 0);
    const paddings = shape.map((extent, i) => [begin[i]!, extent - begin[i]! - x.shape[i]!]);
    return run('PadV2', { x }, { paddings, constantValue: 0 });
  },
  gather,
  scatter,
  gatherAt,
  scatterAt,
  take,
  put,
  sortRows,
  rows: (kernel, inputs, shape, count, parameter = 0) =>
    inputs[0]!.size === 0 && sizeOf(shape) > 0 ? fill(shape, 0) : rowsKernel(kernel, inputs, shape, count, parameter),
  pairForward: (program, arrays) => pairExecutorOf('webgpu').forward(program, arrays),
  pairBackward: (program, arrays, want) => pairExecutorOf('webgpu').backward(program, arrays, want),
  alias: (x) => run('Identity', { x }),
  async read(x) {
    return Float32Array.from((await x.data()) as Float32Array);
  },
  keep: (x) => void tf.keep(x),
  release: (x) => x.dispose(),
};
