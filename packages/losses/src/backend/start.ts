/** Starting a TensorFlow.js backend, made fit for training. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';
import { useKernels } from '../core/kernels-tfjs.js';
import { registerWasmPairExecutor } from '../pairwise/wasm/index.js';
import { activate } from './activate.js';
import { startTensorflow } from './tensorflow.js';
import { startWebgpu } from './webgpu.js';
import { registerWasmKernels, WASM_KERNELS } from './wasm-kernels.js';

/** In the order of preference for training where the protocol does not say. */
export const BACKENDS = ['webgpu', 'tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

export interface BackendInfo {
  readonly name: BackendName;
  /** Its release and, after `+ts`, the version of our own kernels: part of a receipt. */
  readonly version: string;
  /** What decides the order of floating-point operations beyond the version. */
  readonly plan: string;
  /** webgpu only: the adapter that computes and its driver. */
  readonly adapter?: string;
  readonly driver?: string;
}

const starters: Readonly<Record<BackendName, () => Promise<BackendInfo>>> = {
  cpu: startCpu,
  wasm: startWasm,
  webgpu: startWebgpu,
  tensorflow: startTensorflow,
};

let current: Promise<BackendInfo> | undefined;
let currentName: BackendName | undefined;

/**
 * Makes `name` the backend of this process and reports what it is. Asking again for the same one costs nothing.
 * Throws NO_BACKEND for an unknown name and where the backend does not start.
 */
export function startBackend(name: BackendName): Promise<BackendInfo> {
  if (current && currentName === name) return current;
  currentName = name;
  const started = start(name);
  current = started;
  // A failed start is not remembered: what it lacked can be put right and asked for again.
  started.catch(() => {
    if (current === started) current = undefined;
  });
  return started;
}

async function start(name: BackendName): Promise<BackendInfo> {
  // Its checks cost time at every operation, and its greeting does not belong into a run's log.
  tf.enableProdMode();
  if (!BACKENDS.includes(name)) {
    throw new LossError('NO_BACKEND', `backend: expected one of ${BACKENDS.join(', ')}, received ${String(name)}`, {
      field: 'backend',
      value: name,
      allowed: BACKENDS.join(', '),
    });
  }
  if (name !== 'webgpu') useKernels();
  return starters[name]();
}

async function startCpu(): Promise<BackendInfo> {
  await import('@tensorflow/tfjs-backend-cpu');
  await activate('cpu');
  return { name: 'cpu', version: `tfjs-cpu ${tf.version_core}`, plan: 'cpu/1' };
}

async function startWasm(): Promise<BackendInfo> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  if (!tf.engine().backendNames().includes('wasm') || tf.findBackend('wasm') === null) wasm.setWasmPaths(folder + sep);
  // Threads do not start in Node, and one thread is what makes sums come out in one order.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await activate('wasm');
  registerWasmKernels();
  registerWasmPairExecutor();
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return {
    name: 'wasm',
    version: `tfjs-wasm ${wasm.version_wasm}+ts${WASM_KERNELS}`,
    plan: `wasm/${simd ? 'simd' : 'plain'}/1-thread`,
  };
}
