import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';

/** Makes a registered TensorFlow.js backend the active one. Throws NO_BACKEND. */
export async function activate(name: string): Promise<void> {
  const started = await tf.setBackend(name).catch((cause: unknown) => {
    throw new LossError('NO_BACKEND', `backend ${name} did not start`, { field: 'backend', value: name }, { cause });
  });
  if (!started) throw new LossError('NO_BACKEND', `backend ${name} did not start`, { field: 'backend', value: name });
  await tf.ready();
}
