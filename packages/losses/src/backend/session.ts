/** What the engine trains with. It holds every TensorFlow.js object, so that its user imports none. */
import * as tf from '@tensorflow/tfjs-core';
import { Node } from '../core/graph.js';
import { LossError } from '../core/errors.js';
import { hostKernel, hostView } from '../core/host-kernel.js';
import { countedFlops } from '../core/flops.js';
import { tfjsDifferentiation, tfjsOps } from '../core/ops-tfjs.js';
import type { Ops, Tensor } from '../core/ops.js';
import { mismatch, show, sizeOf } from '../core/shape.js';
import type { Variable } from '../core/slots.js';
import type { OptimiserOptions } from './optimiser.js';
import { updateRule } from './optimiser.js';
import type { BackendInfo, BackendName } from './start.js';
import { startBackend } from './start.js';
import { activeDevice } from './webgpu.js';
import { deviceOptimiser, evaluateOnDevice, stepOnDevice } from './webgpu-step.js';

export interface Optimiser {
  /**
   * One step on the listed variables. Returns the loss before it; a loss or a gradient that is not finite leaves the
   * variables untouched and returns NaN or ±Infinity, for the caller to end the run.
   * The closure runs once, synchronously; what it makes is freed unless `ops.keep` was told.
   */
  minimise(loss: () => Tensor, variables: readonly Variable[]): Promise<number>;
  /** Steps taken. */
  readonly steps: number;
}

export interface TrainingSession {
  readonly ops: Ops;
  readonly info: BackendInfo;
  /** A trainable tensor from row-major values; the name must be new in this session. */
  variable(name: string, shape: readonly number[], values: Float32Array, options?: { decay?: boolean }): Variable;
  /** Replaces a variable's values. */
  assign(variable: Variable, values: Float32Array): void;
  optimiser(options: OptimiserOptions): Optimiser;
  /** A constant that lives until `ops.release`; the values are copied once, into the backend. */
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  /** Runs a synchronous closure and frees what it made but for what it returns and keeps. */
  tidy<T extends Tensor | readonly Tensor[] | void>(body: () => T): T;
  /** Values of a result, with everything else that the closure made freed. */
  evaluate(body: () => Tensor): Promise<Float32Array>;
  /**
   * Rows of `predict` over `count` rows of width `width`, in chunks: for test sets that do not fit in one batch.
   * Rows are given to the net as [chunk, …shape]; results are concatenated.
   */
  predict(
    predict: (x: Tensor) => Tensor,
    rows: Float32Array,
    shape: readonly number[],
    options?: { chunk?: number },
  ): Promise<Float32Array>;
  /** Floating-point operations of matrix products and convolutions since the session was opened. */
  flops(): number;
  memory(): { readonly tensors: number; readonly bytes: number };
  /** Frees the session's variables. The backend stays. */
  close(): void;
}

class TrainedVariable extends Node<tf.Tensor> implements Variable {
  constructor(
    readonly name: string,
    readonly decay: boolean,
    value: tf.Tensor,
  ) {
    super(value, true);
  }

  replace(value: tf.Tensor): void {
    const before = this.value;
    this.value = tf.keep(value);
    before.dispose();
  }
}

