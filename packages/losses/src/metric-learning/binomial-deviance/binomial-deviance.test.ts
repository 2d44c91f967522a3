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
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const fn = implementation.functions['binomialDeviance']!;
const embeddings = numbers(31, 7, 3) as number[][];
const labels = [0, 0, 1, 1, 1, 2, 3];
const defaults = definition.params.parse({});

function byLoops({ alpha, beta, cost }: typeof defaults): number {
  const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
  const sums = { equal: [0, 0], unequal: [0, 0] };
  for (let i = 0; i < unit.length; i++)
    for (let j = 0; j < unit.length; j++) {
      if (i === j) continue;
      const s = unit[i]!.reduce((sum, x, k) => sum + x * unit[j]![k]!, 0);
      const [kind, m] = labels[i] === labels[j] ? (['equal', -1] as const) : (['unequal', cost] as const);
      sums[kind][0]! += Math.log(1 + Math.exp(m * alpha * (s - beta)));
      sums[kind][1]!++;
    }
  return sums.equal[0]! / sums.equal[1]! + sums.unequal[0]! / sums.unequal[1]!;
}

describe('binomial deviance', () => {
  it.each([{}, { cost: 25 }, { alpha: 0.5, beta: -0.3, cost: 1 }, { alpha: 8, beta: 0, cost: 4 }])(
    'equals the formula at %o, with right gradients',
    async (changed) => {
      const params = { ...defaults, ...changed };
      const { loss } = await expectDifferentiable(fn, { embeddings, labels }, params, ['embeddings']);
      expectClose([loss], [byLoops(params)], 1e-12);
    },
  );

  it('is log 2 a kind where every cosine stands at the threshold', () => {
    const angles = [0, 1, 2].map((k) => (k * 2 * Math.PI) / 3);
    const rows = angles.map((a) => [Math.cos(a), Math.sin(a)]);
    const { loss } = evaluate(fn, { embeddings: rows, labels: [0, 0, 1] }, { beta: -0.5 });
    expectClose([loss], [2 * Math.log(2)], 1e-12);
  });

  it('drops a kind of which there is no pair, and is 0 for one example', () => {
    const rows = [
      [1, 0],
      [0, 1],
    ];
    expectClose([evaluate(fn, { embeddings: rows, labels: [0, 0] }).loss], [Math.log(1 + Math.E)], 1e-14);
    expectClose([evaluate(fn, { embeddings: rows, labels: [0, 1] }).loss], [Math.log(1 + Math.exp(-10))], 1e-14);
    const alone = evaluate(fn, { embeddings: [[3, 4]], labels: [2] }, {}, ['embeddings']);
    expect(alone.loss).toBe(0);
    expect(allZero(alone.gradients['embeddings']!)).toBe(true);
  });

  it('grows linearly, without overflow, where scale and cost are huge', async () => {
    const rows = [
      [1, 0],
      [1, 0],
    ];
    const params = { alpha: 100, cost: 1000 };
    for (const { loss, gradients } of [
      evaluate(fn, { embeddings: rows, labels: [0, 1] }, params, ['embeddings']),
      await evaluate32(fn, { embeddings: rows, labels: [0, 1] }, params, ['embeddings']),
    ]) {
      expectClose([loss], [5e4], 1e-6);
      expect(allFinite(gradients['embeddings']!)).toBe(true);
    }
  });

  it('stays finite for zero vectors and refuses labels that do not fit', () => {
    const zeros = [
      [0, 0],
      [0, 0],
      [1, 1],
    ];
    const { loss, gradients } = evaluate(fn, { embeddings: zeros, labels: [0, 0, 1] }, {}, ['embeddings']);
    expect(allFinite([loss, ...gradients['embeddings']!])).toBe(true);
    expect(() => evaluate(fn, { embeddings: zeros, labels: [0, 1] })).toThrow(/labels must have 3 entries/);
    expect(() => evaluate(fn, { embeddings: zeros, labels: [0, 1, -1] })).toThrow(/labels must be whole numbers/);
  });

  it('trains', async () => {
    const losses = await lossesOfSteps(implementation, defaults, { steps: 6 });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
