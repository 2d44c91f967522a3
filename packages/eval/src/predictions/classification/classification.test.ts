/** Classification by hand, against scikit-learn's values (made by tools/classification-fixtures.py) and on the CIFAR labels. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMatrix } from '../formats/matrix.js';
import { parseNpy } from '../formats/npy.js';
import { scorePredictions } from '../score.js';
import { adaptiveCalibrationError } from './calibration.js';
import { classScores } from './confusion.js';
import { classAreas, rankingAreas } from './ranking.js';
import { softScores } from './soft.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-classification-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A float64 `.npy` of format version 1. */
function npy(values: ArrayLike<number>, shape: readonly number[]): Buffer {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(padded.length, 8);
  return Buffer.concat([head, Buffer.from(padded, 'latin1'), Buffer.from(Float64Array.from(values).buffer)]);
}

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const run = (predictions: string, ...labels: string[]) =>
  scorePredictions({ benchmark: 'classification', predictions: [predictions], labels });

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly values: number[];
  readonly labels: number[];
  readonly votes: number[];
  readonly scores: Record<string, number>;
}
const { cases } = JSON.parse(readFileSync(new URL('./sklearn-values.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe('against scikit-learn', () => {
  it.each(cases)('$name', async ({ classes, values, labels, votes, scores }) => {
    const n = labels.length;
    const report = await run(
      await file('p.npy', npy(values, [n, classes])),
      await file('y.csv', `${labels.join('\n')}\n`),
      await file('votes.npy', npy(votes, [n, classes])),
    );
    expect(Object.keys(scores).length).toBeGreaterThanOrEqual(12);
    for (const [key, value] of Object.entries(scores)) expect(report.scores[key], key).toBeCloseTo(value, 12);
    expect(report.outcomes['nll']!.reduce((a, b) => a + b, 0) / n).toBeCloseTo(scores['nll']!, 12);
    expect(report.counts).toEqual({ examples: n, classes });
  });
});

describe('by hand', () => {
  it('areas with equal scores', () => {
    // Positives .9 .5 .5, negatives .5 .1: the pairs give 2 + (½ + 1) + (½ + 1) of 6.
    const areas = rankingAreas(Float64Array.of(0.5, 0.9, 0.5), Float64Array.of(0.1, 0.5));
    expect(areas.roc).toBeCloseTo(5 / 6, 15);
    // At .9 precision 1, recall ⅓; at .5 precision ¾, recall 1.
    expect(areas.precisionRecall).toBeCloseTo(1 / 3 + (2 / 3) * (3 / 4), 15);
  });
  it('constant scores are chance', () => {
    const areas = rankingAreas(new Float64Array(3), new Float64Array(5));
    expect(areas).toEqual({ roc: 0.5, precisionRecall: 3 / 8 });
  });
  it('areas that do not exist are absent', () => {
    expect(rankingAreas(new Float64Array(0), new Float64Array(2))).toEqual({});
    expect(rankingAreas(new Float64Array(2), new Float64Array(0))).toEqual({ precisionRecall: 1 });
    expect(classAreas(Float64Array.of(0.3, 0.7), [0], 2)).toEqual({ counted: 0 });
  });
  it('F1, balanced accuracy, correlation', () => {
    // Class 0: 2 of 3 found, one false; class 1: 1 of 2 found, one false; class 2 never occurs.
    const scores = classScores([0, 0, 0, 1, 1], [0, 0, 1, 1, 0], 3);
    expect(scores.f1Macro).toBeCloseTo((4 / 6 + 2 / 4) / 2, 15);
    expect(scores.f1Micro).toBeCloseTo(3 / 5, 15);
    expect(scores.balancedAccuracy).toBeCloseTo((2 / 3 + 1 / 2) / 2, 15);
    // (TP·TN − FP·FN) / √… = (1·2 − 1·1) / √(2·2·3·3).
    expect(scores.mcc).toBeCloseTo(1 / 6, 15);
  });
  it('one class: no correlation among labels, 0 among predictions', () => {
    expect(classScores([1, 1], [1, 0], 2).mcc).toBeUndefined();
    expect(classScores([1, 0], [1, 1], 2).mcc).toBe(0);
  });
  it('adaptive calibration: sizes, ties, fewer examples than bins', () => {
    // Five in two bins: three and two. Means .2 and .9, hits 1/3 and 1.
    const confidences = Float64Array.of(0.9, 0.1, 0.2, 0.3, 0.9);
    expect(adaptiveCalibrationError(confidences, [1, 0, 1, 0, 1], 2)).toBeCloseTo(
      (3 * (1 / 3 - 0.2) + 2 * 0.1) / 5,
      15,
    );
    // An edge among equals: either order gives the same.
    const equal = new Float64Array(4).fill(0.5);
    expect(adaptiveCalibrationError(equal, [1, 1, 1, 0], 2)).toBeCloseTo(0.25, 15);
    expect(adaptiveCalibrationError(equal, [0, 1, 1, 1], 2)).toBeCloseTo(0.25, 15);
    expect(adaptiveCalibrationError(Float64Array.of(0.75), [1], 15)).toBeCloseTo(0.25, 15);
  });
  it('distributions: no cost for classes that nobody chose, the first of equal ones', () => {
    const { crossEntropy, divergence, agreement } = softScores(
      Float64Array.of(0.5, 0.5, 0, 1, 0, 0),
      Float64Array.of(0.5, 0.5, 0, 0, 1, 0),
      3,
    );
    expect(crossEntropy[0]).toBeCloseTo(Math.LN2, 15);
    expect(divergence[0]).toBe(0);
    expect(crossEntropy[1]).toBeCloseTo(52 * Math.LN2, 12);
    expect([...agreement]).toEqual([1, 0]);
  });
});

describe('files', () => {
  it('pairs rows by id and classes by name', async () => {
    const report = await run(
      await file('p.csv', 'id,cat,dog\na,0.9,0.1\nb,0.2,0.8\nc,0.6,0.4\n'),
      await file('y.csv', 'id,label\nc,dog\nb,dog\na,cat\n'),
    );
    expect([...report.outcomes['accuracy']!]).toEqual([1, 1, 0]);
    expect(report.units).toEqual(['a', 'b', 'c']);
  });
  it('reads one column as probabilities of class 1, and whole numbers as classes', async () => {
    const labels = await file('y.txt', '1\n0\n1\n0\n');
    const binary = await run(await file('p.txt', '0.9\n0.1\n0.4\n0.4\n'), labels);
    expect(binary.scores).toMatchObject({ accuracy: 0.75, roc_auc: 0.875 });
    const classes = await run(await file('c.txt', '1\n0\n0\n0\n'), labels);
    expect(classes.scores).toMatchObject({ accuracy: 0.75, f1_micro: 0.75 });
    expect(classes.scores).not.toHaveProperty('nll');
    expect(classes.warnings[0]).toContain('predicted classes');
  });
  it('takes rows that do not sum to 1 as logits, and says so within [0, 1]', async () => {
    const labels = await file('y.txt', '1\n0\n');
    const report = await run(await file('p.csv', '0,0.5\n0.9,0.5\n'), labels);
    expect(report.warnings[0]).toContain('read as logits');
    const expected = (Math.log1p(Math.exp(-0.5)) + Math.log1p(Math.exp(-0.4))) / 2;
    expect(report.scores['nll']).toBeCloseTo(expected, 15);
    const far = await run(await file('far.csv', '900,-900\n-900,900\n'), labels);
    expect(far.scores['nll']).toBe(1800);
  });
  it('leaves out what one class does not have', async () => {
    const report = await run(await file('p.csv', '0.9,0.1\n0.6,0.4\n'), await file('y.txt', '0\n0\n'));
    expect(Object.keys(report.scores)).not.toEqual(expect.arrayContaining(['mcc']));
    for (const key of ['mcc', 'roc_auc', 'pr_auc']) expect(report.scores).not.toHaveProperty(key);
    expect(report.scores).toMatchObject({ accuracy: 1, balanced_accuracy: 1, f1_macro: 1 });
    expect(report.warnings.length).toBe(3);
  });
  it.each([
    ['a class out of range', '0.5,0.5\n0.5,0.5\n', '0\n2\n', 'y.txt, line 2: found class "2", expected 0 … 1'],
    ['fewer labels', '0.5,0.5\n0.5,0.5\n', '0\n', 'p.csv: found 2 examples, expected 1'],
    ['NaN', '0.5,0.5\nnan,0.5\n', '0\n1\n', 'p.csv, line 2, column 1: found "nan"'],
    ['NaN in the first line', 'nan,0.5\n0.5,0.5\n', '0\n1\n', 'p.csv, line 1, column 1: found "nan"'],
    ['a short row', '0.5,0.5\n0.5\n', '0\n1\n', 'p.csv, line 2: found 1 fields, expected 2'],
    ['a label left out', '0.5,0.5\n0.5,0.5\n0.5,0.5\n', '0\n\n1\n', 'y.txt, line 2: found an empty line'],
    ['an empty file', '', '0\n', 'p.csv: found an empty file'],
    ['no example', 'a,b\n', '0\n', 'p.csv: found no example'],
    ['a doubled id', 'id,a,b\n1,0,1\n1,1,0\n', '0\n1\n', 'p.csv, line 3: found id 1 again'],
    ['a class number beyond reason', '0\n999999999\n', '0\n1\n', 'expected at most 100000 classes'],
    ['an unknown class', 'a,b\n0,1\n1,0\n', 'label\nb\nc\n', 'y.txt, line 3: found class "c", expected one of a, b'],
  ])('refuses %s', async (_, predictions, labels, message) => {
    const scored = run(await file('p.csv', predictions), await file('y.txt', labels));
    await expect(scored).rejects.toThrow(message);
    await expect(scored).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });
  it('refuses predictions without labels and the table of CIFAR-N as labels', async () => {
    const predictions = await file('p.csv', '0.5,0.5\n');
    await expect(run(predictions)).rejects.toThrow('labels: found none');
    const several = await file('n.csv', 'clean_label,aggre_label\n1,1\n');
    await expect(run(predictions, several)).rejects.toThrow('one column called label');
  });
});

const data = process.env['TOUCHSTONE_DATA'] ?? '';
const present = existsSync(join(data, 'cifar10h')) && existsSync(join(data, 'cifar_n'));
if (!present) console.warn('TOUCHSTONE_DATA has no cifar10h and cifar_n: the tests on them are left out');

describe.skipIf(!present)('on the published labels', () => {
  it('people against themselves: cross-entropy is their entropy, divergence 0', async () => {
    const path = join(data, 'cifar10h', 'cifar10h-probs.npy');
    const report = await scorePredictions({ benchmark: 'cifar10h', predictions: [path] });
    const entropy = Float64Array.from(parseNpy(readFileSync(path), path).data).reduce(
      (sum, h) => sum - (h > 0 ? h * Math.log(h) : 0),
      0,
    );
    expect(report.scores['cross_entropy']).toBeCloseTo(entropy / 10_000, 12);
    expect(report.scores['kl_divergence']).toBeCloseTo(0, 14);
    expect(report.scores['top_1_agreement']).toBe(1);
    expect(report.scores).not.toHaveProperty('accuracy');
  });
  it('a uniform guess: ln 10', async () => {
    const uniform = await file('u.npy', npy(new Float64Array(100_000).fill(0.1), [10_000, 10]));
    const report = await scorePredictions({ benchmark: 'cifar10h', predictions: [uniform] });
    expect(report.scores['cross_entropy']).toBeCloseTo(Math.log(10), 12);
  });
  it('clean labels as predictions give the published noise rates', async () => {
    const read = (name: string) => parseMatrix(gunzipSync(readFileSync(join(data, 'cifar_n', name))), name);
    const ten = read('cifar10n_labels.csv.gz');
    const clean = Array.from({ length: 50_000 }, (_, i) => ten.values[i * ten.columns]!);
    const predictions = [await file('clean.npy', npy(clean, [50_000]))];
    const { scores, counts } = await scorePredictions({ benchmark: 'cifar10n', predictions });
    expect(scores['accuracy']).toBe(1);
    const rates = ['aggre', 'rand1', 'rand2', 'rand3', 'worst'].map((set) => counts[`wrong_${set}`]! / 500);
    expect(rates.map((rate) => rate.toFixed(2))).toEqual(['9.01', '17.23', '18.12', '17.64', '40.21'].map(String));
    expect(scores['accuracy_worst']).toBeCloseTo(1 - rates[4]! / 100, 12);
    expect(scores['memorised_worst']).toBe(0);
    const worst = Array.from({ length: 50_000 }, (_, i) => ten.values[i * ten.columns + 5]!);
    const learned = await scorePredictions({
      benchmark: 'cifar10n',
      predictions: [await file('worst.npy', npy(worst, [50_000]))],
    });
    expect(learned.scores).toMatchObject({ accuracy_worst: 1, memorised_worst: 1 });
    const hundred = read('cifar100n_labels.csv.gz');
    const fine = Array.from({ length: 50_000 }, (_, i) => hundred.values[i * hundred.columns]!);
    const report = await scorePredictions({
      benchmark: 'cifar100n',
      predictions: [await file('fine.npy', npy(fine, [50_000]))],
    });
    expect((report.counts['wrong_noisy']! / 500).toFixed(2)).toBe('40.20');
  });
});
