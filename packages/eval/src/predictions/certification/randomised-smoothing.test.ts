import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { certify, clopperPearsonLower, clopperPearsonUpper, gaussianQuantile } from './randomised-smoothing.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-certified-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const score = (path: string) => scorePredictions({ benchmark: 'certified-accuracy', predictions: [path] });

// SciPy 1.10: beta.ppf(alpha, k, n − k + 1).
const bounds: readonly (readonly [number, number, number, number])[] = [
  [990, 1000, 0.001, 0.9760361871553114],
  [1, 1000, 0.05, 5.129197890901781e-5],
  [99990, 100000, 0.001, 0.9997586773435911],
  [100000, 100000, 0.001, 0.9999309248330094],
  [51000, 100000, 0.001, 0.5051093492440559],
  [500, 1000, 0.025, 0.46854917297179194],
  [3, 10, 0.05, 0.08726443391415033],
];
const quantiles: readonly (readonly [number, number])[] = [
  [0.5, 0.0],
  [0.6, 0.2533471031357997],
  [0.975, 1.959963984540054],
  [0.99999, 4.264890793923841],
  [1e-10, -6.361340902404056],
  [1e-20, -9.262340089798409],
  [1e-100, -21.273453560965322],
  [1e-300, -37.0470962993612],
  [0.9999999, 5.199337582290661],
];

