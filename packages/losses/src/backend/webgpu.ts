/** The webgpu backend: TensorFlow.js on our own device, with our own kernels. */
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';
import { useKernels } from '../core/kernels-tfjs.js';
import { activate } from './activate.js';
import type { BackendInfo } from './start.js';
import type { WebgpuDevice } from './webgpu-device.js';
import { getDevice } from './webgpu-device.js';

/** Rises when a kernel of ours on this backend changes a number. */
export const WEBGPU_KERNELS = 1;

/** The release of Dawn that computes: the `webgpu` package is pinned, and its binary names no version. */
const DAWN = '0.6.2';

export interface ActiveDevice extends WebgpuDevice {
  /** Resolves when the pairwise engine has passed its error scopes; throws what it or the device has met. */
  settled(): Promise<void>;
}

let started: ActiveDevice | undefined;

/** The device under the webgpu backend while that is the active one. */
export const activeDevice = (): ActiveDevice | undefined => (tf.getBackend() === 'webgpu' ? started : undefined);

/** Throws NO_BACKEND where no device is found. */
export async function startWebgpu(): Promise<BackendInfo> {
  const opened = await getDevice();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (tf.findBackend('webgpu') === null) tf.registerBackend('webgpu', () => onDevice(WebGPUBackend, opened));
  // Small tensors would otherwise be computed on the CPU, by kernels with another order of operations.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  await activate('webgpu');
  const { webgpuKernels } = await import('./kernels-webgpu.js');
  useKernels(webgpuKernels);
  if (!started) {
    const { registerWebgpuPairExecutor } = await import('../pairwise/webgpu/executor.js');
    const engine = registerWebgpuPairExecutor(opened);
    started = { ...opened, settled: () => engine.settled() };
  }
  const { adapter } = opened;
  const name = [adapter.vendor, adapter.architecture, adapter.device].filter((part) => part !== '').join(' ');
  return {
    name: 'webgpu',
    version: `tfjs-webgpu ${tf.version_core} dawn ${DAWN}+ts${WEBGPU_KERNELS}`,
    plan: `webgpu/${adapter.software ? 'software' : 'gpu'}`,
    adapter: name,
    driver: adapter.description,
  };
}

type BackendClass = typeof import('@tensorflow/tfjs-backend-webgpu').WebGPUBackend;

/** The class looks for a browser's navigator, which Node has not or has without a GPU: it is there while it looks. */
function onDevice(Backend: BackendClass, { device, adapter }: WebgpuDevice): InstanceType<BackendClass> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: true }, configurable: true });
  try {
    return new Backend(device, adapter as unknown as GPUAdapterInfo);
  } catch (cause) {
    throw new LossError('NO_BACKEND', 'backend webgpu did not start', { field: 'backend', value: 'webgpu' }, { cause });
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}
