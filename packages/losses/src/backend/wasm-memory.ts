/** The part of the wasm backend that kernels written here use: allocation, and views of its heap. */
import type * as tf from '@tensorflow/tfjs-core';

export interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(x: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  disposeData(dataId: tf.DataId, force?: boolean): boolean;
  readonly wasm?: { readonly asm?: { readonly memory?: unknown } };
}

export interface KernelArguments<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
}

/** Uninitialised float32 memory; a later allocation may detach views taken before it. */
export const allocate = (backend: WasmBackend, shape: readonly number[]): tf.TensorInfo =>
  backend.makeOutput([...shape], 'float32');

export const view = (backend: WasmBackend, x: tf.TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(x) as Float32Array;

/** The memory that the backend's heap lies in; undefined where the backend does not show it. */
export const heapMemory = (backend: WasmBackend): unknown => backend.wasm?.asm?.memory;
