import { philox } from '@touchstone/losses/meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from './distributions.js';
import type { EntrySketch } from './entry-sketch.js';
import { entrySketch, sketchDifference } from './entry-sketch.js';
import { upperGram } from './gram.js';
import { maxTQuantile, studentised } from './max-t.js';
import { pairTable } from './pairs.js';
import { rankIntervals } from './rank-intervals.js';
import { sketchScore } from './sketch.js';

const REPLICATES = 200;
const random = philox(11, 'tests/rank-intervals');
const COMMON = Float64Array.from({ length: REPLICATES }, () => random.normal());

/** An entry whose seeds score `score` give or take `deviation`, and whose units move it by as much. */
function entry(score: number, options: { seeds?: number; deviation?: number; common?: number } = {}): EntrySketch {
  const { seeds = 1, deviation = 0.01, common = 0.02 } = options;
  const runs = Array.from({ length: seeds }, (_, seed) => {
    const deviations = Float32Array.from(COMMON, (value) => common * value + deviation * random.normal());
    return [seed, { score: score + (seeds > 1 ? deviation * random.normal() : 0), deviations, units: 5_000 }] as const;
  });
  return entrySketch(new Map(runs));
}

const board = (scores: readonly number[], options = {}): EntrySketch[] => scores.map((score) => entry(score, options));

describe('the table of pairs', () => {
  it.each([1, 2, 5])('has the differences of the sketches, %d seeds', (seeds) => {
    const entries = board([0.5, 0.52, 0.6, 0.58, 0.4, 0.41, 0.7], { seeds });
    const { k, t, standardError, spread } = pairTable(entries);
    for (let i = 0; i < k; i++) {
      for (let j = i + 1; j < k; j++) {
        const expected = sketchDifference(entries[i]!, entries[j]!);
        expect(standardError[i * k + j]! / expected.standardError!).toBeCloseTo(1, 4);
        expect(t[i * k + j]! / (expected.mean / expected.standardError!)).toBeCloseTo(1, 4);
        expect(spread[i * k + j]).toBeGreaterThan(0);
      }
    }
  });

  it('gives no pair more degrees of freedom than the median pair', () => {
    const { k, inverseDegrees } = pairTable(board([0.5, 0.52, 0.6, 0.58], { seeds: 5, deviation: 0.02 }));
    const found = Array.from({ length: k - 1 }, (_, i) => inverseDegrees[i * k + i + 1]!);
    expect(Math.min(...found)).toBeGreaterThan(1 / 5_000);
  });

  it('keeps the digits of entries that hardly differ', () => {
    const a = entry(0.5);
    const b = { ...a, mean: 0.5001, deviations: a.deviations.map((value, r) => value + 1e-6 * Math.sin(r)) };
    const { standardError } = pairTable([a, b]);
    expect(standardError[1]! / sketchDifference(a, b).standardError!).toBeCloseTo(1, 5);
  });

  it.each([1, 3, 4, 5, 8, 11, 70])('multiplies %d rows', (n) => {
    const width = 7;
    const x = Float64Array.from({ length: n * width }, () => random.normal());
    const gram = upperGram(x, n, width);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        let sum = 0;
        for (let r = 0; r < width; r++) sum += x[i * width + r]! * x[j * width + r]!;
        expect(gram[i * n + j]).toBeCloseTo(sum, 4);
      }
    }
  });
});

describe('the quantile of the largest t', () => {
  it.each([
    ['equal spreads', [0.01, 0.01, 0.01]],
    ['spreads far apart', [0.001, 0.01, 0.2]],
  ])('is that of a plain search, %s', (_, deviations) => {
    for (const seeds of [1, 3]) {
      const entries = Array.from({ length: 17 }, (_, i) =>
        entry(i * 0.01, { seeds, deviation: deviations[i % deviations.length]! }),
      );
      const data = studentised(pairTable(entries));
      const { k, replicates, values } = data;
      const decisions = new Int8Array(k * k).map(() => random.integer(3) - 1);
      const table = pairTable(entries);
      const largest = Float64Array.from({ length: replicates }, (_, r) => {
        let most = 0;
        for (let i = 0; i < k; i++) {
          for (let j = i + 1; j < k; j++) {
            const z = (values[r * k + i]! - values[r * k + j]!) / table.spread[i * k + j]!;
            if (decisions[i * k + j]! <= 0) most = Math.max(most, z);
            if (decisions[i * k + j]! >= 0) most = Math.max(most, -z);
          }
        }
        return most;
      }).sort();
      for (const alpha of [0.05, 0.3])
        expect(maxTQuantile(data, decisions, alpha)).toBeCloseTo(
          largest[replicates - 1 - Math.floor(alpha * replicates)]!,
          6,
        );
    }
  });

  it('falls as pairs are decided, and never below that of one pair', () => {
    const entries = board([0.1, 0.2, 0.3, 0.4]);
    const data = studentised(pairTable(entries));
    const [open, decided] = [new Int8Array(16), new Int8Array(16).fill(1)];
    expect(maxTQuantile(data, decided, 0.05)).toBeLessThan(maxTQuantile(data, open, 0.05));
    expect(rankIntervals(entries, { direction: 'higher' }).critical).toBeGreaterThanOrEqual(normalQuantile(0.975));
  });
});

