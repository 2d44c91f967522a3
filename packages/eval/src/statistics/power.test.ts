import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { differenceByGroup, worstUnits } from './breakdown.js';
import { entrySketch, sketchDifference } from './entry-sketch.js';
import { equivalence } from './equivalence.js';
import { criticalDifference, friedman, nemenyi } from './friedman.js';
import { interquartileInterval, interquartileMean } from './interquartile-mean.js';
import { mcnemar, mcnemarCounts } from './mcnemar.js';
import { detectableNoncentrality, twoSidedPower } from './noncentral-t.js';
import { outcomeMatrix } from './outcomes.js';
import { boardResolution, detectableDifference, powerWithSeeds, seedsToDecide } from './power.js';
import { sketchScore } from './sketch.js';
import { twoWayDifference, twoWayInterval } from './two-way.js';
import { wilcoxon } from './wilcoxon.js';

const random = philox(5, 'tests/power');
const refused = expect.objectContaining({ name: 'EvalError', code: 'PARAM_RANGE' });

describe('power', () => {
  it('at no difference is the size of the test, and rises with it', () => {
    for (const degrees of [1, 4.5, 60]) {
      expect(twoSidedPower(0, degrees)).toBeCloseTo(0.05, 9);
      expect(twoSidedPower(2, degrees)).toBeGreaterThan(twoSidedPower(1, degrees));
      expect(twoSidedPower(detectableNoncentrality(degrees), degrees)).toBeCloseTo(0.8, 9);
    }
    expect(detectableNoncentrality(1e9)).toBeCloseTo(2.8015852, 5);
    expect(() => detectableNoncentrality(4, 0.01)).toThrow(refused);
  });

  it('names the fewest seeds that decide', () => {
    const scores = [0.02, 0.05, -0.01, 0.03, 0.01].map((value) => [value]);
    const found = twoWayInterval(outcomeMatrix(scores));
    const seeds = seedsToDecide(found)!;
    expect(powerWithSeeds(found, seeds)).toBeGreaterThanOrEqual(0.8);
    expect(powerWithSeeds(found, seeds - 1)).toBeLessThan(0.8);
    // Mean / deviation is .894; SciPy's noncentral t gives eleven seeds 77 % and twelve 81 %.
    expect(seeds).toBe(12);
  });

  it('with the seeds that were run is that of the estimate itself', () => {
    const rows = Array.from({ length: 5 }, (_, seed) =>
      Array.from({ length: 80 }, (_, unit) => Math.sin(unit) + 0.3 * Math.cos(7 * seed) + 0.4 * random.normal()),
    );
    const found = twoWayInterval(outcomeMatrix(rows));
    const expected = twoSidedPower(Math.abs(found.mean) / found.standardError!, found.degrees!);
    expect(powerWithSeeds(found, 5)).toBeCloseTo(expected, 9);
  });

  it('says null where seeds cannot decide', () => {
    const examples = Array.from({ length: 40 }, (_, unit) => Math.sin(3 * unit));
    const noisyUnits = outcomeMatrix(
      [0, 1, 2].map((seed) => examples.map((value) => value + 0.01 * Math.cos(seed + value))),
    );
    expect(seedsToDecide(twoWayInterval(noisyUnits))).toBeNull();
    expect(seedsToDecide(twoWayInterval(outcomeMatrix([examples])))).toBeNull();
    const zero = outcomeMatrix([[1], [-1]]);
    expect(seedsToDecide(twoWayInterval(zero))).toBeNull();
  });

  it('gives a board its resolution', () => {
    const board = [0.5, 0.52, 0.6].map((score) =>
      entrySketch(new Map([0, 1, 2, 3, 4].map((seed) => [seed, sketchScore(score + 0.01 * random.normal(), 10)]))),
    );
    const found = boardResolution(board)!;
    expect(found).toBeGreaterThan(0.003);
    expect(found).toBeLessThan(0.06);
    expect(found).toBeCloseTo(detectableDifference(found / detectableNoncentrality(4), 4), 12);
    expect(boardResolution(board.slice(0, 1))).toBeNull();
    // Of rows in the order of their scores; a wild last one and a copy of a row do not count.
    const wild = entrySketch(new Map([0, 1, 2, 3, 4].map((seed) => [seed, sketchScore(seed, 10)])));
    const pair = (i: number) => {
      const { standardError, degrees } = sketchDifference(board[i + 1]!, board[i]!);
      return detectableDifference(standardError!, degrees!);
    };
    expect(boardResolution([wild, board[2]!, board[0]!, board[1]!, board[1]!])).toBe(Math.max(pair(0), pair(1)));
    expect(boardResolution([0.1, 0.2].map((score) => entrySketch(new Map([[0, sketchScore(score, 5)]]))))).toBeNull();
  });
});

