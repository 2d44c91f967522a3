import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { batchRows, stepsPerEpoch } from './samplers.js';

const labels = Int32Array.from({ length: 60 }, (_, i) => i % 6);
const take = (rule: Parameters<typeof batchRows>[0], steps: number, seed = 0, weights?: Float32Array): Int32Array[] => [
  ...batchRows(rule, labels, steps, philox(seed, 'batch'), weights),
];

describe('batchRows', () => {
  it('passes through all items before repeating one', () => {
    const batches = take({ kind: 'uniform', size: 12 }, 10);
    expect(new Set(batches.slice(0, 5).flatMap((rows) => [...rows])).size).toBe(60);
    expect(new Set(batches.slice(5).flatMap((rows) => [...rows])).size).toBe(60);
    expect(stepsPerEpoch({ kind: 'uniform', size: 12 }, 60)).toBe(5);
  });

  it('gives P classes with K different items each', () => {
    const rule = { kind: 'pk', classes: 4, perClass: 3 } as const;
    for (const rows of take(rule, 50)) {
      const counts = new Map<number, number>();
      rows.forEach((row) => counts.set(labels[row]!, (counts.get(labels[row]!) ?? 0) + 1));
      expect([...counts.values()]).toEqual([3, 3, 3, 3]);
    }
    expect(new Set(take(rule, 50).flatMap((rows) => [...rows])).size).toBe(60);
  });

  it('follows weights', () => {
    const weights = Float32Array.from(labels, (label) => (label === 2 ? 1 : 0));
    expect(
      take({ kind: 'uniform', size: 8 }, 20, 0, weights).every((rows) => rows.every((row) => labels[row] === 2)),
    ).toBe(true);
  });

  it('is the same for a seed, another for another', () => {
    const rule = { kind: 'uniform', size: 7 } as const;
    expect(take(rule, 30)).toEqual(take(rule, 30));
    expect(take(rule, 30, 1)).not.toEqual(take(rule, 30));
  });

  it('refuses more classes than there are', () => {
    expect(() => take({ kind: 'pk', classes: 7, perClass: 1 }, 1)).toThrow(/7 classes a batch, but training has 6/);
  });
});
