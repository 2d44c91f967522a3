/** The engine as the executor of TensorFlow.js' wasm backend. */
import type * as tf from '@tensorflow/tfjs-core';
import { hostKernel, hostView } from '../../core/host-kernel.js';
import { registerPairExecutor } from '../executors.js';
import type { PairArrays, PairExecutor } from '../program.js';
import type { FloatArrays, FloatMatrix } from './engine.js';
import { backwardArrays, forwardArrays } from './engine.js';

const matrix = (x: tf.Tensor): FloatMatrix => ({ data: hostView(x), rows: x.shape[0]!, columns: x.shape[1]! });

// Property by property: V8 is slow with object literals that start with a spread, and this runs twice a step.
function views(arrays: PairArrays<tf.Tensor>): FloatArrays {
  const a = matrix(arrays.a);
  return {
    a,
    b: arrays.a === arrays.b ? a : matrix(arrays.b),
    rowFields: fields(arrays.rowFields),
    columnFields: fields(arrays.columnFields),
    rowIds: arrays.rowIds,
    columnIds: arrays.columnIds,
    relations: arrays.relations,
    uniforms: arrays.uniforms,
  };
}

function fields(given: Readonly<Record<string, tf.Tensor>>): Record<string, Float32Array> {
  const found: Record<string, Float32Array> = {};
  for (const name in given) found[name] = hostView(given[name]!);
  return found;
}

const tensor = (values: Float32Array, shape: readonly number[]): tf.Tensor =>
  hostKernel([], [...shape], (out) => out.set(values));

const executor: PairExecutor<tf.Tensor> = {
  forward(program, arrays) {
    const values = forwardArrays(program, views(arrays));
    return tensor(values, [values.length]);
  },
  backward(program, arrays, want) {
    const { a, b } = backwardArrays(program, views(arrays), want);
    return { a: a && tensor(a, arrays.a.shape), b: b && tensor(b, arrays.b.shape) };
  },
};

/** Makes the engine run pairwise programs while the wasm backend is active. */
export function registerWasmPairExecutor(): void {
  registerPairExecutor('wasm', executor);
}