describe('tests of two methods', () => {
  it('McNemar counts who is right alone', () => {
    expect(mcnemar([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])).toMatchObject({ onlyA: 2, onlyB: 1 });
    expect(mcnemarCounts(0, 0)).toMatchObject({ exact: 1, midP: 1 });
    expect(() => mcnemarCounts(-1, 2)).toThrow(refused);
    expect(() => mcnemar([1], [1, 0])).toThrow(refused);
  });

  it('Wilcoxon is symmetric and knows its exact case', () => {
    const [a, b] = [
      [1, 2, 3, 4, 5],
      [0, 0, 0, 0, 0],
    ];
    expect(wilcoxon(a!, b!)).toMatchObject({ plus: 15, minus: 0, p: 2 / 32, method: 'exact' });
    expect(wilcoxon(b!, a!)).toMatchObject({ plus: 0, minus: 15, p: 2 / 32 });
    expect(wilcoxon([1, 1], [1, 1])).toMatchObject({ p: 1 });
    expect(wilcoxon([1, 1, 2], [0, 2, 0]).method).toBe('normal');
    expect(() => wilcoxon([1, 1], [0, 2], 'exact')).toThrow(refused);
    expect(() => wilcoxon([NaN], [0])).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    expect(() => wilcoxon([], [])).toThrow(refused);
  });

  it('equivalence needs evidence, not silence', () => {
    const near = twoWayInterval(outcomeMatrix([Array.from({ length: 400 }, () => 0.01 * random.normal())]));
    const vague = twoWayInterval(outcomeMatrix([[-1, 1, 0.5, -0.4]]));
    expect(equivalence(near, 0.01).p).toBeLessThan(0.001);
    expect(equivalence(vague, 0.01).p).toBeGreaterThan(0.3);
    expect(() => equivalence(vague, 0)).toThrow(refused);
    expect(() => equivalence(twoWayInterval(outcomeMatrix([[1]])), 1)).toThrow(refused);
  });
});

describe('tests of several methods', () => {
  it('turn ranks round with the direction', () => {
    const scores = [
      [1, 2, 3, 1],
      [2, 3, 4, 2],
      [3, 4, 5, 3],
    ];
    expect([...friedman(scores).meanRanks]).toEqual([3, 2, 1]);
    expect([...friedman(scores, 'lower').meanRanks]).toEqual([1, 2, 3]);
    expect(friedman(scores)).toMatchObject({ f: Infinity, fP: 0 });
    expect(() => friedman(scores.slice(1))).toThrow(refused);
    expect(() =>
      friedman([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ).toThrow(/scores: found ties only/);
  });

  it('critical differences are where Nemenyi turns', () => {
    // Demšar's table 5: q.05 of five methods is 2.728.
    expect(criticalDifference(5, 30) / Math.sqrt(30 / 180)).toBeCloseTo(2.728, 3);
    const difference = criticalDifference(5, 30);
    expect(nemenyi([1, 1 + difference, 3, 3, 3], 30)[1]).toBeCloseTo(0.05, 9);
  });
});

describe('interquartile mean', () => {
  it('cuts a quarter on each side', () => {
    expect(interquartileMean([9, 1, 2, 3])).toBe(2.5);
    expect(() => interquartileMean([])).toThrow(refused);
  });

  it('is bootstrapped within tasks, the same way each time', () => {
    const scores = [0.2, 0.5, 0.9].map((level) => Array.from({ length: 10 }, () => level + 0.05 * random.normal()));
    const found = interquartileInterval(scores);
    expect(found.low).toBeLessThan(found.mean);
    expect(found.high).toBeGreaterThan(found.mean);
    // Between tasks the scores differ by .7; within, by .05: drawn across tasks, the interval would be ten times as wide.
    expect(found.high - found.low).toBeLessThan(0.1);
    expect(interquartileInterval(scores)).toEqual(found);
    expect(() => interquartileInterval([[1], []])).toThrow(refused);
  });
});

describe('where two entries differ', () => {
  const a = outcomeMatrix([
    [1, 0, 0, 1, NaN],
    [1, 0, 1, 1, 1],
  ]);
  const b = outcomeMatrix([
    [1, 1, 1, 0, 1],
    [1, 1, 1, 0, 1],
  ]);

  it('by group', () => {
    const found = differenceByGroup(a, b, [4, 2, 2, 4, 9]);
    expect(found.map(({ group, difference }) => [group, difference.mean])).toEqual([
      [2, -0.75],
      [4, 0.5],
    ]);
    const whole = twoWayDifference(a, b).mean;
    expect((2 * -0.75 + 2 * 0.5) / 4).toBeCloseTo(whole, 14);
  });

  it('by example, worst first', () => {
    expect(worstUnits(a, b, 5)).toEqual([
      { unit: 1, a: 0, b: 1, difference: -1 },
      { unit: 2, a: 0.5, b: 1, difference: -0.5 },
    ]);
    expect(worstUnits(a, b, 1, 'lower')).toEqual([{ unit: 3, a: 1, b: 0, difference: 1 }]);
    expect(() => worstUnits(a, outcomeMatrix([[1]]), 1)).toThrow(refused);
  });
});
