import { describe, expect, it } from 'vitest';
import {
  inversePropensities,
  ndcgAt,
  precisionAt,
  propensityScoredAt,
  recallAt,
  topOfDense,
  topOfSparse,
} from './top-k.js';

describe('rankings', () => {
  it('take equal scores by ascending column and leave −∞ out', () => {
    expect(topOfDense([1, 3, 3, -Infinity, 2], 0, 5, 3)).toEqual([1, 2, 4]);
    expect(topOfDense([9, 9, 1, 1, 1], 2, 3, 5)).toEqual([0, 1, 2]);
    const sparse = { rows: 1, columns: 9, offsets: [0, 4], indices: [7, 2, 5, 0], values: [1, 1, 4, -1] };
    expect(topOfSparse(sparse, 0, 3)).toEqual([5, 2, 7]);
  });
});

it('measures by hand', () => {
  const [ranked, relevant] = [[3, 1, 8], new Set([1, 8, 9])];
  expect(precisionAt(5, ranked, relevant)).toBe(2 / 5);
  expect(recallAt(2, ranked, relevant)).toBeCloseTo(1 / 3, 15);
  expect(recallAt(2, ranked, new Set())).toBeNaN();
  const best = 1 + 1 / Math.log2(3) + 0.5;
  expect(ndcgAt(3, ranked, relevant)).toBeCloseTo((1 / Math.log2(3) + 0.5) / best, 15);
  expect(ndcgAt(3, ranked, new Set())).toBe(0);
});

it('propensities fall with frequency, and the ideal ranking scores 1', () => {
  const inverse = inversePropensities([0, 10, 1000], 15_449);
  const c = (Math.log(15_449) - 1) * 2.5 ** 0.55;
  expect(inverse[1]).toBeCloseTo(1 + c * 11.5 ** -0.55, 12);
  expect(inverse[0]!).toBeGreaterThan(inverse[1]!);
  const { gained, best } = propensityScoredAt(1, [0], new Set([0, 2]), inverse);
  expect(gained).toBe(best);
  expect(propensityScoredAt(2, [2], new Set([0, 2]), inverse).gained).toBeCloseTo(inverse[2]! / 2, 15);
});
