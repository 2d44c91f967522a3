import type * as tf from '@tensorflow/tfjs-core';
import { memory, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { relativeError } from '../../../testing/pairwise-webgpu/evaluations.js';
import { webgpuForTests } from '../../../testing/webgpu.js';
import { startBackend } from '../../backend/start.js';
import { activeDevice } from '../../backend/webgpu.js';
import { tfjsKernels } from '../../core/kernels-tfjs.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { tfjsDifferentiation } from '../../core/ops-tfjs.js';
import { philox } from '../../core/rng.js';
import { createTape } from '../../core/tape.js';
import * as p from '../index.js';

const gpu = await webgpuForTests();

const logits = p.div(p.score, p.row('temperature'));
const declaration = p.definePairwise({
  name: 'both-directions',
  statistics: {
    rows: p.statistic('logSumExp', logits, { over: p.not(p.sameIndex) }),
    columns: p.statistic('logSumExp', p.mul(p.score, p.uniform('scale')), { per: 'column' }),
    positive: p.statistic('sum', logits, { over: p.sameId('label', 'label') }),
    hardest: p.statistic('max', p.score, { over: p.not(p.sameId('label', 'label')) }),
  },
});

const [n, d] = [70, 12];
const rng = philox(11, 'executor');
const [a, b] = [0, 1].map(() => Float32Array.from({ length: n * d }, () => rng.normal() / 3));
const temperature = Float32Array.from({ length: n }, () => 0.5 + rng.uniform());
const label = Int32Array.from({ length: n }, () => rng.integer(5));

/** Operations of the backend stand before and behind the engine's, so that their order is tested too. */
function loss(ops: Ops, [x, y, t]: readonly Tensor[], shared: boolean): Tensor {
  const left = ops.mul(x!, 2);
  const { values } = ops.pairwise(declaration, {
    a: left,
    ...(shared ? {} : { b: ops.add(y!, 0.25) }),
    rows: { fields: { temperature: t! }, ids: { label } },
    columns: { ids: { label } },
    uniforms: { scale: 1.5 },
  });
  const { rows, columns, positive, hardest } = values;
  return ops.sum(ops.add(ops.sub(ops.mul(rows!, columns!), ops.mul(0.1, positive!)), ops.square(hardest!)));
}

describe.skipIf(!gpu)(
  `executor of the webgpu backend${gpu ? ` on ${gpu.adapter.description}` : ': no adapter here'}`,
  () => {
    beforeAll(async () => void (await startBackend('webgpu')));

    it.each([false, true])(
      'value and gradients through ops.pairwise equal float64, columns are the rows: %s',
      async (shared) => {
        const parts = [a!, b!, temperature];
        const shapes = [[n, d], [n, d], [n]];
        const tape = createTape();
        const leaves = parts.map((x, k) => tape.variable(x, shapes[k]!));
        const exact = loss(tape, leaves, shared);
        const slopes = tape.gradients(exact, leaves);

        const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
        const before = memory().numTensors;
        const results = tidy(() => {
          const inputs = parts.map((x, k) => leaf(tfjsKernels.tensor(x, shapes[k]!)));
          const out = recording(true, () => loss(ops, inputs, shared));
          return [valueOf(out), ...gradients(out, inputs)];
        });
        const [value, ...found] = await Promise.all(results.map((x: tf.Tensor) => tfjsKernels.read(x)));
        results.forEach((x) => x.dispose());
        await activeDevice()!.settled();
        expect(relativeError(value!, tape.values(exact))).toBeLessThan(1e-6);
        slopes.forEach((slope, k) =>
          expect(relativeError(found[k]!, slope), `gradient ${k}`).toBeLessThan(k === 1 && shared ? Infinity : 2e-6),
        );
        if (shared) expect([...found[1]!].every((x) => x === 0)).toBe(true);
        expect(memory().numTensors).toBe(before);
      },
    );
  },
);
