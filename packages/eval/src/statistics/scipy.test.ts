/** Every test and distribution against SciPy; the fixture names its version and is made by tools/statistics-fixtures.py. */
import { readFileSync } from 'node:fs';
import chiSquare from '@stdlib/stats-base-dists-chisquare';
import f from '@stdlib/stats-base-dists-f';
import studentizedRange from '@stdlib/stats-base-dists-studentized-range';
import { describe, expect, it } from 'vitest';
import {
  binomialCdf,
  chiSquareSurvival,
  fSurvival,
  normalCdf,
  normalQuantile,
  studentizedRangeSurvival,
} from './distributions.js';
import { equivalence } from './equivalence.js';
import { friedman, nemenyi } from './friedman.js';
import { interquartileMean } from './interquartile-mean.js';
import { mcnemarCounts } from './mcnemar.js';
import { noncentralTCdf, twoSidedPower } from './noncentral-t.js';
import { outcomeMatrix } from './outcomes.js';
import { studentCdf, studentQuantile } from './student.js';
import type { DifferenceEstimate, Estimate } from './two-way.js';
import { twoWayDifference, twoWayInterval } from './two-way.js';
import { wilcoxon } from './wilcoxon.js';

interface TwoWay {
  mean: number;
  standardError: number;
  degrees: number;
  low: number;
  high: number;
  p: number;
}

interface Fixture {
  tool: { scipy: string };
  distributions: Record<string, number[][]>;
  twoWay: { a: number[][]; b: number[][]; interval: TwoWay; difference: TwoWay }[];
  folds: { values: number[]; testTrainRatio: number; standardError: number; p: number };
  wilcoxon: { a: number[]; method: 'exact' | 'normal'; statistic: number; p: number }[];
  friedman: {
    scores: number[][];
    statistic: number;
    p: number;
    f: number;
    fP: number;
    meanRanks: number[];
    nemenyi: number[][];
  }[];
  mcnemar: [number, number, number, number][];
  equivalence: { values: number[]; margin: number; pLower: number; pUpper: number }[];
  interquartileMean: [number[], number][];
}

const fixture = JSON.parse(readFileSync(new URL('./scipy-values.json', import.meta.url), 'utf8')) as Fixture;

/** Relative, so that small p values are held too, with a floor at what the reference itself is sure of. */
function close(actual: number | null, expected: number, what: unknown): void {
  const error = Math.abs(actual! - expected);
  expect(error, `${JSON.stringify(what)}: ${actual} against ${expected}`).toBeLessThanOrEqual(
    Math.max(1e-9 * Math.abs(expected), 1e-14),
  );
}

describe(`distributions against SciPy ${fixture.tool.scipy}`, () => {
  const functions: Record<string, (...args: number[]) => number> = {
    studentCdf,
    studentQuantile,
    normalCdf,
    normalQuantile,
    chiSquareSurvival,
    fSurvival,
    binomialCdf,
    studentizedRangeSurvival,
    noncentralTCdf,
    twoSidedPower,
  };

  it('covers every distribution of the fixture', () => {
    expect(Object.keys(functions).sort()).toEqual(Object.keys(fixture.distributions).sort());
  });

  it.each(Object.entries(fixture.distributions))('%s', (name, cases) => {
    for (const row of cases) close(functions[name]!(...row.slice(0, -1)), row.at(-1)!, row);
  });

  it('own routines agree with @stdlib, as far as a complement and AS 190 are exact', () => {
    const rows = (name: string): number[][] => fixture.distributions[name]!;
    for (const [x, d] of rows('chiSquareSurvival') as [number, number][])
      expect(chiSquareSurvival(x, d)).toBeCloseTo(1 - chiSquare.cdf(x, d), 13);
    for (const [x, a, b] of rows('fSurvival') as [number, number, number][])
      expect(fSurvival(x, a, b)).toBeCloseTo(1 - f.cdf(x, a, b), 13);
    for (const [q, k] of rows('studentizedRangeSurvival') as [number, number][])
      expect(studentizedRangeSurvival(q, k)).toBeCloseTo(1 - studentizedRange.cdf(q, k, Infinity), 6);
  });

  it('refuses what is outside its domain', () => {
    expect(() => normalQuantile(0)).toThrow(/p: found 0/);
    expect(() => chiSquareSurvival(1, 1.5)).toThrow(/degrees: found 1.5/);
    expect(() => fSurvival(1, 0, 2)).toThrow(/numerator/);
    expect(() => studentizedRangeSurvival(1, 1)).toThrow(/groups: found 1/);
    expect(() => noncentralTCdf(1, 0.5, 1)).toThrow(/degrees: found 0.5/);
  });
});

