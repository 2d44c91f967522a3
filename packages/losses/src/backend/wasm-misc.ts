/** UnsortedSegmentSum and Einsum for the wasm backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelArguments, WasmBackend } from './wasm-memory.js';
import { allocate, view } from './wasm-memory.js';

/** out[s] = Σ x[i] over i with segmentIds[i] = s; ids outside 0 … numSegments−1 are dropped, as in TensorFlow. */
export function registerSegmentSum(): void {
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: (args) => {
      const { inputs, attrs, backend } = args as unknown as KernelArguments<{ numSegments: number }>;
      const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
      if (segmentIds.shape.length !== 1) throw new Error('UnsortedSegmentSum: segmentIds must have rank 1');
      const out = allocate(backend, [attrs.numSegments, ...x.shape.slice(1)]);
      const inner = tf.util.sizeFromShape(x.shape.slice(1));
      const [to, from] = [view(backend, out), view(backend, x)];
      const ids = backend.typedArrayFromHeap(segmentIds);
      to.fill(0);
      for (let i = 0; i < ids.length; i++) {
        const segment = ids[i]!;
        if (segment < 0 || segment >= attrs.numSegments) continue;
        for (let k = 0; k < inner; k++) to[segment * inner + k]! += from[i * inner + k]!;
      }
      return out;
    },
  });
}

/** Products and sums along the path that TensorFlow.js plans, made of the backend's own kernels. */
export function registerEinsum(): void {
  tf.registerKernel({
    kernelName: 'Einsum',
    backendName: 'wasm',
    kernelFunc: (args) => {
      const { inputs, attrs, backend } = args as unknown as KernelArguments<{ equation: string }>;
      return einsum(Object.values(inputs), attrs.equation, backend);
    },
  });
}

function einsum(tensors: tf.TensorInfo[], equation: string, backend: WasmBackend): tf.TensorInfo {
  const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as tf.Tensor[]);
  const { path, steps } = tf.backend_util.getEinsumComputePath(summedDims, idDims);
  const made: tf.TensorInfo[] = [];
  const call = (kernel: string, inputs: tf.NamedTensorInfoMap, attributes: object = {}): tf.TensorInfo => {
    const out = tf
      .getKernel(kernel, 'wasm')
      .kernelFunc({ inputs, backend, attrs: attributes as tf.NamedAttrMap }) as tf.TensorInfo;
    made.push(out);
    return out;
  };

  let out: tf.TensorInfo | undefined;
  let remaining = allDims.length;
  steps.forEach((step, i) => {
    for (const term of step) {
      const { permutationIndices, expandDims } = tf.backend_util.getEinsumPermutation(remaining, idDims[term]!);
      const transposed = call('Transpose', { x: tensors[term]! }, { perm: permutationIndices });
      const shape = [...transposed.shape];
      for (const axis of expandDims) shape.splice(axis, 0, 1);
      const aligned = call('Reshape', { x: transposed }, { shape });
      out = out ? call('Multiply', { a: aligned, b: out }) : aligned;
    }
    if (i === steps.length - 1) return;
    if (path[i]! >= 0)
      out = call('Sum', { x: out! }, { axis: [path[i]! - (allDims.length - remaining)], keepDims: false });
    remaining--;
  });
  for (const tensor of made) if (tensor !== out) backend.disposeData(tensor.dataId);
  return out!;
}
