/** The gradients of convolutions that the wasm backend lacks; channels last. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelArguments, WasmBackend } from './wasm-memory.js';
import { allocate, view } from './wasm-memory.js';

type Geometry = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

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
  return { ...product, shape: geometry.filterShape };
}

/** columns[(fy·W + fx)·C + c][patch] = x at that offset of the patch, 0 outside the image. */
function fillColumns(columns: Float32Array, x: Float32Array, g: Geometry): void {
  columns.fill(0);
  const patches = g.batchSize * g.outHeight * g.outWidth;
  overlaps(g, (b, row, column, filterRow, filterColumn, inRow, inColumn) => {
    const patch = (b * g.outHeight + row) * g.outWidth + column;
    const from = ((b * g.inHeight + inRow) * g.inWidth + inColumn) * g.inChannels;
    const to = (filterRow * g.filterWidth + filterColumn) * g.inChannels;
    for (let c = 0; c < g.inChannels; c++) columns[(to + c) * patches + patch] = x[from + c]!;
  });
}

/** dx[in] += dy[out] · w, over every overlap; each input channel feeds `multiplier` output channels. */
function depthwiseInputGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo {
  const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
  const g = depthwiseGeometry(attrs.inputShape, filter.shape, attrs);
  const multiplier = g.outChannels / g.inChannels;
  const out = allocate(backend, g.inShape);
  const [dx, upstream, w] = [view(backend, out), view(backend, dy), view(backend, filter)];
  dx.fill(0);
  overlaps(g, (b, row, column, filterRow, filterColumn, inRow, inColumn) => {
    const at = offsets(g, b, row, column, filterRow, filterColumn, inRow, inColumn);
    for (let c = 0, d = 0; c < g.inChannels; c++)
      for (let m = 0; m < multiplier; m++, d++) dx[at.input + c]! += upstream[at.output + d]! * w[at.filter + d]!;
  });
  return out;
}

/** dw[filter] += x[in] · dy[out], over every overlap. */
function depthwiseFilterGradient({ inputs, attrs, backend }: KernelArguments<ConvolutionAttributes>): tf.TensorInfo {
  const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
  const g = depthwiseGeometry(x.shape, attrs.filterShape, attrs);
  const multiplier = g.outChannels / g.inChannels;
  const out = allocate(backend, g.filterShape);
  const [dw, values, upstream] = [view(backend, out), view(backend, x), view(backend, dy)];
  // Sums run over the whole batch: float64 keeps them as exact as the tiled products of the other kernels.
  const totals = new Float64Array(dw.length);
  overlaps(g, (b, row, column, filterRow, filterColumn, inRow, inColumn) => {
    const at = offsets(g, b, row, column, filterRow, filterColumn, inRow, inColumn);
    for (let c = 0, d = 0; c < g.inChannels; c++)
      for (let m = 0; m < multiplier; m++, d++) totals[at.filter + d]! += values[at.input + c]! * upstream[at.output + d]!;
  });
  dw.set(totals);
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

type Overlap = (
  batch: number,
  row: number,
  column: number,
  filterRow: number,
  filterColumn: number,
  inRow: number,
  inColumn: number,
) => void;

/** Every pair of an output position and a filter tap that falls inside the image. */
function overlaps(g: Geometry, body: Overlap): void {
  for (let b = 0; b < g.batchSize; b++)
    for (let row = 0; row < g.outHeight; row++)
      for (let column = 0; column < g.outWidth; column++)
        for (let fy = 0; fy < g.filterHeight; fy++) {
          const inRow = row * g.strideHeight - g.padInfo.top + fy * g.dilationHeight;
          if (inRow < 0 || inRow >= g.inHeight) continue;
          for (let fx = 0; fx < g.filterWidth; fx++) {
            const inColumn = column * g.strideWidth - g.padInfo.left + fx * g.dilationWidth;
            if (inColumn >= 0 && inColumn < g.inWidth) body(b, row, column, fy, fx, inRow, inColumn);
          }
        }
}

function offsets(g: Geometry, ...[b, row, column, fy, fx, inRow, inColumn]: Parameters<Overlap>) {
  return {
    input: ((b * g.inHeight + inRow) * g.inWidth + inColumn) * g.inChannels,
    output: ((b * g.outHeight + row) * g.outWidth + column) * g.outChannels,
    filter: (fy * g.filterWidth + fx) * g.outChannels,
  };
}
