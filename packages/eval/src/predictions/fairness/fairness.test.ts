/** Fairness by hand, against NumPy 1.24.2 (whole distance matrices) and on the published COMPAS table. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { readCompas } from './compas.js';
import type { Sample } from './distance-covariance.js';
import { ccdcov2U, concatenated, dcorU, dcov2U, dependence, jdcov2U, scalars, uf } from './distance-covariance.js';
import { grouped, groupRates, oddsGap, parityGap } from './rates.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-fairness-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const X = scalars([0.2, 0.5, 0.9, 0.4, 0.7, 0.1, 0.35, 0.8]);
const Y = scalars([2.3, 4.5, 3.1, 6.0, 5.2, 1.9, 3.8, 4.1]);
const NOMINAL: Sample = { values: [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], width: 3 };
const BINARY = scalars([0, 1, 1, 0, 1, 0, 1, 0]);

describe('distance covariance', () => {
  it('as NumPy has it from whole matrices', () => {
    expect(dcov2U(X, Y)).toBeCloseTo(0.02757142857142856, 15);
    expect(dcorU(X, Y)).toBeCloseTo(0.15174734402111179, 14);
    expect(ccdcov2U(X, [NOMINAL, BINARY])).toBeCloseTo(-0.03295612321529778, 15);
    expect(jdcov2U(X, [NOMINAL, BINARY])).toBeCloseTo(0.09121990872210106, 14);
    expect(jdcov2U(X, [NOMINAL, BINARY], 0.5)).toBeCloseTo(0.03982963702277961, 14);
    expect(uf(X.values, BINARY.values as number[])).toBeCloseTo(0.3450300382304749, 14);
    expect(uf(X.values, BINARY.values as number[], 0)).toBeCloseTo(0.19716002184598566, 14);
  });
  it('four points by hand', () => {
    // Distances 1, 2, 3, 1, 2, 1 of 0, 1, 2, 3: rows 6, 4, 4, 6, total 20; U_ij = (a_i· + a_j·)/2 − a_ij − 20/6.
    const line = scalars([0, 1, 2, 3]);
    const u = [5 - 1, 5 - 2, 6 - 3, 4 - 1, 5 - 2, 5 - 1].map((value) => value - 20 / 6);
    expect(dcov2U(line, line)).toBeCloseTo((2 * u.reduce((sum, value) => sum + value * value, 0)) / 4, 14);
    expect(dcorU(line, line)).toBeCloseTo(1, 14);
    // With two variables the constant of the joint form drops out, as rows of U sum to 0.
    expect(jdcov2U(line, [line])).toBeCloseTo(dcov2U(line, line), 14);
  });
  it('scales with each sample, and does not move with it', () => {
    const moved = scalars(Array.from(X.values, (value) => 3 * value + 7));
    expect(dcov2U(moved, Y)).toBeCloseTo(3 * dcov2U(X, Y), 13);
    expect(dcorU(moved, Y)).toBeCloseTo(dcorU(X, Y)!, 13);
  });
  it('constant samples have no correlation, nor has one group a ratio', () => {
    const constant = scalars(new Float64Array(8));
    expect(dependence(constant, Y)).toEqual({ covariance: 0 });
    expect(uf(X.values, new Array<string>(8).fill('a'))).toBeUndefined();
    expect(uf(new Float64Array(8), BINARY.values as number[])).toBeUndefined();
  });
  it('refuses fewer than four, unequal and infinite samples', () => {
    const three = scalars([1, 2, 3]);
    expect(() => dcov2U(three, three)).toThrow('at least 4 examples');
    expect(() => dcov2U(scalars([]), scalars([]))).toThrow('at least 4 examples');
    expect(() => dcov2U(X, three)).toThrow('samples of 8 and 3');
    expect(() => dcov2U(X, scalars(new Float64Array(8).fill(NaN)))).toThrow('element 0 is NaN');
    expect(concatenated([NOMINAL, BINARY]).width).toBe(4);
  });
});

describe('rates', () => {
  it('by hand', () => {
    const rates = groupRates([1, 0, 1, 0, 1], [0, 0, 1, 1, 1], grouped(['b', 'b', 'b', 'a', 'a']));
    expect(rates).toEqual([
      { group: 'a', n: 2, selection: 0.5, falseNegative: 0.5, accuracy: 0.5 },
      { group: 'b', n: 3, selection: 2 / 3, falsePositive: 0.5, falseNegative: 0, accuracy: 2 / 3 },
    ]);
    expect(parityGap(rates)).toBeCloseTo(1 / 6, 15);
    // Group a has no negatives, so its false-positive rate does not exist.
    expect(oddsGap(rates)).toBeUndefined();
    expect(parityGap(rates.slice(1))).toBeUndefined();
  });
  it('odds gap is the larger of both', () => {
    const rates = groupRates([1, 0, 1, 0, 0, 0], [0, 0, 1, 0, 1, 1], grouped(['a', 'a', 'a', 'b', 'b', 'b']));
    expect(oddsGap(rates)).toBe(1);
  });
});

describe('labels of one’s own', () => {
  const labels = 'id,label,group\n1,0,north east\n2,1,north east\n3,0,south\n4,1,south\n';
  const score = async (predictions: string, table: string) =>
    scorePredictions({
      benchmark: 'fairness',
      predictions: [await file('p.csv', predictions)],
      labels: [await file('y.csv', table)],
    });
  it('pairs rows by id and names keys after the groups', async () => {
    const report = await score('id,probability\n4,0.5\n3,0.49\n2,0.1\n1,0.9\n', labels);
    expect(report.scores).toMatchObject({
      accuracy: 0.5,
      fpr_north_east: 1,
      fnr_north_east: 1,
      fpr_south: 0,
      fnr_south: 0,
      demographic_parity_gap: 0,
      equalised_odds_gap: 1,
    });
    expect([...report.outcomes['accuracy']!]).toEqual([1, 1, 0, 0]);
  });
  it.each([
    ['a decision beyond 0 and 1', 'prediction\n1\n0\n2\n0\n', labels, 'p.csv, line 4: found 2, expected 0 or 1'],
    ['a probability beyond 1', 'probability\n1\n0\n1.5\n0\n', labels, 'p.csv, line 4: found 1.5'],
    ['an unknown id', 'id,prediction\n1,0\n2,0\n3,0\n5,0\n', labels, 'p.csv: found id 5'],
    ['a doubled id', 'id,prediction\n1,0\n2,0\n3,0\n3,0\n', labels, 'p.csv, line 5: found id 3 again'],
    ['fewer rows', 'prediction\n1\n', labels, 'p.csv: found 1 rows, expected 4'],
    ['a label beyond 0 and 1', 'prediction\n1\n', 'label,group\n2,a\n', 'y.csv, line 2, column label: found "2"'],
    ['groups of one key', 'prediction\n1\n1\n', 'label,group\n1,A b\n1,a-b\n', 'group "a-b" beside "A b"'],
    [
      'a group for each row',
      `prediction\n${'1\n'.repeat(101)}`,
      `label,group\n${Array.from({ length: 101 }, (_, i) => `0,g${i}`).join('\n')}`,
      'y.csv: found 101 groups, expected at most 100',
    ],
    ['no column of decisions', 'id,x\n1,1\n', labels, 'one called prediction, probability or decile_score'],
  ])('refuses %s', async (_, predictions, table, message) => {
    await expect(score(predictions, table)).rejects.toThrow(message);
    await expect(score(predictions, table)).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });
});

const data = join(process.env['TOUCHSTONE_DATA'] ?? '', 'compas');
const present = process.env['TOUCHSTONE_DATA'] !== undefined && existsSync(data);
if (!present) console.warn('TOUCHSTONE_DATA has no compas: the tests on it are left out');

describe.skipIf(!present)('on the COMPAS table', () => {
  it('has 7,214 rows, of which the filter keeps 6,172', async () => {
    const rows = await readCompas(data);
    expect(rows.length).toBe(7214);
    expect(rows.filter(({ filtered }) => filtered).length).toBe(6172);
  });
  it('gives the published error rates of the decile score', { timeout: 120_000 }, async () => {
    const rows = await readCompas(data);
    const predictions = [
      await file(
        'd.csv',
        `id,decile_score\n${rows
          .map(({ id, decile }) => `${id},${decile}`)
          .reverse()
          .join('\n')}\n`,
      ),
    ];
    const all = (await scorePredictions({ benchmark: 'compas', predictions })).scores;
    expect(all['fpr_african_american']).toBeCloseTo(0.44846796657381616, 14);
    expect(all['fpr_caucasian']).toBeCloseTo(0.23454301075268819, 14);
    expect(all['fnr_african_american']).toBeCloseTo(0.27985270910047344, 14);
    expect(all['fnr_caucasian']).toBeCloseTo(0.4772256728778468, 14);
    expect(all['accuracy']).toBeCloseTo(0.6537288605489326, 14);
    expect(all['demographic_parity_gap']).toBeCloseTo(0.5882034632034632 - 0.3480032599837001, 14);
    expect(all['equalised_odds_gap']).toBeCloseTo(0.44846796657381616 - 0.23454301075268819, 14);
    expect(all['demographic_parity_gap_all_groups']).toBeCloseTo(0.4571175950486295, 14);
    expect(all['equalised_odds_gap_all_groups']).toBeCloseTo(0.5766917293233083, 14);
    expect(all['ccdcov2']).toBeCloseTo(0.021514603872087826, 11);
    expect(all['distance_correlation']).toBeCloseTo(0.16189067695440484, 10);
    expect(all['jdcov2']).toBeCloseTo(0.047763864180110804, 11);
    expect(all['uf']).toBeCloseTo(0.2229298655232546, 12);
    // The same file, restricted to the filter; and the filter's rows alone, in the order of the table.
    const filtered = (await scorePredictions({ benchmark: 'compas-filtered', predictions })).scores;
    expect(filtered['fpr_african_american']).toBeCloseTo(0.4233817701453104, 14);
    expect(filtered['ccdcov2']).toBeCloseTo(0.02288884481207448, 11);
    expect(filtered['jdcov2']).toBeCloseTo(0.05018880186327612, 11);
    const kept = rows.filter((row) => row.filtered).map(({ decile }) => decile);
    const alone = await scorePredictions({
      benchmark: 'fairness',
      predictions: [await file('k.txt', kept.join('\n'))],
    });
    expect(alone.scores['fpr_caucasian']).toBe(filtered['fpr_caucasian']);
    expect(alone.scores['ccdcov2']).toBeCloseTo(filtered['ccdcov2']!, 12);
    expect(alone.warnings).toEqual([expect.stringContaining('6,172 rows of the filter')]);
    await expect(scorePredictions({ benchmark: 'compas', predictions: [join(folder, 'k.txt')] })).rejects.toThrow(
      'found 6172 rows, expected 7214',
    );
  });
});
