import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { arcFace, implementation } from './implement.js';

const fn = implementation.functions['arcFace']!;
const embeddings = numbers(21, 5, 3) as number[][];
const weights = numbers(22, 4, 3) as number[][];
const labels = [1, 3, 0, 0, 2];

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const cosine = (a: readonly number[], b: readonly number[]) => unit(a).reduce((sum, x, k) => sum + x * unit(b)[k]!, 0);

function byLoops(s: number, m: number): number {
  let total = 0;
  embeddings.forEach((row, i) => {
    const logits = weights.map((weight, c) => {
      const angle = Math.acos(cosine(row, weight));
      return s * Math.cos(c === labels[i] ? angle + m : angle);
    });
    total += Math.log(logits.reduce((sum, z) => sum + Math.exp(z - logits[labels[i]!]!), 0));
  });
  return total / embeddings.length;
}

describe('ArcFace', () => {
  it.each([
    [64, 0.5],
    [16, 1.2],
    [8, 0.1],
  ])('equals the formula at s = %f, m = %f, with right gradients', async (s, m) => {
    const inputs = { embeddings, weights, labels };
    const { loss } = await expectDifferentiable(fn, inputs, { s, m }, ['embeddings', 'weights'], 5e-4);
    expectClose([loss], [byLoops(s, m)], 1e-12);
  });

  it('is the softmax over scaled cosines without a margin', () => {
    const logits = embeddings.map((row) => weights.map((weight) => 10 * cosine(row, weight)));
    let total = 0;
    logits.forEach((row, i) => {
      total += Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[labels[i]!]!;
    });
    expectClose([evaluate(fn, { embeddings, weights, labels }, { s: 10, m: 0 }).loss], [total / 5], 1e-12);
  });

  it('keeps the value at and around the class weight and opposite to it, in both precisions', async () => {
    for (const offset of [0, 1e-9, 1e-5, 1e-3, 0.1, Math.PI - 0.1, Math.PI - 1e-3, Math.PI]) {
      const inputs = {
        embeddings: [[3 * Math.cos(0.4 + offset), 3 * Math.sin(0.4 + offset)]],
        weights: [
          [2 * Math.cos(0.4), 2 * Math.sin(0.4)],
          [Math.cos(1.5), Math.sin(1.5)],
        ],
        labels: [0],
      };
      const params = { s: 30, m: 0.5 };
      const others = 30 * Math.cos(1.1 - offset);
      const expected = Math.log1p(Math.exp(others - 30 * Math.cos(offset + 0.5)));
      const { loss, gradients } = evaluate(fn, inputs, params, ['embeddings', 'weights']);
      expectClose([loss], [expected], 1e-10);
      expect(allFinite(Object.values(gradients).flat())).toBe(true);
      const single = await evaluate32(fn, inputs, params, ['embeddings', 'weights']);
      expectClose([single.loss], [expected], 1e-5);
      expectClose(single.gradients['embeddings']!, gradients['embeddings']!, 1e-3);
    }
  });

  it('is 0 for one class and finite for zero vectors and a scale of 1e4', () => {
    const one = evaluate(fn, { embeddings: [[1, 2]], weights: [[3, 1]], labels: [0] }, {}, ['embeddings', 'weights']);
    expect(one.loss).toBe(0);
    expectClose(Object.values(one.gradients).flat(), [0, 0, 0, 0], 1e-12);
    const zeros = {
      embeddings: [
        [0, 0],
        [1, 0],
      ],
      weights: [
        [0, 0],
        [1, 1],
      ],
      labels: [0, 1],
    };
    for (const s of [64, 1e4]) {
      const { loss, gradients } = evaluate(fn, zeros, { s, m: 0.5 }, ['embeddings', 'weights']);
      expect(allFinite([loss, ...Object.values(gradients).flat()])).toBe(true);
    }
    // A zero vector has cosine 0 and a right angle to everything: −sin m against 0.
    const { loss } = evaluate(fn, { ...zeros, embeddings: [[0, 0]], labels: [1] }, { s: 10, m: 0.5 });
    expectClose([loss], [Math.log1p(Math.exp(10 * Math.sin(0.5)))], 1e-12);
  });

  it('refuses labels without a weight, other widths and a scale of 0', () => {
    expect(() => evaluate(fn, { embeddings, weights, labels: [0, 1, 2, 3, 4] })).toThrow(/labels must be .*\[0, 4\)/);
    expect(() => evaluate(fn, { embeddings, weights: [[1, 2]], labels })).toThrow(/weights must have shape/);
    expect(() => evaluate(fn, { embeddings, weights, labels }, { s: 0 })).toThrow(/s must be/);
  });

  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 20 }),
      classes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 2, max: 9 }),
      s: fc.double({ min: 1, max: 64, noNaN: true }),
      m: fc.double({ min: 0, max: 1.5, noNaN: true }),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, s, m }) => ({
      leaves: [randomLeaf(seed, 'embeddings', rows, width), randomLeaf(seed, 'weights', classes, width)],
      loss: (ops, [x, w], form) => arcFace(ops, x!, w!, randomLabels(seed, rows, classes), { s, m }, form),
    }));
  });

  it('takes the fused form from the constant size on', () => {
    const calls = (rows: number, classes: number) =>
      pairwiseCalls([randomLeaf(1, 'x', rows, 2), randomLeaf(1, 'w', classes, 2)], (ops, [x, w]) =>
        arcFace(ops, x!, w!, randomLabels(1, rows, classes), { s: 8, m: 0.5 }),
      );
    expect(calls(1, FUSED_PAIRS - 1)).toBe(0);
    expect(calls(1, FUSED_PAIRS)).toBe(1);
  });

  it('trains: its loss falls on the backend', async () => {
    const losses = await lossesOfSteps(implementation, { ...definition.params.parse({}), s: 16 });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