/** Starts the backend and opens a session on it. Throws NO_BACKEND. */
export async function openSession({ backend }: { backend: BackendName }): Promise<TrainingSession> {
  const info = await startBackend(backend);
  const { ops, valueOf, recording, gradients, detachKept } = tfjsDifferentiation;
  const variables = new Map<string, TrainedVariable>();
  const disposers: (() => void)[] = [];
  const flopsBefore = countedFlops();

  const own = (variable: Variable): TrainedVariable => {
    const known = variables.get(variable.name);
    if (known !== variable)
      throw new LossError('DOMAIN', `variable "${variable.name}" is not of this session`, { field: variable.name });
    return known;
  };
  const kept = (values: Float32Array, shape: readonly number[], where: string): tf.Tensor => {
    if (values.length !== sizeOf(shape))
      throw mismatch(where, `${sizeOf(shape)} values for ${show(shape)}`, String(values.length));
    return tf.keep(hostKernel([], shape, (out) => out.set(values)));
  };

  const tidy = <T extends Tensor | readonly Tensor[] | void>(body: () => T): T => {
    let result!: T;
    tf.tidy(() => {
      result = body();
      if (result === undefined) return undefined as unknown as void;
      return ([] as Tensor[]).concat(result as Tensor | Tensor[]).map(valueOf) as unknown as tf.Tensor[];
    });
    return result;
  };

  const device = activeDevice();
  const evaluate = async (body: () => Tensor): Promise<Float32Array> => {
    if (device) return evaluateOnDevice(device, () => valueOf(recording(false, body)));
    let values!: Float32Array;
    tf.tidy(() => void (values = hostView(valueOf(recording(false, body))).slice()));
    return values;
  };

  return {
    ops: tfjsOps,
    info,
    variable(name, shape, values, { decay = true } = {}) {
      if (variables.has(name))
        throw new LossError('DOMAIN', `variable "${name}" exists already`, { field: 'name', value: name });
      const variable = new TrainedVariable(name, decay, kept(values, shape, name));
      variables.set(name, variable);
      return variable;
    },
    assign: (variable, values) => own(variable).replace(kept(values, variable.shape, variable.name)),
    optimiser(options) {
      const update = updateRule(options);
      const onDevice = device && deviceOptimiser(options);
      if (onDevice) disposers.push(() => onDevice.dispose());
      let steps = 0;
      return {
        get steps() {
          return steps;
        },
        async minimise(loss, listed) {
          const trained = listed.map(own);
          if (onDevice) {
            const value = await stepOnDevice(device, onDevice, steps, trained, () => {
              const output = scalarLoss(recording(true, loss));
              const pulled = recording(false, () => gradients(output, trained));
              detachKept();
              return { loss: valueOf(output), gradients: pulled };
            });
            if (Number.isFinite(value)) steps++;
            return value;
          }
          let value = NaN;
          tf.tidy(() => {
            const output = scalarLoss(recording(true, loss));
            value = hostView(valueOf(output))[0]!;
            if (!Number.isFinite(value)) return;
            const pulled = recording(false, () => gradients(output, trained));
            if (!pulled.every((gradient) => allFinite(hostView(gradient)))) {
              value = NaN;
              return;
            }
            trained.forEach((variable, i) => {
              const next = hostKernel([variable.value, pulled[i]!], variable.shape, (out, [current, gradient]) =>
                update(variable, steps, out, current!, gradient!),
              );
              variable.replace(next);
            });
            steps++;
          });
          detachKept();
          return value;
        },
      };
    },
    tensor: (values, shape) => ops.keep(new Node(kept(values, shape, 'tensor'), false)),
    tidy,
    evaluate,
    async predict(predict, rows, shape, { chunk = 2048 } = {}) {
      const width = sizeOf(shape);
      const count = rows.length / width;
      const parts: Float32Array[] = [];
      for (let at = 0; at < count; at += chunk) {
        const n = Math.min(chunk, count - at);
        const block = rows.subarray(at * width, (at + n) * width);
        parts.push(await evaluate(() => predict(ops.tensor(block, [n, ...shape]))));
      }
      const out = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
      let at = 0;
      for (const part of parts) {
        out.set(part, at);
        at += part.length;
      }
      return out;
    },
    flops: () => countedFlops() - flopsBefore,
    memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
    close() {
      for (const variable of variables.values()) variable.value.dispose();
      variables.clear();
      for (const dispose of disposers) dispose();
    },
  };
}

function scalarLoss(output: Tensor): Tensor {
  if (sizeOf(output.shape) !== 1) throw mismatch('loss', 'a scalar', show(output.shape));
  return output;
}

function allFinite(values: Float32Array): boolean {
  // 0 · x is 0 for every finite x and NaN otherwise, so one sum tells.
  let probe = 0;
  for (let i = 0; i < values.length; i++) probe += 0 * values[i]!;
  return probe === 0;
}
