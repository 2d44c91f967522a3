/** Loops over a TensorFlow.js tensor's own memory: on wasm the heap itself, without a copy either way. */
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from './errors.js';
import type { Shape } from './shape.js';
import { sizeOf } from './shape.js';

/** The part of the wasm backend that gives sight of its heap. */
interface WasmBackend {
  readonly dataIdMap: { has(dataId: object): boolean };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(x: tf.TensorInfo): Float32Array;
}

const wasm = (): WasmBackend => tf.backend() as unknown as WasmBackend;

/**
 * A new float32 tensor of `shape` that `body` fills from the values of `inputs`. On wasm the arrays are views of the
 * heap, valid only inside the call and uninitialised in `out`, so body must write every element.
 */
export function hostKernel(
  inputs: readonly tf.Tensor[],
  shape: Shape,
  body: (out: Float32Array, inputs: Float32Array[]) => void,
): tf.Tensor {
  if (tf.getBackend() !== 'wasm' || sizeOf(shape) === 0) {
    const out = new Float32Array(sizeOf(shape));
    body(out, inputs.map(hostView));
    return tf.tensor(out, [...shape], 'float32');
  }
  const backend = wasm();
  const output = backend.makeOutput([...shape], 'float32');
  // Views are taken after the allocation: growing the heap detaches older ones.
  body(backend.typedArrayFromHeap(output), inputs.map(hostView));
  return tf.engine().makeTensorFromTensorInfo(output);
}

/**
 * The values of a tensor, to be read before the next allocation and never written.
 * Throws UNSUPPORTED on webgpu, whose values only come later.
 */
export function hostView(x: tf.Tensor): Float32Array {
  if (answersLater())
    throw new LossError(
      'UNSUPPORTED',
      'values of a tensor are needed on the host at once, and webgpu gives them later',
      {
        field: 'backend',
        value: 'webgpu',
        allowed: 'wasm, cpu',
      },
    );
  const onHeap = tf.getBackend() === 'wasm' && x.size > 0 && wasm().dataIdMap.has(x.dataId);
  return onHeap ? wasm().typedArrayFromHeap(x) : (x.dataSync() as Float32Array);
}

/** Whether the started backend gives the values of its tensors only after a wait. */
export const answersLater = (): boolean => tf.getBackend() === 'webgpu';

/** The values of a tensor on any backend; the tensor itself may be freed meanwhile. */
export async function readLater(x: tf.Tensor): Promise<Float32Array> {
  const held = tf.keep(tf.clone(x));
  try {
    return Float32Array.from((await held.data()) as Float32Array);
  } finally {
    held.dispose();
  }
}

/** Runs a synchronous closure and frees every tensor that it made. */
export function disposeAfter<T>(body: () => T): T {
  let result!: T;
  tf.tidy(() => void (result = body()));
  return result;
}
