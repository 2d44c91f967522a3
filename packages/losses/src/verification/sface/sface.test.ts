import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, evaluate32, expectClose, numbers } from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { finiteDifference } from '../../core/finite-difference.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { implementation, sface } from './implement.js';

const fn = implementation.functions['sface']!;
const embeddings = numbers(41, 4, 3) as number[][];
const weights = numbers(42, 5, 3) as number[][];
const labels = [0, 4, 2, 2];
const defaults = definition.params.parse({});

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const cosine = (a: readonly number[], b: readonly number[]) => unit(a).reduce((sum, x, k) => sum + x * unit(b)[k]!, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Strengths of every pair: negative for the own class. */
function strengths({ k, a, b }: typeof defaults): number[][] {
  return embeddings.map((row, i) =>
    weights.map((weight, c) => {
      const angle = Math.acos(cosine(row, weight));
      return c === labels[i] ? -sigmoid(k * (angle - a)) : sigmoid(-k * (angle - b));
    }),
  );
}

/** The sum of strength times cosine, the strengths given. */
function withStrengths(r: readonly (readonly number[])[], rows: readonly number[][], columns: readonly number[][]) {
  let total = 0;
  rows.forEach((row, i) => columns.forEach((weight, c) => (total += r[i]![c]! * cosine(row, weight))));
  return total / rows.length;
}

const matrix = (values: Float64Array) =>
  Array.from({ length: values.length / 3 }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);

describe('SFace', () => {
  it.each([defaults, { s: 16, k: 10, a: 0.5, b: 1.5 }, { s: 1, k: 0, a: 1, b: 1 }])(
    'equals the formula at %o, its gradient that of held strengths',
    async (params) => {
      const names = ['embeddings', 'weights'];
      const exact = evaluate(fn, { embeddings, weights, labels }, params, names);
      const held = strengths(params);
      expectClose([exact.loss], [params.s * withStrengths(held, embeddings, weights)], 1e-12);
      const bySlope = finiteDifference(
        (x) => params.s * withStrengths(held, matrix(x), weights),
        embeddings.flat(),
        1e-4,
      );
      expectClose(exact.gradients['embeddings']!, [...bySlope], 1e-7);
      const byWeights = finiteDifference(
        (w) => params.s * withStrengths(held, embeddings, matrix(w)),
        weights.flat(),
        1e-4,
      );
      expectClose(exact.gradients['weights']!, [...byWeights], 1e-7);
      const single = await evaluate32(fn, { embeddings, weights, labels }, params, names);
      expectClose([single.loss], [exact.loss], 1e-4);
      for (const name of names) expectClose(single.gradients[name]!, exact.gradients[name]!, 1e-3);
    },
  );

  it('stops pulling within a and pushing beyond b', () => {
    const at = (angle: number) => [Math.cos(angle), Math.sin(angle)];
    const still = { embeddings: [at(0)], weights: [at(0.3), at(2)], labels: [0] };
    const { gradients } = evaluate(fn, still, defaults, ['embeddings']);
    expectClose(gradients['embeddings']!, [0, 0], 1e-10);
    const moved = { embeddings: [at(0)], weights: [at(1.4), at(2)], labels: [0] };
    // Towards its class at positive angles: the pull is s·sin 1.4 in the direction of rising angle.
    const pulled = evaluate(fn, moved, defaults, ['embeddings']).gradients['embeddings']!;
    expectClose(pulled, [0, -64 * Math.sin(1.4)], 1e-9);
  });

  it('is the pull alone for one class, and finite at poles, zero vectors and huge slopes', async () => {
    const one = { embeddings: [[2, 0]], weights: [[0, 3]], labels: [0] };
    expectClose([evaluate(fn, one, defaults).loss], [0], 1e-12);
    const poles = {
      embeddings: [
        [1, 0],
        [0, 0],
        [-2, 0],
      ],
      weights: [
        [5, 0],
        [0, 0],
        [-1, 0],
      ],
      labels: [0, 1, 0],
    };
    for (const k of [80, 1e6]) {
      const names = ['embeddings', 'weights'];
      const exact = evaluate(fn, poles, { ...defaults, k }, names);
      expect(allFinite([exact.loss, ...Object.values(exact.gradients).flat()])).toBe(true);
      const single = await evaluate32(fn, poles, { ...defaults, k });
      expectClose([single.loss], [exact.loss], 1e-4);
    }
    // Row 1 aligned with its class and opposite to class 2; row 2 at right angles to all; row 3 opposite to its class.
    expectClose([evaluate(fn, poles, defaults).loss], [(64 + 64) / 3], 1e-9);
  });

  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 20 }),
      classes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 2, max: 9 }),
      s: fc.double({ min: 1, max: 64, noNaN: true }),
      k: fc.double({ min: 0, max: 80, noNaN: true }),
      a: fc.double({ min: 0.3, max: 3, noNaN: true }),
      b: fc.double({ min: 0.3, max: 3, noNaN: true }),
    });
    // A strength multiplies the rounding of its angle by k.
    await expectEqualForms(
      cases,
      ({ seed, rows, classes, width, ...params }) => ({
        leaves: [randomLeaf(seed, 'embeddings', rows, width), randomLeaf(seed, 'weights', classes, width)],
        loss: (ops, [x, w], form) => sface(ops, x!, w!, randomLabels(seed, rows, classes), params, form),
      }),
      { floor: 5e-5 },
    );
  });

  it('stores no matrix of many classes', () => {
    const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
    const leaves = [randomLeaf(1, 'x', side, 2), randomLeaf(1, 'w', side, 2)];
    const calls = pairwiseCalls(leaves, (ops, [x, w]) => sface(ops, x!, w!, randomLabels(1, side, side), defaults));
    expect(calls).toBe(1);
  });

  it('trains: examples come closer to their classes on the backend', async () => {
    const losses = await lossesOfSteps(
      implementation,
      { ...defaults, s: 1, k: 5, a: 0.3, b: 1.8 },
      { steps: 30, learningRate: 0.2 },
    );
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
