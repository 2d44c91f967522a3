import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { expectEqualForms, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { implementation as normalisedSoftmax } from '../../metric-learning/hyperspherical-nsl/implement.js';
import { definition } from './definition.js';
import { cosFace, implementation } from './implement.js';

const fn = implementation.functions['cosFace']!;
const embeddings = numbers(31, 5, 3) as number[][];
const weights = numbers(32, 4, 3) as number[][];
const labels = [1, 3, 0, 0, 2];

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const cosine = (a: readonly number[], b: readonly number[]) => unit(a).reduce((sum, x, k) => sum + x * unit(b)[k]!, 0);

function byLoops(s: number, m: number): number {
  let total = 0;
  embeddings.forEach((row, i) => {
    const logits = weights.map((weight, c) => s * (cosine(row, weight) - (c === labels[i] ? m : 0)));
    total += Math.log(logits.reduce((sum, z) => sum + Math.exp(z - logits[labels[i]!]!), 0));
  });
  return total / embeddings.length;
}

describe('CosFace', () => {
  it.each([
    [64, 0.35],
    [10, 0],
    [8, 1],
  ])('equals the formula at s = %f, m = %f, with right gradients', async (s, m) => {
    const inputs = { embeddings, weights, labels };
    const { loss } = await expectDifferentiable(fn, inputs, { s, m }, ['embeddings', 'weights'], 5e-4);
    expectClose([loss], [byLoops(s, m)], 1e-12);
  });

  it('is the normalised softmax without a margin', () => {
    const other = evaluate(
      normalisedSoftmax.functions['normalizedSoftmax']!,
      { embeddings, proxies: weights, labels },
      { temperature: 1 / 20 },
      ['embeddings'],
    );
    const here = evaluate(fn, { embeddings, weights, labels }, { s: 20, m: 0 }, ['embeddings']);
    expectClose([here.loss], [other.loss], 1e-12);
    expectClose(here.gradients['embeddings']!, other.gradients['embeddings']!, 1e-12);
  });

  it('is 0 for one class, s·m at equal cosines of two, and finite for zero vectors and huge scales', () => {
    const one = evaluate(fn, { embeddings: [[1, 2]], weights: [[3, 1]], labels: [0] }, {}, ['embeddings']);
    expect(one.loss).toBe(0);
    expectClose(one.gradients['embeddings']!, [0, 0], 1e-15);
    const zeros = {
      embeddings: [[0, 0]],
      weights: [
        [0, 0],
        [1, 1],
      ],
      labels: [1],
    };
    expectClose([evaluate(fn, zeros, { s: 1e4, m: 0.5 }).loss], [5000], 1e-12);
    const { gradients } = evaluate(fn, zeros, { s: 64, m: 0.35 }, ['embeddings', 'weights']);
    expect(allFinite(Object.values(gradients).flat())).toBe(true);
  });

  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 20 }),
      classes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 2, max: 9 }),
      s: fc.double({ min: 1, max: 64, noNaN: true }),
      m: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, s, m }) => ({
      leaves: [randomLeaf(seed, 'embeddings', rows, width), randomLeaf(seed, 'weights', classes, width)],
      loss: (ops, [x, w], form) => cosFace(ops, x!, w!, randomLabels(seed, rows, classes), { s, m }, form),
    }));
  });

  it('trains: its loss falls on the backend', async () => {
    const losses = await lossesOfSteps(implementation, { ...definition.params.parse({}), s: 16 });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
