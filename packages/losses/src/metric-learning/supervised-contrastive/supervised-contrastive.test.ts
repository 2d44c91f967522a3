import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  allZero,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { implementation, supervisedContrastiveLoss } from './implement.js';

const fn = implementation.functions['supervisedContrastiveLoss']!;
const embeddings = numbers(8, 7, 4) as number[][];
const labels = [0, 0, 0, 1, 1, 2, 3];

function byLoops(temperature: number): number {
  const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
  const score = (i: number, j: number) => unit[i]!.reduce((sum, x, k) => sum + x * unit[j]![k]!, 0) / temperature;
  let total = 0;
  labels.forEach((label, i) => {
    let partition = 0;
    labels.forEach((_, a) => (partition += a === i ? 0 : Math.exp(score(i, a))));
    const positives = labels.flatMap((other, p) => (p !== i && other === label ? [p] : []));
    for (const p of positives) total -= Math.log(Math.exp(score(i, p)) / partition) / positives.length;
  });
  return total / labels.length;
}

describe('supervised contrastive loss', () => {
  it.each([0.07, 0.1, 1])('equals the formula at τ = %f, with right gradients', async (temperature) => {
    const { loss } = await expectDifferentiable(fn, { embeddings, labels }, { temperature }, ['embeddings']);
    expectClose([loss], [byLoops(temperature)], 1e-12);
  });

  it('has nothing to learn without a positive, in both precisions', async () => {
    for (const [rows, truth] of [
      [[[1, 2]], [0]],
      [
        [
          [1, 2],
          [2, 1],
          [0, 0],
        ],
        [0, 1, 2],
      ],
    ] as const) {
      const exact = evaluate(fn, { embeddings: rows, labels: truth }, {}, ['embeddings']);
      const single = await evaluate32(fn, { embeddings: rows, labels: truth }, {}, ['embeddings']);
      for (const { loss, gradients } of [exact, single]) {
        expect(Math.abs(loss)).toBe(0);
        expect(allZero(gradients['embeddings']!)).toBe(true);
      }
    }
  });

  it('is log(B−1) for one class of equal embeddings', () => {
    const inputs = {
      embeddings: [
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
      ],
      labels: [0, 0, 0, 0],
    };
    expectClose([evaluate(fn, inputs).loss], [Math.log(3)], 1e-12);
  });

  it('stays finite for zero vectors and a small temperature', () => {
    const inputs = {
      embeddings: [
        [0, 0],
        [1, 0],
        [-1, 0],
        [0, 0],
      ],
      labels: [0, 0, 1, 1],
    };
    const { loss, gradients } = evaluate(fn, inputs, { temperature: 0.005 }, ['embeddings']);
    expect(allFinite([loss, ...gradients['embeddings']!])).toBe(true);
  });
});

describe('supervised contrastive loss of large batches', () => {
  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 24 }),
      classes: fc.integer({ min: 1, max: 12 }),
      width: fc.integer({ min: 3, max: 9 }),
      temperature: fc.double({ min: 0.02, max: 2, noNaN: true }),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, temperature }) => ({
      leaves: [randomLeaf(seed, 'embeddings', rows, width)],
      loss: (ops, [x], form) =>
        supervisedContrastiveLoss(ops, x!, randomLabels(seed, rows, classes), { temperature }, form),
    }));
  });

  it('stores no matrix', () => {
    const calls = (rows: number) =>
      pairwiseCalls([randomLeaf(1, 'x', rows, 2)], (ops, [x]) =>
        supervisedContrastiveLoss(ops, x!, randomLabels(1, rows, 5), { temperature: 0.1 }),
      );
    const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
    expect(calls(side - 1)).toBe(0);
    expect(calls(side)).toBe(1);
  });
});