describe('rank intervals', () => {
  it('separate what the sketches separate', () => {
    const found = rankIntervals(board([0.5, 0.9, 0.901, 0.7]), { direction: 'higher' });
    expect([...found.low]).toEqual([4, 1, 1, 3]);
    expect([...found.high]).toEqual([4, 2, 2, 3]);
    expect(found.tieGroups).toEqual([[2, 1], [3], [0]]);
    expect([found.compare(1, 0), found.compare(0, 1), found.compare(1, 2)]).toEqual([1, -1, 0]);
  });

  it('turn round with the direction', () => {
    const entries = board([0.5, 0.53, 0.56, 0.6, 0.61]);
    const [higher, lower] = (['higher', 'lower'] as const).map((direction) => rankIntervals(entries, { direction }));
    entries.forEach((_, i) => {
      expect(lower!.low[i]).toBe(entries.length + 1 - higher!.high[i]!);
      expect(lower!.high[i]).toBe(entries.length + 1 - higher!.low[i]!);
    });
  });

  it('hold the rank, follow compare, and make groups of what it ties', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scores, fc.constantFrom(1, 5), (values, seeds) => {
        const entries = values.map((value) => entry(0.01 * value, { seeds, deviation: 0.005 }));
        const { low, high, tieGroups, compare } = rankIntervals(entries, { direction: 'higher' });
        entries.forEach(({ mean }, i) => {
          const rank = 1 + entries.filter((other) => other.mean > mean).length;
          expect(low[i]).toBeLessThanOrEqual(rank);
          expect(high[i]).toBeGreaterThanOrEqual(rank);
          const verdicts = entries.map((_, j) => compare(i, j));
          expect(low[i]).toBe(1 + verdicts.filter((verdict) => verdict < 0).length);
          expect(high[i]).toBe(entries.length - verdicts.filter((verdict) => verdict > 0).length);
          verdicts.forEach((verdict, j) =>
            expect(verdict === 0).toBe(tieGroups.some((group) => group.includes(i) && group.includes(j))),
          );
        });
      }),
      { numRuns: 25 },
    );
  });

  it.each([1, 5])('do not depend on the order of the entries, %d seeds', (seeds) => {
    const entries = board([0.5, 0.52, 0.55, 0.9, 0.56, 0.57, 0.7], { seeds });
    const order = [3, 1, 6, 0, 5, 2, 4];
    const found = rankIntervals(entries, { direction: 'higher' });
    const turned = rankIntervals(
      order.map((i) => entries[i]!),
      { direction: 'higher' },
    );
    expect([...turned.low]).toEqual(order.map((i) => found.low[i]));
    expect([...turned.high]).toEqual(order.map((i) => found.high[i]));
    expect(rankIntervals(entries, { direction: 'higher' }).critical).toBe(found.critical);
  });

  it('find less at a smaller alpha', () => {
    const entries = board(Array.from({ length: 15 }, (_, i) => 0.5 + 0.006 * i));
    const width = (alpha: number): number => {
      const { low, high } = rankIntervals(entries, { direction: 'higher', alpha });
      return high.reduce((sum, value, i) => sum + value - low[i]!, 0);
    };
    expect(width(0.01)).toBeGreaterThan(width(0.3));
  });

  it('never separate an entry without a sketch, nor scores of one seed', () => {
    const [a, b] = board([0.1, 0.9]);
    const found = rankIntervals([a!, null, b!], { direction: 'higher' });
    expect([...found.low]).toEqual([2, 1, 1]);
    expect([...found.high]).toEqual([3, 3, 2]);
    expect(found.tieGroups).toEqual([
      [2, 1],
      [0, 1],
    ]);
    const scores = [0.1, 0.9].map((score) => entrySketch(new Map([[0, sketchScore(score, 50)]])));
    expect([...rankIntervals(scores, { direction: 'higher' }).high]).toEqual([2, 2]);
    expect(rankIntervals([], { direction: 'higher' }).tieGroups).toEqual([]);
    expect([...rankIntervals([a!], { direction: 'higher' }).high]).toEqual([1]);
  });

  it('keep copies of one entry together', () => {
    const copy = entry(0.5, { seeds: 5 });
    const { low, high, tieGroups } = rankIntervals([copy, copy, copy], { direction: 'higher' });
    expect([[...low], [...high], tieGroups]).toEqual([[1, 1, 1], [3, 3, 3], [[0, 1, 2]]]);
  });

  it('refuse entries of other seeds, and an alpha of 1', () => {
    const mixed = [entry(0.1, { seeds: 2 }), entry(0.1, { seeds: 3 })];
    expect(() => rankIntervals(mixed, { direction: 'higher' })).toThrow(/entries\[1\].seeds: found 0, 1, 2/);
    expect(() => rankIntervals(mixed, { direction: 'higher', alpha: 1 })).toThrow(/alpha: found 1/);
  });
});
