/** Regression by hand, against SciPy 1.10.1 and scikit-learn 1.2.1, and on the published UCI splits. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { coverages, gaussianLosses, rootMeanSquaredError, sharpness } from './scores.js';
import { bostonHousing, uciSets, yacht } from './uci-sets.js';
import type { Split } from './uci.js';
import { publishedResults } from './uci-published.js';
import { readSplits } from './uci.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-regression-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const run = (predictions: string, ...labels: string[]) =>
  scorePredictions({ benchmark: 'regression', predictions: [predictions], labels });

const TARGETS = [2.041, -2.556, 0.418, -0.568, -0.453, -0.216, -2.02, -0.232, -0.865, 3.323, 0.226, -0.353];
const MEANS = [1.76, -3.224, -0.637, -0.959, 0.029, -0.455, -1.062, -0.432, -0.841, 4.869, 0.771, -0.858];
const DEVIATIONS = [1.103, 0.827, 0.724, 0.996, 0.327, 0.936, 0.637, 0.382, 0.894, 1.138, 0.486, 0.867];
/** scipy.stats.norm.logpdf and ppf, sklearn.metrics.mean_squared_error and mean_absolute_error. */
const EXPECTED = {
  rmse: 0.7059887865020709,
  mae: 0.5745,
  nll: 1.0641626605660617,
  'coverage_at_0.95': 1,
  sharpness: 0.8182100891580353,
};

describe('by hand', () => {
  it('errors, likelihood, sharpness', () => {
    expect(rootMeanSquaredError([1, 5], [1, 1])).toBeCloseTo(Math.sqrt(8), 15);
    expect([...gaussianLosses([0, 0], [1, 2], [0, 4])]).toEqual([
      0.5 * Math.log(2 * Math.PI),
      0.5 * Math.log(2 * Math.PI) + Math.log(2) + 2,
    ]);
    expect(sharpness([1, 7])).toBe(5);
  });
  it('the interval includes its ends', () => {
    // At level 2Φ(1) − 1 the interval is mean ± one deviation.
    const level = 0.6826894921370859;
    expect([...coverages([0, 0, 0], [1, 1, 1], [0.99999, -0.99999, 1.00001], level)]).toEqual([1, 1, 0]);
  });
});

describe('files', () => {
  it('means and deviations against targets, as SciPy has them', async () => {
    const predictions = await file('p.csv', MEANS.map((mean, i) => `${mean},${DEVIATIONS[i]}`).join('\n'));
    const report = await run(predictions, await file('y.txt', TARGETS.join('\n')));
    for (const [key, value] of Object.entries(EXPECTED)) expect(report.scores[key], key).toBeCloseTo(value, 14);
    expect(report.outcomes['nll']!.length).toBe(12);
    expect(report.outcomes).not.toHaveProperty('rmse');
  });
  it('pairs rows by id; without deviations their scores are absent', async () => {
    const report = await run(await file('p.csv', 'id,mean\na,1\nb,2\n'), await file('y.csv', 'id,target\nb,2\na,3\n'));
    expect(report.scores).toEqual({ rmse: Math.SQRT2, mae: 1 });
    expect(report.warnings).toEqual([expect.stringContaining('no standard deviations')]);
  });
  it('takes targets from the same table', async () => {
    const report = await run(await file('p.csv', 'target,mean,std\n1,1,1\n2,1,1\n'));
    expect(report.scores).toMatchObject({ mae: 0.5, 'coverage_at_0.95': 1 });
  });
  it.each([
    ['a deviation of 0', '1,1\n1,0\n', '1\n1\n', 'p.csv, line 2: found a standard deviation of 0'],
    ['infinity', '1\nInfinity\n', '1\n1\n', 'p.csv, line 2, column 1: found "Infinity"'],
    ['three columns', '1,1,1\n', '1\n', 'p.csv: found shape (1, 3)'],
    ['fewer targets', '1\n1\n', '1\n', 'p.csv: found 2 examples, expected 1'],
    ['no column of means', 'id,std\na,1\n', '1\n', 'one called mean'],
    ['no example', 'mean\n', '1\n', 'p.csv: found no example'],
  ])('refuses %s', async (_, predictions, labels, message) => {
    const scored = run(await file('p.csv', predictions), await file('y.txt', labels));
    await expect(scored).rejects.toThrow(message);
    await expect(scored).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });
  it('refuses predictions without targets', async () => {
    await expect(run(await file('p.csv', '1\n'))).rejects.toThrow('labels: found none');
  });
});

