import { describe, expect, it } from 'vitest';
import {
  allFinite,
  allZero,
  evaluate,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { implementation } from './implement.js';

const fn = implementation.functions['tripletLoss']!;
const embeddings = numbers(7, 8, 3) as number[][];
const labels = [0, 0, 1, 1, 1, 2, 2, 3];

function distances(distance: string): number[][] {
  const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
  return unit.map((a) =>
    unit.map((b) => {
      const d = Math.hypot(...a.map((x, k) => x - b[k]!));
      return distance === 'squared' ? d * d : d;
    }),
  );
}

function byLoops(margin: number, mining: string, distance: string): number {
  const d = distances(distance);
  const terms: number[] = [];
  labels.forEach((label, a) => {
    const positives = labels.flatMap((other, j) => (j !== a && other === label ? [d[a]![j]!] : []));
    const negatives = labels.flatMap((other, j) => (other !== label ? [d[a]![j]!] : []));
    if (mining === 'batch-hard' && positives.length > 0 && negatives.length > 0)
      terms.push(Math.max(0, Math.max(...positives) - Math.min(...negatives) + margin));
    if (mining === 'semi-hard')
      for (const p of positives) for (const n of negatives) if (p < n && n < p + margin) terms.push(p - n + margin);
  });
  return terms.length === 0 ? 0 : terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

describe('triplet loss', () => {
  it.each([
    [0.2, 'semi-hard', 'squared'],
    [0.8, 'semi-hard', 'squared'],
    [0.5, 'semi-hard', 'euclidean'],
    [0.2, 'batch-hard', 'squared'],
    [0.3, 'batch-hard', 'euclidean'],
  ])('equals the formula at margin %f, %s, %s, with right gradients', async (margin, mining, distance) => {
    const params = { margin, mining, distance };
    const { loss } = await expectDifferentiable(fn, { embeddings, labels }, params, ['embeddings']);
    expect(loss).toBeGreaterThan(0);
    expectClose([loss], [byLoops(margin, mining, distance)], 1e-12);
  });

  it.each(['semi-hard', 'batch-hard'])('has nothing to learn without a triplet (%s)', (mining) => {
    for (const [rows, truth] of [
      [[[1, 2]], [0]],
      [
        [
          [1, 2],
          [3, 1],
        ],
        [0, 0],
      ],
      [
        [
          [1, 2],
          [3, 1],
        ],
        [0, 1],
      ],
      [
        [
          [1, 0],
          [1, 0],
          [-1, 0],
          [-1, 0],
        ],
        [0, 0, 1, 1],
      ],
    ] as const) {
      const inputs = { embeddings: rows, labels: truth };
      const { loss, gradients } = evaluate(fn, inputs, { mining, margin: 0.2 }, ['embeddings']);
      expect(loss).toBe(0);
      expect(allZero(gradients['embeddings']!)).toBe(true);
    }
  });

  it.each(['squared', 'euclidean'])('stays finite for zero vectors and duplicates (%s)', (distance) => {
    const inputs = {
      embeddings: [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
      ],
      labels: [0, 1, 0, 1],
    };
    for (const mining of ['semi-hard', 'batch-hard']) {
      const { loss, gradients } = evaluate(fn, inputs, { distance, mining }, ['embeddings']);
      expect(allFinite([loss, ...gradients['embeddings']!])).toBe(true);
    }
  });
});
