/** The gradients of convolutions that the wasm backend lacks; channels last. */
import * as tf from '@tensorflow/tfjs-core';
import type { Geometry } from '../core/convolution.js';
import { filterGradientInto, inputGradientInto } from '../core/convolution.js';
import type { KernelArguments } from './wasm-memory.js';
import { allocate, view } from './wasm-memory.js';
import { transposeInto } from '../core/elementwise.js';
import { addTap, tapCode } from './wasm-taps.js';

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
  overrideInputGradient();
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

/** columns[(fy·W + fx)·C + c][patch] = x at that offset of the patch, 0 outside the image; written from first to last. */
function fillColumns(columns: Float32Array, x: Float32Array, g: Geometry): void {
  const step = g.strideWidth * g.inChannels;
  const rows = g.batchSize * g.outHeight;
  let to = 0;
  for (let fy = 0; fy < g.filterHeight; fy++)
    for (let fx = 0; fx < g.filterWidth; fx++) {
      const [from, until] = columnsInside(g, fx);
      const first = from * g.strideWidth - g.padInfo.left + fx;
      for (let c = 0; c < g.inChannels; c++)
        for (let row = 0; row < rows; row++) {
          const b = Math.floor(row / g.outHeight);
          const inRow = (row - b * g.outHeight) * g.strideHeight - g.padInfo.top + fy;
          const inside = inRow >= 0 && inRow < g.inHeight;
          let at = ((b * g.inHeight + inRow) * g.inWidth + first) * g.inChannels + c;
          // Runs are too short for Float32Array.fill.
          let column = 0;
          for (; column < from; column++) columns[to++] = 0;
          if (inside) for (; column < until; column++, at += step) columns[to++] = x[at]!;
          for (; column < g.outWidth; column++) columns[to++] = 0;
        }
    }
}

/** The output columns from … until − 1 whose tap `fx` falls inside the image. */
function columnsInside(g: Geometry, fx: number): readonly [number, number] {
  const shift = g.padInfo.left - fx;
  const from = Math.min(g.outWidth, Math.max(0, Math.ceil(shift / g.strideWidth)));
  const until = Math.min(g.outWidth, Math.floor((g.inWidth - 1 + shift) / g.strideWidth) + 1);
  return [from, Math.max(from, until)];
}

/** The backend's own kernel is a scalar loop; this one, with the same bits, takes its place where it can. */
function overrideInputGradient(): void {
  const name = 'Conv2DBackpropInput';
  const original = tf.getKernel(name, 'wasm');
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({
    ...original,
    kernelFunc: (args) =>
      inputGradient(args as unknown as KernelArguments<ConvolutionAttributes>) ?? original.kernelFunc(args),
  });
}

function inputGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo | undefined {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const code = tapCode(backend);
  const dilated = [attrs.dilations ?? 1].flat().some((dilation) => dilation !== 1);
  if (!code || dilated || attrs.dataFormat === 'NCHW' || attrs.inputShape[3] % 4 !== 0) return undefined;
  const g: Geometry = tf.backend_util.computeConv2DInfo(
    attrs.inputShape,
    filter.shape as [number, number, number, number],
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const out = allocate(backend, attrs.inputShape);
  const weights = allocate(backend, [g.filterHeight, g.filterWidth, g.outChannels, g.inChannels]);
  const taps = view(backend, weights);
  transposeInto(taps, view(backend, filter), filter.shape, [0, 1, 3, 2]);
  const dx = view(backend, out).fill(0);
  const bytes = { dy: view(backend, dy).byteOffset, dx: dx.byteOffset, filter: taps.byteOffset };
  const [dyStep, dxStep] = [4 * g.outChannels, 4 * g.inChannels * g.strideWidth];
  for (let b = 0; b < g.batchSize; b++)
    for (let row = 0; row < g.inHeight; row++)
      for (let y = 0; y < g.outHeight; y++) {
        const fy = row + g.padInfo.top - y * g.strideHeight;
        if (fy < 0 || fy >= g.filterHeight) continue;
        // Later taps meet earlier columns: for one pixel, columns ascend.
        for (let fx = g.filterWidth - 1; fx >= 0; fx--) {
          const [from, until] = columnsInside(g, fx);
          if (from === until) continue;
          const column = from * g.strideWidth - g.padInfo.left + fx;
          addTap(code, g.inChannels, g.outChannels, {
            dy: bytes.dy + ((b * g.outHeight + y) * g.outWidth + from) * dyStep,
            filter: bytes.filter + 4 * (fy * g.filterWidth + fx) * g.outChannels * g.inChannels,
            dx: bytes.dx + 4 * ((b * g.inHeight + row) * g.inWidth + column) * g.inChannels,
            count: until - from,
            dyStep,
            dxStep,
          });
        }
      }
  backend.disposeData(weights.dataId);
  return out;
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
