/** What every backend promises, checked on each that is present; the others are skipped by name. */
import type * as tf from '@tensorflow/tfjs-core';
import { disposeVariables, memory, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, Result } from '../../testing/ops-cases.js';
import { cases, cotangents, expectClose, inFloat64 } from '../../testing/ops-cases.js';
import { webgpuForTests } from '../../testing/webgpu.js';
import { tfjsKernels } from '../core/kernels-tfjs.js';
import { tfjsDifferentiation } from '../core/ops-tfjs.js';
import { sizeOf } from '../core/shape.js';
import type { BackendName } from './start.js';
import { BACKENDS, startBackend } from './start.js';

await webgpuForTests();

const present = new Map<BackendName, string>();
for (const name of BACKENDS) {
  const info = await startBackend(name).catch(() => undefined);
  if (info) present.set(name, [info.version, info.driver].filter(Boolean).join(', '));
}

async function inTfjs({ inputs, f }: Case): Promise<Result> {
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  let shape: readonly number[] = [];
  const results = tidy(() => {
    const leaves = inputs.map(({ values, shape }) => leaf(tfjsKernels.tensor(values, shape)));
    const out = recording(true, () => f(ops, ...leaves));
    shape = out.shape;
    const seed = tfjsKernels.tensor(cotangents(sizeOf(out.shape)), out.shape);
    return [valueOf(out), ...gradients(out, leaves, seed)];
  });
  const [value, ...slopes] = await Promise.all(results.map((x: tf.Tensor) => tfjsKernels.read(x)));
  results.forEach((x: tf.Tensor) => x.dispose());
  return { shape, value: value!, gradients: slopes };
}

describe.each(BACKENDS)('%s', (name) => {
  if (!present.has(name)) {
    console.warn(`skipped: the contract of backend ${name}, which this machine does not have`);
    return void it.skip('is not here', () => undefined);
  }

  beforeAll(async () => void (await startBackend(name)));
  afterAll(() => disposeVariables());

  it(`is ${present.get(name)}`, () => expect(present.get(name)).toMatch(/\d/));

  it.each(cases)('$name: value and gradient equal float64', async (given) => {
    const before = memory().numTensors;
    const [actual, expected] = [await inTfjs(given), inFloat64(given)];
    expect(actual.shape).toEqual(expected.shape);
    expectClose(actual.value, expected.value, 2e-6, 'value');
    expected.gradients.forEach((gradient, i) => expectClose(actual.gradients[i]!, gradient, 1e-5, `gradient ${i}`));
    expect(memory().numTensors).toBe(before);
  });
});
