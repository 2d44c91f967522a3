/** The kernel law: against float64, the fused form errs at most 1.5 times as much as the composed one in float32. */
import { describe, expect, it } from 'vitest';
import { openSession } from '../../backend/session.js';
import type { Form } from '../../core/class-softmax.js';
import { hostView } from '../../core/host-kernel.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { tfjsDifferentiation } from '../../core/ops-tfjs.js';
import { philox } from '../../core/rng.js';
import { createTape } from '../../core/tape.js';
import { clip, ntXent } from '../../metric-learning/info-nce/formulas.js';
import { multiSimilarity } from '../../metric-learning/multi-similarity/implement.js';
import { supervisedContrastiveLoss } from '../../metric-learning/supervised-contrastive/implement.js';
import { memoryOf, pairMemoryBytes } from './memory.js';

const ROWS = 150;
const WIDTH = 24;
const SEEDS = 8;
const seed = Date.now() % 2 ** 31;

type Loss = (ops: Ops, first: Tensor, second: Tensor, labels: Int32Array, form: Form) => Tensor;
const mining = { alpha: 2, beta: 40, lambda: 0.5, margin: 0.1, selfEps: 1e-5 };
const losses: Readonly<Record<string, Loss>> = {
  'NT-Xent': (ops, first, second, _labels, form) => ntXent(ops, first, second, 0.1, form),
  CLIP: (ops, first, second, _labels, form) => clip(ops, first, second, 0.07, form),
  'supervised contrastive': (ops, first, second, labels, form) =>
    supervisedContrastiveLoss(ops, ops.concat([first, second], 0), labels, { temperature: 0.1 }, form),
  'multi-similarity': (ops, first, second, labels, form) =>
    multiSimilarity(ops, ops.concat([first, second], 0), labels, mining, form),
};

type Result = { readonly loss: number; readonly gradients: readonly ArrayLike<number>[] };

function inFloat64(loss: Loss, views: readonly Float32Array[], labels: Int32Array): Result {
  const tape = createTape();
  const [first, second] = views.map((x) => tape.variable([...x], [ROWS, WIDTH]));
  const value = loss(tape, first!, second!, labels, 'composed');
  return { loss: tape.values(value)[0]!, gradients: tape.gradients(value, [first!, second!]) };
}

function inFloat32(loss: Loss, views: readonly Float32Array[], labels: Int32Array, form: Form): Result {
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  return recording(true, () => {
    const [first, second] = views.map((x) => leaf(valueOf(ops.tensor(x, [ROWS, WIDTH]))));
    const value = loss(ops, first!, second!, labels, form);
    return {
      loss: hostView(valueOf(value))[0]!,
      gradients: gradients(value, [first!, second!]).map((x) => Float32Array.from(hostView(x))),
    };
  });
}

/** Squared relative errors of the loss and of the gradient as a whole. */
function errors(found: Result, exact: Result): readonly [number, number] {
  let [difference, size] = [0, 0];
  exact.gradients.forEach((values, k) =>
    Array.from(values).forEach((x, q) => {
      difference += (found.gradients[k]![q]! - x) ** 2;
      size += x ** 2;
    }),
  );
  return [((found.loss - exact.loss) / exact.loss) ** 2, difference / size];
}

describe(`seed ${seed}`, () => {
  it.each(Object.keys(losses))('%s', async (name) => {
    const session = await openSession({ backend: 'wasm' });
    const total = { composed: [0, 0], fused: [0, 0] };
    for (let run = 0; run < SEEDS; run++) {
      const rng = philox(seed + run, name);
      const views = [0, 1].map(() => Float32Array.from({ length: ROWS * WIDTH }, () => rng.normal()));
      const labels = Int32Array.from({ length: 2 * ROWS }, () => rng.integer(40));
      const exact = inFloat64(losses[name]!, views, labels);
      for (const form of ['composed', 'fused'] as const) {
        new Uint8Array(memoryOf(Math.max(1, pairMemoryBytes())).buffer).fill(0xff);
        session.tidy(() =>
          errors(inFloat32(losses[name]!, views, labels, form), exact).forEach((x, k) => (total[form][k]! += x)),
        );
      }
    }
    const root = (of: Form, k: number): number => Math.sqrt(total[of][k]! / SEEDS);
    // A loss cannot be closer than half a unit in its last place.
    expect(root('fused', 0)).toBeLessThanOrEqual(Math.max(1.5 * root('composed', 0), 2 ** -24));
    expect(root('fused', 1)).toBeLessThanOrEqual(1.5 * root('composed', 1));
  });
});
