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
import { createTape } from '../../core/tape.js';
import { infoNCE } from '../../metric-learning/contrastive-behaviour/formulas.js';
import { definition } from './definition.js';
import { meanPairwiseLogistic } from './formulas.js';
import { implementation, retrievalLoss } from './implement.js';

const { mwLoss, globalAuc } = implementation.functions as Required<typeof implementation.functions>;
const scores = numbers(51, 5, 5) as number[][];

const split = (s: readonly (readonly number[])[]) => ({
  positives: s.map((row, i) => row[i]!),
  negatives: s.flatMap((row, i) => row.filter((_, j) => j !== i)),
});

function byLoops(s: readonly (readonly number[])[], tau: number): number {
  const { positives, negatives } = split(s);
  let total = 0;
  for (const p of positives) for (const n of negatives) total += Math.log(1 + Math.exp((n - p) / tau));
  return total / (positives.length * negatives.length);
}

const auc = (positives: readonly number[], negatives: readonly number[]) => {
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
};

const aucOf = (positives: readonly number[], negatives: readonly number[]) =>
  evaluate(globalAuc!, { positives, negatives }).outputs['value']![0]!;

describe('mwLoss', () => {
  it.each([0.2, 0.5, 3])('equals the formula at τ = %f, with right gradients', async (tau) => {
    const { loss } = await expectDifferentiable(mwLoss!, { scores }, { tau }, ['scores'], 1e-3);
    expectClose([loss], [byLoops(scores, tau)], 1e-12);
  });

  it('takes further columns as negatives of every query', async () => {
    const wide = numbers(52, 3, 5) as number[][];
    const { loss } = await expectDifferentiable(mwLoss!, { scores: wide }, { tau: 1 }, ['scores']);
    expectClose([loss], [byLoops(wide, 1)], 1e-12);
    expect(() => evaluate(mwLoss!, { scores: [[1], [2]] }, { tau: 1 })).toThrow(/a column for each row/);
  });

  it('bounds the area over the curve', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const s = numbers(seed, 4, 4) as number[][];
      const { positives, negatives } = split(s);
      const { loss } = evaluate(mwLoss!, { scores: s }, { tau: 1 });
      expect(1 - auc(positives, negatives)).toBeLessThanOrEqual(loss / Math.log(2));
    }
  });

  it('sees a shift of one query’s scores, which InfoNCE does not', () => {
    const shifted = scores.map((row, i) => (i === 2 ? row.map((s) => s + 1.5) : row));
    const tape = createTape();
    const contrast = [scores, shifted].map((s) => tape.values(infoNCE(tape, tape.tensor(s.flat(), [5, 5]), 1))[0]!);
    expectClose([contrast[0]!], [contrast[1]!], 1e-14);
    const mw = [scores, shifted].map((s) => evaluate(mwLoss!, { scores: s }, { tau: 1 }).loss);
    expect(Math.abs(mw[0]! - mw[1]!)).toBeGreaterThan(1e-2);
  });

  it('is log 2 for equal scores, and 0 with a zero gradient for one query, in both precisions', async () => {
    const flat = {
      scores: [
        [1, 1],
        [1, 1],
      ],
    };
    for (const at of [evaluate(mwLoss!, flat, { tau: 0.1 }), await evaluate32(mwLoss!, flat, { tau: 0.1 })])
      expectClose([at.loss], [Math.log(2)], 1e-6);
    const one = { scores: [[0.4]] };
    for (const at of [evaluate(mwLoss!, one, {}, ['scores']), await evaluate32(mwLoss!, one, {}, ['scores'])]) {
      expect(Math.abs(at.loss)).toBe(0);
      expect(allZero(at.gradients['scores']!)).toBe(true);
    }
  });

  it('survives scores of ±1e4 in both precisions', async () => {
    const huge = {
      scores: [
        [-1e4, 1e4],
        [1e4, -1e4],
      ],
    };
    for (const at of [
      evaluate(mwLoss!, huge, { tau: 1 }, ['scores']),
      await evaluate32(mwLoss!, huge, { tau: 1 }, ['scores']),
    ]) {
      expectClose([at.loss], [2e4], 1e-6);
      expect(allFinite(at.gradients['scores']!)).toBe(true);
    }
  });

  it('is the same in blocks of any size', () => {
    const tape = createTape();
    const { positives, negatives } = split(scores);
    const [p, n] = [tape.variable(positives, [5]), tape.variable(negatives, [20])];
    const whole = meanPairwiseLogistic(tape, p, n);
    const expected = tape.gradients(whole, [p, n]).map((gradient) => [...gradient]);
    for (const block of [1, 40, 60, 80]) {
      const loss = meanPairwiseLogistic(tape, p, n, block);
      expectClose([...tape.values(loss)], [...tape.values(whole)], 1e-14);
      tape.gradients(loss, [p, n]).forEach((gradient, k) => expectClose([...gradient], expected[k]!, 1e-14));
    }
  });
});

describe('globalAuc', () => {
  it('counts the pairs in the right order, ties half', () => {
    expect(aucOf([3, 1], [2, 1])).toBe(0.625);
    expect(aucOf([1, 1, 1], [1, 1])).toBe(0.5);
    expect(aucOf([2], [1, 1, 0])).toBe(1);
    expect(aucOf([0, -5], [1])).toBe(0);
    for (const seed of [61, 62, 63]) {
      const rounded = (length: number, at: number) => (numbers(at, length) as number[]).map((x) => Math.round(2 * x));
      const [p, n] = [rounded(17, seed), rounded(40, seed + 10)];
      expectClose([aucOf(p, n)], [auc(p, n)], 1e-14);
    }
  });

  it('refuses what has no pair', () => {
    expect(() => aucOf([], [1])).toThrow(/positives must be a list of one number or more/);
    expect(() => aucOf([1], [])).toThrow(/negatives/);
    expect(() => aucOf([Number.NaN], [1])).toThrow(/positives/);
  });
});

describe('the objective', () => {
  const defaults = definition.params.parse({});
  const views = [53, 54].map((seed) => numbers(seed, 4, 3) as number[][]);

  it.each(['cosine', 'dot'] as const)('scores the views by %s', (similarity) => {
    const tape = createTape();
    const [a, b] = views.map((view) => tape.tensor(view.flat(), [4, 3]));
    const length = (row: readonly number[]) => (similarity === 'cosine' ? Math.hypot(...row) : 1);
    const s = views[0]!.map((q) =>
      views[1]!.map((d) => q.reduce((sum, x, k) => sum + x * d[k]!, 0) / (length(q) * length(d))),
    );
    const loss = retrievalLoss(tape, a!, b!, { similarity, tau: 0.7 });
    expectClose([...tape.values(loss)], [byLoops(s, 0.7)], 1e-12);
  });

  it.each(['cosine', 'dot'] as const)('falls in training by %s', async (similarity) => {
    const losses = await lossesOfSteps(implementation, { ...defaults, similarity, tau: 0.3 });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
