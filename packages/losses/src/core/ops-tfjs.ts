/** The training binding: float32 tensors of whichever TensorFlow.js backend has been started. */
import type * as tf from '@tensorflow/tfjs-core';
import { differentiate } from './differentiate.js';
import { tfjsKernels } from './kernels-tfjs.js';
import type { Ops } from './ops.js';

/** Derivatives are recorded only inside `recording(true, …)`, which is what a training step does. */
export const tfjsDifferentiation = differentiate<tf.Tensor>(tfjsKernels, 'tfjs', false);

export const tfjsOps: Ops = tfjsDifferentiation.ops;
