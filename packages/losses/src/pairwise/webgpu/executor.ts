/** The engine as the executor of TensorFlow.js' webgpu backend: on the same device, without a copy, without waiting. */
import * as tf from '@tensorflow/tfjs-core';
import type { WebgpuDevice } from '../../backend/webgpu-device.js';
import { registerPairExecutor } from '../executors.js';
import type { PairArrays, PairExecutor } from '../program.js';
import type { GpuArrays } from './engine.js';
import { PairwiseEngine } from './engine.js';
import type { Plan } from './plan.js';
import { DEFAULT_PLAN, PLAN_SOFTWARE } from './plan.js';

/** The part of the webgpu backend that gives sight of its buffers. */
interface Backend {
  readonly tensorMap: { get(dataId: object): { readonly resource?: GPUBuffer } };
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: 'float32'): tf.TensorInfo;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const active = (): Backend => tf.backend() as unknown as Backend;

function bufferOf({ dataId }: tf.TensorInfo): GPUBuffer {
  const backend = active();
  backend.uploadToGPU(dataId);
  return backend.tensorMap.get(dataId).resource!;
}

/** What the backend has recorded goes to the device before what we submit. */
function flush(): void {
  const backend = active();
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function onDevice({ a, b, rowFields, columnFields, ...rest }: PairArrays<tf.Tensor>): GpuArrays {
  const buffers = (fields: Readonly<Record<string, tf.Tensor>>): Record<string, GPUBuffer> =>
    Object.fromEntries(Object.entries(fields).map(([name, x]) => [name, bufferOf(x)]));
  const left = bufferOf(a);
  return {
    ...rest,
    a: left,
    b: a === b ? left : bufferOf(b),
    n: a.shape[0]!,
    m: b.shape[0]!,
    d: a.shape[1]!,
    rowFields: buffers(rowFields),
    columnFields: buffers(columnFields),
  };
}

const fresh = (shape: readonly number[]): tf.TensorInfo => active().makeTensorInfo([...shape], 'float32');
const asTensor = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info);

/** Runs programs on `engine`, whose device must be the backend's. */
export function webgpuPairExecutor(engine: PairwiseEngine): PairExecutor<tf.Tensor> {
  return {
    forward(program, arrays) {
      const operands = onDevice(arrays);
      const out = fresh([PairwiseEngine.forwardLength(program, operands.n, operands.m)]);
      const buffer = bufferOf(out);
      flush();
      engine.forward(program, operands, buffer);
      return asTensor(out);
    },
    backward(program, arrays, want) {
      const operands = onDevice(arrays);
      const shared = arrays.a === arrays.b;
      const da = want.a ? fresh(arrays.a.shape) : undefined;
      const db = want.b && !shared ? fresh(arrays.b.shape) : undefined;
      const results = { da: da && bufferOf(da), db: db && bufferOf(db) };
      flush();
      engine.backward(program, operands, results);
      return { a: da && asTensor(da), b: db && asTensor(db) };
    },
  };
}

/** Makes an engine on `gpu` run pairwise programs while the webgpu backend is active; the plan depends on no measurement. */
export function registerWebgpuPairExecutor(
  gpu: WebgpuDevice,
  plan: Plan = gpu.adapter.software ? PLAN_SOFTWARE : DEFAULT_PLAN,
): PairwiseEngine {
  const engine = new PairwiseEngine(gpu, plan);
  registerPairExecutor('webgpu', webgpuPairExecutor(engine));
  return engine;
}
