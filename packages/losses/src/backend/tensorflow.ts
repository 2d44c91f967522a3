/** The tensorflow backend: the C library, on a GPU through CUDA or on the CPU, where a user has added its package. */
import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';
import { activate } from './activate.js';
import type { BackendInfo } from './start.js';

/** In the order in which they are tried. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Predicates that Node 23 took out of node:util and that these packages still call. */
const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: (value) => Array.isArray(value),
  isBoolean: (value) => typeof value === 'boolean',
  isNumber: (value) => typeof value === 'number',
  isString: (value) => typeof value === 'string',
  isFunction: (value) => typeof value === 'function',
  isObject: (value) => value !== null && typeof value === 'object',
};

/** Gives a module object the predicates that it lacks; those it has stay. */
export function restorePredicates(util: object): void {
  for (const [name, value] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
}

/** The package that would be used, or undefined where neither is installed. */
export function tensorflowPackage(): (typeof TENSORFLOW_PACKAGES)[number] | undefined {
  const { resolve } = createRequire(import.meta.url);
  return TENSORFLOW_PACKAGES.find((name) => {
    try {
      return resolve(name) !== '';
    } catch {
      return false;
    }
  });
}

/** Throws NO_BACKEND where no package is installed or its library does not load. */
export async function startTensorflow(): Promise<BackendInfo> {
  const name = tensorflowPackage();
  if (!name)
    throw new LossError(
      'NO_BACKEND',
      `backend tensorflow needs ${TENSORFLOW_PACKAGES.join(' or ')}: npm run gpu:install adds one`,
      { field: 'backend', value: 'tensorflow' },
    );
  restorePredicates(nodeUtil);
  const loaded = (await import(name).catch((cause: unknown) => {
    const options = { field: 'backend', value: 'tensorflow' };
    throw new LossError('NO_BACKEND', `backend tensorflow: ${name} does not load`, options, { cause });
  })) as { version?: Record<string, string>; default?: { version?: Record<string, string> } };
  await activate('tensorflow');
  const version = (loaded.version ?? loaded.default?.version)?.['tfjs-node'] ?? tf.version_core;
  const gpu = name.endsWith('gpu');
  return {
    name: 'tensorflow',
    version: `${gpu ? 'tfjs-node-gpu' : 'tfjs-node'} ${version}`,
    plan: gpu ? 'tensorflow/gpu' : 'tensorflow/cpu',
  };
}
