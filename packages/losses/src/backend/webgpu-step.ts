/** Training steps and evaluations on the webgpu backend: everything is recorded at once, and one small answer read. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimiserOptions } from './optimiser.js';
import type { ActiveDevice } from './webgpu.js';
import { runProgram, submitRecorded } from './webgpu-program.js';
import { anyNonFinite } from './webgpu-rows.js';

/** A trainable tensor as the step sees it. */
export interface Updated {
  readonly value: tf.Tensor;
  readonly decay: boolean;
  replace(value: tf.Tensor): void;
}

/** Submitted inside the scopes too, since a command's errors come out only then. */
const recorded = (device: ActiveDevice, what: string, body: () => tf.Tensor): Promise<tf.Tensor> =>
  device.scoped(what, () => {
    const result = tf.tidy(body);
    submitRecorded();
    return result;
  });

/** Values of what the closure returns; everything that it made is freed. Throws DEVICE_FAILED. */
export async function evaluateOnDevice(device: ActiveDevice, body: () => tf.Tensor): Promise<Float32Array> {
  const result = await recorded(device, 'evaluation', () => tf.clone(body()));
  try {
    return Float32Array.from((await result.data()) as Float32Array);
  } finally {
    result.dispose();
    await device.settled();
  }
}

export interface DeviceOptimiser {
  /** Records the update. With `bad` [1] not 0 on the device, parameters and moments keep their values. */
  record(step: number, variables: readonly Updated[], gradients: readonly tf.Tensor[], bad: tf.Tensor): void;
  /** Says that the last recorded update was taken; bias corrections count those only. */
  taken(variables: readonly Updated[]): void;
  dispose(): void;
}

/** The rules of optimiser.ts in float32 on the device; what depends on the step alone is computed here, in float64. */
export function deviceOptimiser(options: OptimiserOptions): DeviceOptimiser {
  const moments = new Map<Updated, { steps: number; tensors: tf.Tensor[] }>();
  const { kind, learningRate, weightDecay, momentum = 0 } = options;
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

  const update = (
    name: string,
    expression: string,
    inputs: Readonly<Record<string, tf.Tensor>>,
    numbers: Readonly<Record<string, number>>,
    old: string,
  ): tf.Tensor =>
    runProgram(
      {
        name: `update/${name}`,
        inputs,
        numbers,
        code: `if (index >= uniforms.threads) { return; }
result[index] = select(${expression}, ${old}[index], bad[0] != 0.0f);`,
      },
      inputs[old]!.shape,
    );

  const stateOf = (variable: Updated, count: number) => {
    let state = moments.get(variable);
    if (!state) {
      const zeros = () => tf.keep(tf.zeros(variable.value.shape, 'float32'));
      moments.set(variable, (state = { steps: 0, tensors: Array.from({ length: count }, zeros) }));
    }
    return state;
  };

  const sgd = (step: number, variable: Updated, gradient: tf.Tensor, bad: tf.Tensor): void => {
    const rate = learningRate(step);
    const decay = variable.decay ? weightDecay : 0;
    const current = variable.value;
    const direction = 'gradient[index] + uniforms.decay * current[index]';
    if (momentum === 0) {
      const next = update(
        'sgd',
        `current[index] - uniforms.rate * (${direction})`,
        { current, gradient, bad },
        { rate, decay },
        'current',
      );
      return variable.replace(next);
    }
    const { tensors } = stateOf(variable, 1);
    const velocity = update(
      'velocity',
      `uniforms.momentum * velocity[index] + (${direction})`,
      { velocity: tensors[0]!, current, gradient, bad },
      { momentum, decay },
      'velocity',
    );
    const next = update(
      'heavyBall',
      'current[index] - uniforms.rate * velocity[index]',
      { current, velocity, bad },
      { rate },
      'current',
    );
    renew(tensors, [velocity]);
    variable.replace(next);
  };

  const adam = (step: number, variable: Updated, gradient: tf.Tensor, bad: tf.Tensor): void => {
    const rate = learningRate(step);
    const decay = variable.decay ? weightDecay : 0;
    const coupled = kind === 'adam' ? decay : 0;
    const shrink = kind === 'adamw' ? 1 - rate * decay : 1;
    const current = variable.value;
    const state = stateOf(variable, 2);
    const steps = state.steps + 1;
    const numbers = { coupled };
    const g = '(gradient[index] + uniforms.coupled * current[index])';
    const given = { current, gradient, bad };
    const first = update(
      'first',
      `${beta1}f * first[index] + ${literal(1 - beta1)} * ${g}`,
      { first: state.tensors[0]!, ...given },
      numbers,
      'first',
    );
    const second = update(
      'second',
      `${beta2}f * second[index] + ${literal(1 - beta2)} * ${g} * ${g}`,
      { second: state.tensors[1]!, ...given },
      numbers,
      'second',
    );
    const next = update(
      'adam',
      `uniforms.shrink * current[index] - (uniforms.size * first[index]) / (sqrt(second[index]) * uniforms.correction + ${literal(epsilon)})`,
      { current, first, second, bad },
      { shrink, size: rate / (1 - beta1 ** steps), correction: 1 / Math.sqrt(1 - beta2 ** steps) },
      'current',
    );
    renew(state.tensors, [first, second]);
    variable.replace(next);
  };

  const one = kind === 'sgd' ? sgd : adam;
  return {
    record: (step, variables, gradients, bad) =>
      variables.forEach((variable, i) => one(step, variable, gradients[i]!, bad)),
    taken(variables) {
      for (const variable of variables) {
        const state = moments.get(variable);
        if (state) state.steps++;
      }
    },
    dispose() {
      for (const { tensors } of moments.values()) tf.dispose(tensors);
      moments.clear();
    },
  };
}

const literal = (value: number): string => `${value.toExponential(9)}f`;

function renew(kept: tf.Tensor[], next: readonly tf.Tensor[]): void {
  next.forEach((tensor, i) => {
    kept[i]!.dispose();
    kept[i] = tf.keep(tensor);
  });
}

/**
 * Records loss, gradients and update, then reads the loss and whether all of them were finite.
 * Returns the loss before the step; NaN or ±Infinity, with every variable as it was, where something was not finite.
 * Throws DEVICE_FAILED.
 */
export async function stepOnDevice(
  device: ActiveDevice,
  optimiser: DeviceOptimiser,
  step: number,
  variables: readonly Updated[],
  differentiate: () => { readonly loss: tf.Tensor; readonly gradients: readonly tf.Tensor[] },
): Promise<number> {
  const verdict = await recorded(device, 'training step', () => {
    const { loss, gradients } = differentiate();
    const bad = anyNonFinite([loss, ...gradients]);
    optimiser.record(step, variables, gradients, bad);
    return tf.concat([tf.reshape(loss, [1]), bad]);
  });
  const [value, bad] = (await verdict.data()) as Float32Array;
  verdict.dispose();
  await device.settled();
  if (bad !== 0) return Number.isFinite(value) ? NaN : value!;
  optimiser.taken(variables);
  return value!;
}
