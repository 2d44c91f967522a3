/**
 * What the wasm backend lacks for training, and one kernel of its own that training makes slow.
 *
 * Its matrix product with a transposed operand takes 7 to 12 times as long as transposing first, and every gradient of
 * a dense layer is such a product; it has no kernel for the filter gradient of a convolution, for either gradient of a
 * depthwise one, for UnsortedSegmentSum and for Einsum.
 */
import * as tf from '@tensorflow/tfjs-core';
import { transposeInto } from '../core/elementwise.js';
import { registerConvolutionKernels } from './wasm-convolution.js';
import { registerEinsum, registerSegmentSum } from './wasm-misc.js';
import type { KernelArguments, WasmBackend } from './wasm-memory.js';
import { allocate, view } from './wasm-memory.js';

/** Rises when any of these kernels or the pairwise executor can give other bits: it stands in every receipt as `+ts<version>`. */
export const WASM_KERNELS = 1;

let registered = false;

/** Registers the kernels once. The wasm backend must have been started. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  overrideMatMul('BatchMatMul');
  overrideMatMul('_FusedMatMul');
  registerConvolutionKernels();
  registerSegmentSum();
  registerEinsum();
}

function overrideMatMul(kernelName: string): void {
  const original = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    ...original,
    kernelFunc: (args) => {
      const { inputs, attrs, backend } = args as unknown as KernelArguments<{
        transposeA: boolean;
        transposeB: boolean;
      }>;
      const temporary: tf.TensorInfo[] = [];
      const straight = (x: tf.TensorInfo, transposed: boolean): tf.TensorInfo => {
        if (!transposed) return x;
        const copy = swapLastTwo(backend, x);
        temporary.push(copy);
        return copy;
      };
      const a = straight(inputs['a']!, attrs.transposeA);
      const b = straight(inputs['b']!, attrs.transposeB);
      const product = original.kernelFunc({
        inputs: { ...inputs, a, b },
        backend,
        attrs: { ...attrs, transposeA: false, transposeB: false } as unknown as tf.NamedAttrMap,
      });
      for (const copy of temporary) backend.disposeData(copy.dataId);
      return product;
    },
  });
}

function swapLastTwo(backend: WasmBackend, x: tf.TensorInfo): tf.TensorInfo {
  const rank = x.shape.length;
  const permutation = x.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  const out = allocate(
    backend,
    permutation.map((axis) => x.shape[axis]!),
  );
  transposeInto(view(backend, out), view(backend, x), x.shape, permutation);
  return out;
}
