/** The executor of each TensorFlow.js backend; the reference, in float64, where none has registered. */
import type * as tf from '@tensorflow/tfjs-core';
import { hostKernel, hostView } from '../core/host-kernel.js';
import type { Floats } from '../core/kernels.js';
import type { PairArrays, PairExecutor } from './program.js';
import { blocksOf } from './program.js';
import type { Matrix } from './reference.js';
import { referenceBackward, referenceForward } from './reference.js';

const registered = new Map<string, PairExecutor<tf.Tensor>>();

/** Makes `executor` the one that runs pairwise programs while `backend` is active. */
export function registerPairExecutor(backend: string, executor: PairExecutor<tf.Tensor>): void {
  registered.set(backend, executor);
}

export const pairExecutorOf = (backend: string): PairExecutor<tf.Tensor> => registered.get(backend) ?? onHost;

const matrix = (data: Floats, x: { readonly shape: readonly number[] }): Matrix => ({
  data,
  rows: x.shape[0]!,
  columns: x.shape[1]!,
});

function views({ a, b, rowFields, columnFields, ...rest }: PairArrays<tf.Tensor>) {
  const fields = (given: Readonly<Record<string, tf.Tensor>>): Record<string, Floats> =>
    Object.fromEntries(Object.entries(given).map(([name, x]) => [name, hostView(x)]));
  return {
    ...rest,
    a: matrix(hostView(a), a),
    b: matrix(hostView(b), b),
    rowFields: fields(rowFields),
    columnFields: fields(columnFields),
  };
}

const onHost: PairExecutor<tf.Tensor> = {
  forward(program, arrays) {
    const length = blocksOf(program.statistics, arrays.a.shape[0]!, arrays.b.shape[0]!).reduce(
      (t, b) => t + b.length,
      0,
    );
    const values = new Float32Array(length);
    referenceForward(program, views(arrays), values);
    return hostKernel([], [length], (out) => out.set(values));
  },
  backward(program, arrays, want) {
    const { a, b } = arrays;
    const shared = a === b;
    const da = want.a ? new Float64Array(a.size) : undefined;
    const db = shared ? da : want.b ? new Float64Array(b.size) : undefined;
    referenceBackward(program, views(arrays), da, db);
    const tensor = (x: Float64Array | undefined, like: tf.Tensor): tf.Tensor | undefined =>
      x && hostKernel([], like.shape, (out) => out.set(x));
    return { a: tensor(da, a), b: shared ? undefined : tensor(db, b) };
  },
};
