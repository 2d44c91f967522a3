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
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import { clip } from '../info-nce/formulas.js';
import { definition } from './definition.js';
import { contrastBetweenViews } from './between-views.js';
import { implementation } from './implement.js';

const { infoNCE, relativePenalty, uniformity, tolerance, hardContrastive, simpleContrastive } =
  implementation.functions as Required<typeof implementation.functions>;
const scores = numbers(21, 5, 5) as number[][];
const embeddings = numbers(22, 6, 3) as number[][];
const single = { scores: [[0.7]] };

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const others = (row: readonly number[], i: number) => row.filter((_, k) => k !== i);
const descending = (values: readonly number[]) => [...values].sort((a, b) => b - a);
const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
const pairs = unit.flatMap((_, i) => unit.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));

function infoNceByLoops(tau: number, keep = scores.length): number {
  return mean(
    scores.map((row, i) => {
      const kept = descending(others(row, i)).slice(0, keep);
      const total = kept.reduce((sum, s) => sum + Math.exp(s / tau), Math.exp(row[i]! / tau));
      return -Math.log(Math.exp(row[i]! / tau) / total);
    }),
  );
}

describe('infoNCE', () => {
  it.each([0.07, 0.3, 2])('equals the formula at τ = %f, with right gradients', async (tau) => {
    const { loss } = await expectDifferentiable(infoNCE!, { scores }, { tau }, ['scores'], 1e-3);
    expectClose([loss], [infoNceByLoops(tau)], 1e-12);
  });

  it('is cross-entropy of the scores over τ with the diagonal as classes', () => {
    const logits = scores.map((row) => row.map((s) => s / 0.2));
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels: [0, 1, 2, 3, 4] });
    expectClose([evaluate(infoNCE!, { scores }, { tau: 0.2 }).loss], [plain.loss], 1e-13);
  });

  it('survives scores of ±1e4, and is 0 with a zero gradient for one pair, in both precisions', async () => {
    const huge = {
      scores: [
        [1e4, -1e4],
        [1e4, -1e4],
      ],
    };
    for (const at of [
      evaluate(infoNCE!, huge, { tau: 0.1 }, ['scores']),
      await evaluate32(infoNCE!, huge, { tau: 0.1 }, ['scores']),
    ]) {
      expectClose([at.loss], [1e5], 1e-6);
      expect(allFinite(at.gradients['scores']!)).toBe(true);
    }
    for (const at of [evaluate(infoNCE!, single, {}, ['scores']), await evaluate32(infoNCE!, single, {}, ['scores'])]) {
      expect(Math.abs(at.loss)).toBe(0);
      expect(allZero(at.gradients['scores']!)).toBe(true);
    }
  });

  it('refuses scores that are not square and a temperature of 0', () => {
    expect(() => evaluate(infoNCE!, { scores: [[1, 2]] })).toThrow(/scores must have shape \[1, 1\]/);
    expect(() => evaluate(infoNCE!, { scores }, { tau: 0 })).toThrow(/tau must be a number in \(0/);
  });
});

describe('relativePenalty', () => {
  it('is the ratio of the gradients of infoNCE', () => {
    const tau = 0.4;
    const { gradients } = evaluate(infoNCE!, { scores }, { tau }, ['scores']);
    for (const anchor of [0, 2, 4]) {
      const row = gradients['scores']!.slice(5 * anchor, 5 * anchor + 5);
      const expected = others(row, anchor).map((slope) => slope / -row[anchor]!);
      const { outputs } = evaluate(relativePenalty!, { scoresRow: scores[anchor]! }, { tau, anchor });
      expectClose(outputs['value']!, expected, 1e-12);
      expectClose([outputs['value']!.reduce((a, b) => a + b)], [1], 1e-14);
    }
  });

  it('spreads as the temperature rises, and is empty without a negative', () => {
    const entropy = (tau: number) => {
      const { outputs } = evaluate(relativePenalty!, { scoresRow: scores[1]! }, { tau, anchor: 1 });
      return -outputs['value']!.reduce((sum, p) => sum + p * Math.log(Math.max(p, 1e-300)), 0);
    };
    const along = [0.05, 0.2, 1, 5].map(entropy);
    along.slice(1).forEach((value, k) => expect(value).toBeGreaterThan(along[k]!));
    expect(evaluate(relativePenalty!, { scoresRow: [0.3] }, { tau: 1, anchor: 0 }).outputs['value']).toEqual([]);
  });

  it('refuses an anchor outside the row', () => {
    expect(() => evaluate(relativePenalty!, { scoresRow: [1, 2] }, { tau: 1, anchor: 2 })).toThrow(/anchor/);
  });
});

describe('hardContrastive', () => {
  it.each([0, 1, 2, 3, 4, 9])('keeps the %i largest negatives', (numHard) => {
    const { loss } = evaluate(hardContrastive!, { scores }, { tau: 0.3, numHard });
    expectClose([loss], [infoNceByLoops(0.3, numHard)], 1e-12);
  });

  it('has right gradients, and is InfoNCE where all negatives are kept', async () => {
    await expectDifferentiable(hardContrastive!, { scores }, { tau: 0.5, numHard: 2 }, ['scores'], 1e-3);
    expectClose(
      [evaluate(hardContrastive!, { scores }, { tau: 0.5, numHard: 4 }).loss],
      [evaluate(infoNCE!, { scores }, { tau: 0.5 }).loss],
      1e-13,
    );
  });

  it('counts only as many of equal negatives as are asked for', () => {
    const tied = [0, 1, 2].map((i) => [0, 1, 2].map((k) => (i === k ? 1 : 0.5)));
    const { loss } = evaluate(hardContrastive!, { scores: tied }, { tau: 1, numHard: 1 });
    expectClose([loss], [Math.log(1 + Math.exp(-0.5))], 1e-14);
  });

  it('is 0 for one pair in both precisions', async () => {
    for (const at of [
      evaluate(hardContrastive!, single, { tau: 1, numHard: 2 }, ['scores']),
      await evaluate32(hardContrastive!, single, { tau: 1, numHard: 2 }, ['scores']),
    ])
      expect([Math.abs(at.loss), ...at.gradients['scores']!.map(Math.abs)]).toEqual([0, 0]);
  });
});

