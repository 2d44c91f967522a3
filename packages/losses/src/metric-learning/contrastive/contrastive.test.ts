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

const fn = implementation.functions['contrastiveLoss']!;
const embeddings = numbers(6, 6, 3) as number[][];
const labels = [0, 0, 1, 1, 1, 2];

function byLoops(margin: number, balance: string): number {
  const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
  let equal = 0;
  let unequal = 0;
  let equals = 0;
  let unequals = 0;
  for (let i = 0; i < unit.length; i++)
    for (let j = 0; j < unit.length; j++) {
      if (i === j) continue;
      const d = Math.hypot(...unit[i]!.map((x, k) => x - unit[j]![k]!));
      if (labels[i] === labels[j]) {
        equals++;
        equal += 0.5 * d * d;
      } else {
        unequals++;
        unequal += 0.5 * Math.max(0, margin - d) ** 2;
      }
    }
  return balance === 'kinds' ? equal / equals + unequal / unequals : (equal + unequal) / (equals + unequals);
}

describe('contrastive loss', () => {
  it.each([
    [1, 'kinds'],
    [1.6, 'kinds'],
    [1, 'pairs'],
  ])('equals the formula at margin %f over %s, with right gradients', async (margin, balance) => {
    const { loss } = await expectDifferentiable(fn, { embeddings, labels }, { margin, balance }, ['embeddings']);
    expectClose([loss], [byLoops(margin, balance)], 1e-12);
  });

  it('does not depend on the length of an embedding', () => {
    const longer = embeddings.map((row, i) => row.map((x) => x * (i + 2)));
    expectClose([evaluate(fn, { embeddings: longer, labels }).loss], [byLoops(1, 'pairs')], 1e-12);
  });

  it('has nothing to learn from one example, and from unequal pairs beyond the margin', () => {
    for (const [rows, truth] of [
      [[[1, 2]], [0]],
      [
        [
          [1, 0],
          [-1, 0],
        ],
        [0, 1],
      ],
    ] as const) {
      const { loss, gradients } = evaluate(fn, { embeddings: rows, labels: truth }, { margin: 1 }, ['embeddings']);
      expect(loss).toBe(0);
      expect(allZero(gradients['embeddings']!)).toBe(true);
    }
  });

  it('stays finite for zero vectors, duplicates and one class', () => {
    for (const truth of [
      [0, 0, 0, 0],
      [0, 1, 0, 1],
    ]) {
      const rows = [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
      ];
      const { loss, gradients } = evaluate(fn, { embeddings: rows, labels: truth }, {}, ['embeddings']);
      expect(allFinite([loss, ...gradients['embeddings']!])).toBe(true);
    }
  });

  it('refuses another balance', () => {
    expect(() => evaluate(fn, { embeddings, labels }, { balance: 'sum' })).toThrow(/one of pairs, kinds/);
  });
});