const data = join(process.env['TOUCHSTONE_DATA'] ?? '', 'uci_regression_splits');
const present = process.env['TOUCHSTONE_DATA'] !== undefined && existsSync(data);
if (!present) console.warn('TOUCHSTONE_DATA has no uci_regression_splits: the tests on them are left out');

describe.skipIf(!present)('on the published splits', () => {
  const table = (splits: readonly Split[], line: (split: number, at: number) => string): string =>
    splits.flatMap(({ rows }, split) => Array.from(rows, (_, at) => line(split, at))).join('\n');

  it.each(uciSets)('$key has 20 splits of its size', async (set) => {
    const splits = await readSplits(data, set);
    expect(splits.length).toBe(20);
    for (const { rows, targets } of splits) {
      expect(new Set(rows).size).toBe(set.test);
      expect(Math.max(...rows)).toBeLessThan(set.examples);
      expect(targets.every(Number.isFinite)).toBe(true);
    }
  });
  it('scores a split at a time, whatever the order of the rows', async () => {
    const splits = await readSplits(data, yacht);
    // Off by 1 in even splits and by 3 in odd ones.
    const mean = (split: number, at: number): number => splits[split]!.targets[at]! + (split % 2 ? 3 : 1);
    const plain = await file('yacht.csv', `split,mean,std\n${table(splits, (s, i) => `${s},${mean(s, i)},1`)}\n`);
    const lines = table(splits, (s, i) => `${mean(s, i)},${splits[s]!.rows[i]},1,${s}`).split('\n');
    const shuffled = await file('shuffled.csv', `mean,row,std,split\n${lines.reverse().join('\n')}\n`);
    const report = await scorePredictions({ benchmark: 'uci-yacht', predictions: [plain] });
    expect(report.scores['rmse']).toBeCloseTo(2, 12);
    expect(report.scores['coverage_at_0.95']).toBeCloseTo(0.5, 12);
    expect(report.scores['nll']).toBeCloseTo(0.5 * Math.log(2 * Math.PI) + 2.5, 12);
    expect(report.counts).toEqual({ splits: 20, examples: 620 });
    expect(report.outcomes['rmse']!.length).toBe(20);
    const same = await scorePredictions({ benchmark: 'uci-yacht', predictions: [shuffled] });
    expect(same.scores).toEqual(report.scores);
    // The generic benchmark knows the set by the file's name.
    expect((await run(plain)).scores).toEqual(report.scores);
  });
  it('has the published results, whose means the archive prints', async () => {
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    const [boat, boston] = [await publishedResults(data, yacht), await publishedResults(data, bostonHousing)];
    expect(mean(boat.rmse).toFixed(6)).toBe('0.666275');
    expect(mean(boat.nll).toFixed(6)).toBe('1.250148');
    expect(mean(boston.rmse).toFixed(6)).toBe('2.903623');
    expect(mean(boston.nll).toFixed(6)).toBe('2.401936');
    for (const set of uciSets) expect((await publishedResults(data, set)).nll.length).toBe(20);
  });
  it('reads a folder of splits, and refuses one that is missing, short or doubled', async () => {
    const splits = await readSplits(data, yacht);
    const parts = join(folder, 'parts');
    await mkdir(parts);
    const predict = { benchmark: 'uci-yacht', predictions: [parts] };
    for (const [k, { targets }] of splits.entries()) await writeFile(join(parts, `split_${k}.txt`), targets.join('\n'));
    const report = await scorePredictions(predict);
    expect(report.scores).toEqual({ rmse: 0, mae: 0 });
    await writeFile(join(parts, 'split_7.txt'), '1\n2\n');
    await expect(scorePredictions(predict)).rejects.toThrow('split_7.txt: found 2 predictions, expected 31');
    await rm(join(parts, 'split_7.txt'));
    await expect(scorePredictions(predict)).rejects.toThrow('none for split 7');
    await writeFile(join(parts, 'other_6.txt'), '1\n');
    await expect(scorePredictions(predict)).rejects.toThrow('split 6 again');
    await writeFile(join(parts, 'other_6.txt'), '');
    await expect(scorePredictions(predict)).rejects.toThrow('an empty file');
  });
});