describe('simpleContrastive', () => {
  it.each([0, 1, 2.5])('equals the formula at λ = %f, with right gradients', async (lambda) => {
    const { loss } = await expectDifferentiable(simpleContrastive!, { scores }, { lambda }, ['scores']);
    expectClose([loss], [mean(scores.map((row, i) => -row[i]! + lambda * mean(others(row, i))))], 1e-13);
  });

  it('is the limit of infoNCE for a large temperature', () => {
    const [tau, n] = [1e5, 5];
    const { loss } = evaluate(infoNCE!, { scores }, { tau });
    const limit = (loss - Math.log(n)) * tau * (n / (n - 1));
    expectClose([limit], [evaluate(simpleContrastive!, { scores }, { lambda: 1 }).loss], 1e-4);
  });

  it('only attracts where there is no negative', async () => {
    for (const at of [evaluate(simpleContrastive!, single), await evaluate32(simpleContrastive!, single)])
      expectClose([at.loss], [-0.7], 1e-6);
  });
});

describe('uniformity and tolerance', () => {
  const distance = ([i, j]: readonly [number, number]) => Math.hypot(...unit[i]!.map((x, k) => x - unit[j]![k]!));
  const cosine = ([i, j]: readonly [number, number]) => unit[i]!.reduce((sum, x, k) => sum + x * unit[j]![k]!, 0);

  it.each([0.5, 2])('uniformity equals the formula at t = %f, with right gradients', async (t) => {
    const { loss } = await expectDifferentiable(uniformity!, { embeddings }, { t }, ['embeddings'], 1e-3);
    expectClose([loss], [Math.log(mean(pairs.map((pair) => Math.exp(-t * distance(pair) ** 2))))], 1e-12);
  });

  it('uniformity is 0 for equal and −4t for opposite embeddings', () => {
    const line = (...x: number[]) => ({ embeddings: x.map((value) => [value, 0]) });
    expectClose([evaluate(uniformity!, line(1, 2, 3), { t: 2 }).loss], [0], 1e-14);
    expectClose([evaluate(uniformity!, line(1, -2), { t: 3 }).loss], [-12], 1e-12);
    expect(() => evaluate(uniformity!, line(1), { t: 2 })).toThrow(/two rows or more/);
  });

  it('tolerance is the mean cosine of pairs of one label, with right gradients', async () => {
    const labels = [0, 1, 0, 2, 1, 0];
    const { loss } = await expectDifferentiable(tolerance!, { embeddings, labels }, {}, ['embeddings']);
    expectClose([loss], [mean(pairs.filter(([i, j]) => labels[i] === labels[j]).map(cosine))], 1e-13);
    const one = evaluate(tolerance!, { embeddings, labels: [3, 3, 3, 3, 3, 3] });
    expectClose([one.loss], [mean(pairs.map(cosine))], 1e-13);
  });

  it('tolerance is refused where no two rows share a label, and finite for zero vectors', () => {
    expect(() => evaluate(tolerance!, { embeddings, labels: [0, 1, 2, 3, 4, 5] })).toThrow(/one label/);
    const zero = {
      embeddings: [
        [0, 0],
        [0, 0],
      ],
      labels: [1, 1],
    };
    const { loss, gradients } = evaluate(tolerance!, zero, {}, ['embeddings']);
    expect(Math.abs(loss)).toBe(0);
    expect(allFinite(gradients['embeddings']!)).toBe(true);
  });
});

describe('the objective', () => {
  const defaults = definition.params.parse({});

  it('is the two-way softmax of CLIP between the views', () => {
    const tape = createTape();
    const [first, second] = [23, 24].map((seed) => tape.tensor((numbers(seed, 4, 3) as number[][]).flat(), [4, 3]));
    const both = contrastBetweenViews(tape, first!, second!, { ...defaults, tau: 0.2 });
    expectClose([...tape.values(both)], [...tape.values(clip(tape, first!, second!, 0.2))], 1e-13);
  });

  it('takes its hard negatives by number or by share', () => {
    const tape = createTape();
    const [first, second] = [23, 24].map((seed) => tape.tensor((numbers(seed, 5, 3) as number[][]).flat(), [5, 3]));
    const value = (changed: object) =>
      tape.values(contrastBetweenViews(tape, first!, second!, { ...defaults, loss: 'hard', ...changed }))[0]!;
    expect(value({ hardFraction: 0.5 })).toBe(value({ numHard: 2 }));
    expect(value({ hardFraction: 0.01 })).toBe(value({ numHard: 1 }));
    expectClose([value({ hardFraction: 1 })], [value({ loss: 'info-nce' })], 1e-13);
    expect(value({ loss: 'hard-simple', hardFraction: 1 })).toBeCloseTo(value({ loss: 'simple' }), 13);
    expect(value({ loss: 'hard-simple', numHard: 1 })).toBeGreaterThan(value({ loss: 'simple' }));
  });

  it.each(['info-nce', 'simple', 'hard', 'hard-simple'] as const)('%s falls in training', async (loss) => {
    const losses = await lossesOfSteps(implementation, { ...defaults, loss });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
