import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, quantise, rankEntries, rankInference } from './rank.js';
import { resolution } from './resolution.js';
import { studentQuantile, studentTwoSided } from './student.js';
import { pairedDifference, summarise } from './summary.js';

/** mulberry32 and Box–Muller: enough for a simulation, with the seed printed. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const freshSeed = (what: string): number => {
  const seed = Number(process.env['TOUCHSTONE_TEST_SEED'] ?? Date.now() % 2 ** 31);
  console.warn(`${what}: seed ${seed}`);
  return seed;
};

const bySeed = (values: readonly number[]): Map<number, number> => new Map(values.map((value, seed) => [seed, value]));

describe('Student t', () => {
  it.each([
    [0.975, 1, 12.7062047],
    [0.975, 2, 4.3026527],
    [0.975, 4, 2.7764451],
    [0.975, 9, 2.2621572],
    [0.975, 30, 2.0422725],
    [0.995, 4, 4.6040949],
    [0.8, 4, 0.9409646],
  ])('quantile(%d, %d) = %d', (p, degrees, expected) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(expected, 6);
    expect(studentTwoSided(expected, degrees)).toBeCloseTo(2 * (1 - p), 7);
  });
});

describe('summarise', () => {
  it('works by hand: 1 … 5', () => {
    const { mean, deviation, n, interval } = summarise([1, 2, 3, 4, 5]);
    expect([mean, n]).toEqual([3, 5]);
    expect(deviation).toBeCloseTo(Math.sqrt(2.5), 14);
    expect(interval?.low).toBeCloseTo(3 - 2.7764451 * Math.sqrt(0.5), 6);
    expect(interval?.high).toBeCloseTo(3 + 2.7764451 * Math.sqrt(0.5), 6);
    expect([interval?.level, interval?.over]).toEqual([0.95, 'SEEDS']);
  });

  it('has no deviation and no interval for one value', () => {
    expect(summarise([0.3])).toEqual({ mean: 0.3, deviation: null, n: 1, interval: null });
  });

  it('refuses nothing and what is not finite', () => {
    expect(() => summarise([])).toThrow(/found no values/);
    expect(() => summarise([1, NaN])).toThrow(/values\[1\] is NaN/);
  });

  it('covers the truth in 95 % of simulated boards', () => {
    const draw = normals(freshSeed('coverage of the t interval'));
    const trials = 4_000;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const { interval } = summarise(Array.from({ length: 5 }, () => 0.7 + 0.01 * draw()));
      if (interval!.low <= 0.7 && 0.7 <= interval!.high) covered++;
    }
    // Five standard errors of a fraction of 4,000.
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(5 * Math.sqrt((0.95 * 0.05) / trials));
  });
});

describe('pairedDifference', () => {
  it('uses common seeds in ascending order', () => {
    const a = new Map([
      [2, 5],
      [0, 3],
      [1, 4],
      [9, 100],
    ]);
    const b = new Map([
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
    const found = pairedDifference(a, b)!;
    expect(found.seeds.map((pair) => [pair.seed, pair.difference])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect([found.mean, found.n, found.over]).toEqual([2, 3, 'SEEDS']);
    // t = 2·√3 / 1 = 3.4641 with 2 degrees of freedom.
    expect(found.p).toBeCloseTo(0.0741799, 6);
    expect(found.low).toBeCloseTo(2 - 4.3026527 / Math.sqrt(3), 6);
  });

  it('says nothing without pairs and little with one', () => {
    expect(pairedDifference(new Map([[0, 1]]), new Map([[1, 1]]))).toBeNull();
    expect(pairedDifference(bySeed([3]), bySeed([1]))).toMatchObject({ mean: 2, low: null, high: null, p: null, n: 1 });
  });

  it('calls identical entries equal and a constant gap certain', () => {
    expect(pairedDifference(bySeed([1, 2]), bySeed([1, 2]))).toMatchObject({ mean: 0, p: 1, low: 0, high: 0 });
    expect(pairedDifference(bySeed([2, 3]), bySeed([1, 2]))).toMatchObject({ mean: 1, p: 0 });
  });
});

describe('rankEntries', () => {
  it('gives standard competition ranks in both directions, nulls none', () => {
    const means = [0.5, 0.9, null, 0.9, 0.1];
    expect(rankEntries(means, { precision: 1e-4, direction: 'higher' })).toEqual([3, 1, null, 1, 4]);
    expect(rankEntries(means, { precision: 1e-4, direction: 'lower' })).toEqual([2, 3, null, 3, 1]);
  });

  it('shares a rank inside one step of the precision', () => {
    expect(rankEntries([0.70001, 0.69999, 0.6998], { precision: 1e-4, direction: 'higher' })).toEqual([1, 1, 3]);
    expect(quantise(0.12345, 1e-4)).toBe(quantise(0.12345 + 1e-17, 1e-4));
  });

  it('is 1 + the number of strictly better entries', () => {
    const means = fc.array(fc.option(fc.integer({ min: 0, max: 20 }).map((step) => step / 10)));
    fc.assert(
      fc.property(means, fc.constantFrom('higher' as const, 'lower' as const), (values, direction) => {
        const ranks = rankEntries(values, { precision: 0.1, direction });
        values.forEach((value, i) => {
          const better = values.filter((other) =>
            value === null || other === null ? false : direction === 'higher' ? other > value : other < value,
          );
          expect(ranks[i]).toBe(value === null ? null : 1 + better.length);
        });
      }),
    );
  });
});

describe('rank inference', () => {
  it('adjusts by Holm', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.6, 0.5])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('separates what seeds separate and ties the rest', () => {
    const entries = [
      [0.9, 0.91, 0.92, 0.9, 0.91],
      [0.5, 0.51, 0.52, 0.5, 0.51],
      [0.901, 0.909, 0.921, 0.899, 0.911],
    ];
    const found = rankInference(entries.map(bySeed), { direction: 'higher' });
    expect(found.map((entry) => entry.interval)).toEqual([
      [1, 2],
      [3, 3],
      [1, 2],
    ]);
    expect(found.map((entry) => entry.tieGroup)).toEqual([1, 2, 1]);
    const lower = rankInference(entries.map(bySeed), { direction: 'lower' });
    expect(lower.map((entry) => entry.interval)).toEqual([
      [2, 3],
      [1, 1],
      [2, 3],
    ]);
  });

  it('survives an empty board, one entry and single seeds', () => {
    expect(rankInference([], { direction: 'higher' })).toEqual([]);
    expect(rankInference([bySeed([1, 2])], { direction: 'higher' })).toEqual([{ interval: [1, 1], tieGroup: 1 }]);
    const empty = rankInference([new Map(), bySeed([1, 2]), new Map()], { direction: 'lower' });
    expect(empty.map((entry) => entry.interval)).toEqual([
      [1, 3],
      [1, 3],
      [1, 3],
    ]);
    const single = rankInference([bySeed([1]), bySeed([2])], { direction: 'higher' });
    expect(single.map((entry) => entry.interval)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('leaves equal entries together on at least 95 % of simulated boards', () => {
    const draw = normals(freshSeed('family-wise error of rank intervals'));
    const boards = 600;
    let whole = 0;
    for (let board = 0; board < boards; board++) {
      const entries = Array.from({ length: 4 }, () => bySeed(Array.from({ length: 5 }, () => draw())));
      const found = rankInference(entries, { direction: 'higher' });
      if (found.every(({ interval }) => interval[0] === 1 && interval[1] === 4)) whole++;
    }
    expect(whole / boards).toBeGreaterThan(0.95 - 5 * Math.sqrt((0.95 * 0.05) / boards));
  });
});

describe('resolution', () => {
  it('follows its formula', () => {
    expect(resolution({ deviation: 0.01, seeds: 5, paired: true })).toBeCloseTo(
      ((2.7764451 + 0.9409646) * 0.01) / Math.sqrt(5),
      8,
    );
    expect(resolution({ deviation: 0.01, seeds: 5 })).toBeCloseTo(
      Math.SQRT2 * resolution({ deviation: 0.01, seeds: 5, paired: true }),
      14,
    );
    expect(resolution({ deviation: 0, seeds: 5 })).toBe(0);
  });

  it.each([
    [3, 5.653489, 0.052],
    [5, 3.76106, 0.012],
    [10, 3.149636, 0.0014],
  ])('at %d seeds is near the exact noncentral t (SciPy 1.17.1: %d deviations of the mean)', (seeds, exact, error) => {
    const found = resolution({ deviation: 1, seeds, paired: true }) * Math.sqrt(seeds);
    expect(Math.abs(found / exact - 1)).toBeLessThan(error);
  });

  it('is detected in 80 % of simulated comparisons', () => {
    const draw = normals(freshSeed('power at the resolution'));
    const gap = resolution({ deviation: 1, seeds: 5, paired: true });
    const trials = 4_000;
    let detected = 0;
    for (let i = 0; i < trials; i++) {
      const a = bySeed(Array.from({ length: 5 }, () => gap + draw()));
      if (pairedDifference(a, bySeed([0, 0, 0, 0, 0]))!.p! < 0.05) detected++;
    }
    expect(Math.abs(detected / trials - 0.8)).toBeLessThan(0.04);
  });

  it.each([
    [{ deviation: 1, seeds: 1 }, /seeds: found 1/],
    [{ deviation: -1, seeds: 5 }, /deviation: found -1/],
    [{ deviation: 1, seeds: 5, power: 1 }, /power: found 1/],
  ])('refuses %o', (input, message) => {
    expect(() => resolution(input)).toThrow(message);
  });
});
