/** The engine as the executor of TensorFlow.js' wasm backend. */
import type * as tf from '@tensorflow/tfjs-core';
import { hostKernel, hostView } from '../../core/host-kernel.js';
import { registerPairExecutor } from '../executors.js';
import type { PairArrays, PairExecutor } from '../program.js';
import type { FloatArrays, FloatMatrix } from './engine.js';
import { backwardArrays, forwardArrays } from './engine.js';

const matrix = (x: tf.Tensor): FloatMatrix => ({ data: hostView(x), rows: x.shape[0]!, columns: x.shape[1]! });

function views({ a, b, rowFields, columnFields, ...rest }: PairArrays<tf.Tensor>): FloatArrays {
  const fields = (given: Readonly<Record<string, tf.Tensor>>): Record<string, Float32Array> =>
    Object.fromEntries(Object.entries(given).map(([name, x]) => [name, hostView(x)]));
  const first = matrix(a);
  return {
    ...rest,
    a: first,
    b: a === b ? first : matrix(b),
    rowFields: fields(rowFields),
    columnFields: fields(columnFields),
  };
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
