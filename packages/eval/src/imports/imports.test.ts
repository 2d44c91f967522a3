import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outputOf } from '../core/registry.js';
import { predictionBenchmark } from '../predictions/records.js';
import { getImportSource, importRows, listImportSources, type ReportedRow } from './index.js';

const empty = mkdtempSync(join(tmpdir(), 'touchstone-imports-'));
afterAll(() => rmSync(empty, { recursive: true }));

describe('sources of published results', () => {
  it('are known by key', () => {
    expect(listImportSources().map(({ key }) => key)).toEqual([
      'certified-logs',
      'kitti-pointrcnn',
      'robustbench',
      'selfexsr',
      'uci-published',
    ]);
    expect(() => getImportSource('imagenet')).toThrow('no source "imagenet"; allowed: certified-logs, kitti-pointrcnn');
  });

  it.each(listImportSources())('$key says where it looked', async ({ key, folder }) => {
    const env = { TOUCHSTONE_DATA: join(empty, 'data'), TOUCHSTONE_HOME: empty };
    await expect(importRows({ source: key, env })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
      message: expect.stringContaining(join(empty, 'data', folder)) as string,
    });
  });
});

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: rows of published results, TOUCHSTONE_DATA is not set');
describe.skipIf(!data)('rows of published results', () => {
  const reported = async (source: string): Promise<ReportedRow[]> =>
    (await importRows({ source })).filter((row) => row.claim === 'REPORTED');
  const valueOf = (rows: readonly ReportedRow[], benchmark: string, name: string, key: string): number | undefined =>
    rows.find((row) => row.benchmark === benchmark && row.name.startsWith(name))?.scores.find((s) => s.key === key)
      ?.value;

  it.each(listImportSources())('$key names boards and scores that exist, within their ranges', async ({ key }) => {
    const rows = await importRows({ source: key });
    const names = rows.map(({ benchmark, name }) => `${benchmark} ${name}`);
    expect(new Set(names).size).toBe(rows.length);
    for (const row of rows) {
      const board = predictionBenchmark(row.benchmark);
      expect(board, row.benchmark).toBeDefined();
      expect(row.name.length).toBeLessThanOrEqual(100);
      if (row.claim === 'SUBMITTED') continue;
      expect(row.scores.map((score) => score.key)).toContain(board!.protocol.primary);
      for (const { key: score, value } of row.scores) {
        const [low, high] = outputOf(board!.protocol, score)!.range;
        expect(value, `${row.name} ${score}`).toBeGreaterThanOrEqual(low);
        expect(value, `${row.name} ${score}`).toBeLessThanOrEqual(high);
      }
    }
  });

  // The README of jbhuang0604/SelfExSR, "Quantitative comparisons".
  it.each([
    ['set5-x2', 'Bicubic', '33.64', '0.9292'],
    ['set5-x2', 'SelfExSR', '36.50', '0.9537'],
    ['set5-x3', 'SRCNN', '32.37', '0.9025'],
    ['set14-x4', 'Kim', '27.18', '0.7434'],
    ['bsd100-x2', 'Sub-band', '30.73', '0.8774'],
    ['bsd100-x3', 'Glasner', '27.06', '0.7368'],
    ['urban100-x4', 'A+', '24.34', '0.7195'],
    ['urban100-x2', 'ScSR', '28.26', '0.8828'],
  ])('selfexsr has the printed means of %s, %s', async (set, name, psnr, ssim) => {
    const rows = await reported('selfexsr');
    // The table prints A+'s 24.345 as 24.34.
    expect(Math.abs(valueOf(rows, `super-resolution-${set}`, name, 'psnr_y')! - Number(psnr))).toBeLessThan(0.0051);
    expect(valueOf(rows, `super-resolution-${set}`, name, 'ssim_y')!.toFixed(4)).toBe(ssim);
  });

  it('selfexsr leaves out what was not computed', async () => {
    const rows = await reported('selfexsr');
    expect(rows).toHaveLength(76);
    expect(valueOf(rows, 'super-resolution-set5-x2', 'A+', 'psnr_y')).toBeUndefined();
  });

  it('robustbench has 236 models with paper, address and figures', async () => {
    const rows = await reported('robustbench');
    expect(rows).toHaveLength(236);
    const board = 'robustbench-cifar10-linf';
    expect(rows.filter((row) => row.benchmark === board)).toHaveLength(99);
    const find = (name: string) => rows.find((row) => row.benchmark === board && row.name === name)!;
    expect(find('Bartoldson2024Adversarial_WRN-94-16')).toEqual({
      claim: 'REPORTED',
      benchmark: board,
      name: 'Bartoldson2024Adversarial_WRN-94-16',
      scores: [
        { key: 'autoattack_accuracy', value: 73.71 },
        { key: 'best_known_robust_accuracy', value: 73.71 },
        { key: 'clean_accuracy', value: 93.68 },
        { key: 'paper_robust_accuracy', value: 73.71 },
      ],
      source: {
        title: 'Adversarial Robustness Limits via Scaling-Law and Human-Alignment Studies',
        url: 'https://arxiv.org/abs/2404.09349',
        year: 2024,
        note: expect.stringMatching(
          /ICML 2024\. Architecture: WideResNet-94-16\. Bound: 8\/255\. No additional/,
        ) as string,
      },
    });
    // An evaluation made for this model broke it further; its footnote holds markup and a formula.
    const broken = find('Xiao2020Enhancing');
    expect(broken.scores.map(({ value }) => value)).toEqual([18.5, 7.4, 79.28, 52.4]);
    expect(broken.source.note).toContain('Uses Linf = 0.031');
    expect(rows.map(({ source }) => source.note).join('')).not.toMatch(/[<\\]/);
    expect(rows.every(({ source }) => /^https?:/.test(source.url) && source.title.length > 0)).toBe(true);
  });

  it('uci-published has the means and deviations that its logs print', async () => {
    const rows = await reported('uci-published');
    expect(rows).toHaveLength(14);
    expect(valueOf(rows, 'uci-yacht', 'Monte-Carlo dropout', 'rmse')!.toFixed(6)).toBe('0.666275');
    expect(valueOf(rows, 'uci-yacht', 'Monte-Carlo dropout', 'nll')!.toFixed(6)).toBe('1.250148');
    expect(valueOf(rows, 'uci-yacht', 'Dropout without sampling', 'rmse')!.toFixed(6)).toBe('1.228613');
    expect(rows.find(({ benchmark }) => benchmark === 'uci-yacht')!.source.note).toContain('RMSE 0.2174, NLL 0.0684');
  });
});
