/** The gradients of convolutions that the wasm backend lacks; channels last. */
import * as tf from '@tensorflow/tfjs-core';
import type { Geometry } from '../core/convolution.js';
import { filterGradientInto, inputGradientInto, meetings } from '../core/convolution.js';
import type { KernelArguments } from './wasm-memory.js';
import { allocate, view } from './wasm-memory.js';

interface ConvolutionAttributes {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dataFormat?: 'NHWC' | 'NCHW';
  filterShape: [number, number, number, number];
  inputShape: [number, number, number, number];
}

export function registerConvolutionKernels(): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: (args) => filterGradient(args as unknown as KernelArguments<ConvolutionAttributes>),
  });
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropInput',
    backendName: 'wasm',
    kernelFunc: (args) => depthwiseInputGradient(args as unknown as KernelArguments<ConvolutionAttributes>),
  });
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    backendName: 'wasm',
    kernelFunc: (args) => depthwiseFilterGradient(args as unknown as KernelArguments<ConvolutionAttributes>),
  });
}

/** dW = im2col(x)ᵀ · dy: the patches are laid out transposed, and one matrix product does the work. */
function filterGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  if (attrs.dataFormat === 'NCHW') throw new Error('Conv2DBackpropFilter: only NHWC is supported on wasm');
  const geometry = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const { batchSize, outHeight, outWidth, inChannels, filterHeight, filterWidth, outChannels } = geometry;
  const patches = batchSize * outHeight * outWidth;
  const columns = allocate(backend, [filterHeight * filterWidth * inChannels, patches]);
  fillColumns(view(backend, columns), view(backend, x), geometry);
  const product = tf.getKernel('BatchMatMul', 'wasm').kernelFunc({
    inputs: { a: columns, b: { ...dy, shape: [patches, outChannels] } },
    backend,
    attrs: { transposeA: false, transposeB: false },
  }) as tf.TensorInfo;
  backend.disposeData(columns.dataId);
  return { ...product, shape: attrs.filterShape };
}

/** columns[(fy·W + fx)·C + c][patch] = x at that offset of the patch, 0 outside the image. */
function fillColumns(columns: Float32Array, x: Float32Array, g: Geometry): void {
  columns.fill(0);
  const patches = g.batchSize * g.outHeight * g.outWidth;
  meetings(g, (input, output, tap) => {
    const patch = output / g.outChannels;
    const to = tap * g.inChannels;
    for (let c = 0; c < g.inChannels; c++) columns[(to + c) * patches + patch] = x[input + c]!;
  });
}

function depthwiseInputGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const geometry = depthwiseGeometry(attrs.inputShape, filter.shape, attrs);
  const out = allocate(backend, attrs.inputShape);
  inputGradientInto(view(backend, out), view(backend, dy), view(backend, filter), geometry, true);
  return out;
}

function depthwiseFilterGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const geometry = depthwiseGeometry(x.shape, attrs.filterShape, attrs);
  const out = allocate(backend, attrs.filterShape);
  filterGradientInto(view(backend, out), view(backend, x), view(backend, dy), geometry, true);
  return out;
}

function depthwiseGeometry(inputShape: number[], filterShape: number[], attrs: ConvolutionAttributes): Geometry {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    true,
  );
}