describe('two-way intervals against SciPy', () => {
  const same = (found: Estimate, expected: TwoWay): void => {
    close(found.mean, expected.mean, 'mean');
    close(found.standardError, expected.standardError, 'standard error');
    close(found.degrees, expected.degrees, 'degrees');
    close(found.interval!.low, expected.low, 'low');
    close(found.interval!.high, expected.high, 'high');
  };

  it.each(fixture.twoWay.map((value, i) => [i, value] as const))('case %d', (_, { a, b, interval, difference }) => {
    same(twoWayInterval(outcomeMatrix(a)), interval);
    const found: DifferenceEstimate = twoWayDifference(outcomeMatrix(a), outcomeMatrix(b));
    same(found, difference);
    close(found.p, difference.p, 'p');
  });

  it('corrects folds', () => {
    const { values, testTrainRatio, standardError, p } = fixture.folds;
    const zeros = outcomeMatrix([values.map(() => 0)]);
    const options = { resampling: { unit: 'fold', testTrainRatio } } as const;
    const found = twoWayDifference(outcomeMatrix([values]), zeros, options);
    close(found.standardError, standardError, 'standard error');
    close(found.p, p, 'p');
  });
});

describe('tests of two and more methods against SciPy', () => {
  it.each(fixture.wilcoxon.map((value, i) => [i, value] as const))('Wilcoxon %d', (_, { a, method, statistic, p }) => {
    const found = wilcoxon(
      a,
      a.map(() => 0),
      method,
    );
    expect(found.statistic).toBeCloseTo(statistic, 9);
    close(found.p, p, 'p');
  });

  it.each(fixture.friedman.map((value, i) => [i, value] as const))('Friedman and Nemenyi %d', (_, expected) => {
    const found = friedman(expected.scores);
    close(found.statistic, expected.statistic, 'statistic');
    close(found.p, expected.p, 'p');
    close(found.f, expected.f, 'F');
    close(found.fP, expected.fP, 'p of F');
    expected.meanRanks.forEach((rank, i) => close(found.meanRanks[i]!, rank, `rank ${i}`));
    const pairs = nemenyi(found.meanRanks, expected.scores[0]!.length);
    expected.nemenyi.flat().forEach((p, i) => close(pairs[i]!, p, `pair ${i}`));
  });

  it.each(fixture.mcnemar)('McNemar %d against %d', (b, c, exact, midP) => {
    const found = mcnemarCounts(b, c);
    close(found.exact, exact, 'exact');
    close(found.midP, midP, 'mid-p');
  });

  it.each(fixture.equivalence.map((value, i) => [i, value] as const))('equivalence %d', (_, expected) => {
    const found = equivalence(twoWayInterval(outcomeMatrix([expected.values])), expected.margin);
    close(found.pLower, expected.pLower, 'lower');
    close(found.pUpper, expected.pUpper, 'upper');
    expect(found.p).toBe(Math.max(found.pLower, found.pUpper));
  });

  it('interquartile mean', () => {
    for (const [values, expected] of fixture.interquartileMean)
      close(interquartileMean(values), expected, values.length);
  });
});
