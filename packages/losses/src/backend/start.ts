/** Starting a TensorFlow.js backend, made fit for training. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';
import { registerWasmKernels, WASM_KERNELS } from './wasm-kernels.js';

export type BackendName = 'wasm' | 'cpu';

export interface BackendInfo {
  readonly name: BackendName;
  /** Its release and, after `+ts`, the version of our own kernels: part of a receipt. */
  readonly version: string;
  /** What decides the order of floating-point operations beyond the version. */
  readonly plan: string;
}

let current: Promise<BackendInfo> | undefined;
let currentName: BackendName | undefined;

/**
 * Makes `name` the backend of this process and reports what it is. Asking again for the same one costs nothing.
 * Throws NO_BACKEND for an unknown name and where the backend does not start.
 */
export function startBackend(name: BackendName): Promise<BackendInfo> {
  if (current && currentName === name) return current;
  currentName = name;
  current = start(name);
  return current;
}

async function start(name: BackendName): Promise<BackendInfo> {
  // Its checks cost time at every operation, and its greeting does not belong into a run's log.
  tf.enableProdMode();
  if (name === 'cpu') {
    await import('@tensorflow/tfjs-backend-cpu');
    await activate('cpu');
    return { name, version: `tfjs-cpu ${tf.version_core}`, plan: 'cpu/1' };
  }
  if (name !== 'wasm') {
    throw new LossError('NO_BACKEND', `backend: expected one of wasm, cpu, received ${String(name)}`, {
      field: 'backend',
      value: name,
      allowed: 'wasm, cpu',
    });
  }
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  if (!tf.engine().backendNames().includes('wasm') || tf.findBackend('wasm') === null) wasm.setWasmPaths(folder + sep);
  // Threads do not start in Node, and one thread is what makes sums come out in one order.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await activate('wasm');
  registerWasmKernels();
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return {
    name,
    version: `tfjs-wasm ${wasm.version_wasm}+ts${WASM_KERNELS}`,
    plan: `wasm/${simd ? 'simd' : 'plain'}/1-thread`,
  };
}

async function activate(name: BackendName): Promise<void> {
  const started = await tf.setBackend(name).catch((cause: unknown) => {
    throw new LossError('NO_BACKEND', `backend ${name} did not start`, { field: 'backend', value: name }, { cause });
  });
  if (!started) throw new LossError('NO_BACKEND', `backend ${name} did not start`, { field: 'backend', value: name });
  await tf.ready();
}