describe('bounds', () => {
  it.each(bounds)('k = %d of n = %d at %d', (k, n, alpha, expected) => {
    expect(Math.abs(clopperPearsonLower(k, n, alpha) - expected)).toBeLessThan(1e-12);
    expect(clopperPearsonUpper(n - k, n, alpha)).toBeCloseTo(1 - expected, 12);
  });
  it('are 0 without a success and 1 − (1 − …)^… with all of them', () => {
    expect(clopperPearsonLower(0, 10, 0.05)).toBe(0);
    expect(clopperPearsonLower(10, 10, 0.05)).toBeCloseTo(0.05 ** 0.1, 12);
  });
  it.each(quantiles)('Φ⁻¹(%d)', (p, expected) => {
    expect(Math.abs(gaussianQuantile(p) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
  });
  it('refuse what is no count', () => {
    expect(() => clopperPearsonLower(11, 10, 0.05)).toThrow(/k: found 11/);
    expect(() => clopperPearsonLower(1.5, 10, 0.05)).toThrow(/k: found 1.5/);
    expect(() => clopperPearsonLower(1, 10, 1)).toThrow(/alpha/);
  });
});

it('certifies the class with most selection counts, the first of equal ones', () => {
  const options = { sigma: 0.5, alpha: 0.001 };
  const { predicted, radius } = certify([5, 90, 5], [10, 985, 5], options);
  expect(predicted).toBe(1);
  expect(radius).toBeCloseTo(0.5 * gaussianQuantile(clopperPearsonLower(985, 1000, 0.001)), 14);
  expect(certify([5, 5], [990, 10], options).predicted).toBe(0);
  expect(certify([9, 1], [505, 495], options)).toEqual({ predicted: -1, radius: 0 });
});

describe('logs', () => {
  it('are scored as analyze.py does', async () => {
    const path = file(
      'log',
      'idx\tlabel\tpredict\tradius\tcorrect\ttime\n0\t3\t3\t0.25\t1\t1\n1\t2\t-1\t0\t0\t1\n2\t2\t1\t0.9\t0\t1\n3\t1\t1\t0.1\t1\t1\n',
    );
    const { scores, counts, outcomes } = await score(path);
    expect(counts).toEqual({ examples: 4 });
    expect(scores['certified_accuracy_at_0']).toBe(0.5);
    expect(scores['certified_accuracy_at_0.25']).toBe(0.25);
    expect(scores['certified_accuracy_at_0.5']).toBe(0);
    expect(scores['average_certified_radius']).toBeCloseTo(0.35 / 4, 15);
    expect(scores['abstention_rate']).toBe(0.25);
    expect([...outcomes['certified_accuracy_at_0.25']!]).toEqual([1, 0, 0, 0]);
  });

  it.each([
    ['doubled', 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t.1\t1\n0\t3\t3\t.1\t1\n', /line 3: found idx 0 again/],
    ['radius', 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\tnan\t1\n', /line 2, column radius: found "nan"/],
    ['negative', 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t-1\t1\n', /column radius.*radius ≥ 0/],
    ['correct', 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t2\t1\t1\n', /column correct/],
    ['column', 'idx\tlabel\tpredict\tcorrect\n0\t3\t2\t1\n', /a column radius/],
    ['fields', 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t2\n', /line 2: found 3 fields/],
    ['empty', 'idx\tlabel\tpredict\tradius\tcorrect\n', /no example/],
  ])('refuse a file with a bad %s', async (name, content, message) => {
    await expect(score(file(name, content))).rejects.toThrow(message);
  });

  const data = process.env['TOUCHSTONE_DATA'];
  if (!data) console.warn('skipped: published certification logs, TOUCHSTONE_DATA is not set');
  it.skipIf(!data)('of CIFAR-10 at σ = .25 give the published figures', async () => {
    const log = 'smoothing_certify_logs/certify/cifar10/resnet110/noise_0.25/test/sigma_0.25';
    const { scores, counts } = await score(join(data!, log));
    expect(counts).toEqual({ examples: 500 });
    expect(scores['certified_accuracy_at_0.25']).toBe(0.6);
    expect(scores['certified_accuracy_at_0.5']).toBe(0.428);
    expect(scores['average_certified_radius']).toBeCloseTo(0.42888364, 10);
  });

  // analysis/markdown/vary_noise_cifar10 of locuslab/smoothing, rounded to two digits.
  it.skipIf(!data).each([
    ['0.12', [0.59, 0, 0, 0]],
    ['0.25', [0.6, 0.43, 0.27, 0]],
  ])('of networks trained at σ = %s give the printed table', async (sigma, printed) => {
    const log = `smoothing_certify_logs/certify/cifar10/resnet110/noise_${sigma}/test/sigma_${sigma}`;
    const { scores, counts } = await scorePredictions({
      benchmark: 'certified-accuracy-cifar10',
      predictions: [join(data!, log)],
    });
    expect(counts).toEqual({ examples: 500 });
    expect([0.25, 0.5, 0.75, 1].map((r) => Math.round(scores[`certified_accuracy_at_${r}`]! * 100) / 100)).toEqual(
      printed,
    );
  });

  it.skipIf(!data)('are of the 500 images and no others, with their labels', async () => {
    const log = join(data!, 'smoothing_certify_logs/certify/cifar10/resnet110/noise_0.25/test/sigma_0.25');
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const scored = (content: readonly string[], name = 'log.tsv') =>
      scorePredictions({
        benchmark: 'certified-accuracy-cifar10',
        predictions: [file(name, `${content.join('\n')}\n`)],
      });
    const whole = await scored(lines);
    expect(whole.warnings).toEqual([]);
    // In another order, with an image that is not of the subset.
    const more = await scored([lines[0]!, '7\t6\t6\t9\t1\t1', ...lines.slice(1).reverse()]);
    expect(more.scores).toEqual(whole.scores);
    expect(more.warnings).toEqual(['1 other images in the log are not counted']);
    await expect(scored(lines.slice(0, -1))).rejects.toThrow('found no idx 9980, expected idx 0, 20, … 9980');
    const own = lines.map((line) => line.replace(/^20\t7\t-1\t0.0\t0/, '20\t5\t5\t2.0\t1'));
    await expect(scored(own)).rejects.toThrow('found label 5 for idx 20, expected 7, as CIFAR-10 has it');
  });
});

/** A .npy of float64. */
const npy = (shape: string, ...values: number[]): Uint8Array => {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  return Buffer.concat([start, Buffer.from(Float64Array.from(values).buffer)]);
};

it.each([
  ['estimation', npy('(1, 2)', 0, 0), 'estimation.npy: found no count in row 0, expected one at least'],
  ['sigma', npy('()', 0), 'sigma.npy: found 0, expected a number above 0'],
  ['alpha', npy('()', 1), 'alpha.npy: found 1, expected a number above 0 and below 1'],
])('refuses class counts with a wrong %s and names the member', async (member, content, message) => {
  const members = {
    'selection.npy': npy('(1, 2)', 1, 9),
    'estimation.npy': npy('(1, 2)', 10, 90),
    'labels.npy': npy('(1,)', 1),
    'sigma.npy': npy('()', 0.5),
    'alpha.npy': npy('()', 0.001),
  };
  const path = join(folder, `${member}.npz`);
  writeFileSync(path, zipSync(members));
  expect((await score(path)).counts).toBeDefined();
  writeFileSync(path, zipSync({ ...members, [`${member}.npy`]: content }));
  await expect(score(path)).rejects.toThrow(message);
});
