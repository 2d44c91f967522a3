/** Every score has one page, what a page points to exists, and its sums are those of the implementation. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listBenchmarks, listMetrics } from '../core/registry.js';
import { protocols } from '../predictions/registry.generated.js';
import {
  describedPatterns,
  findMetricPage,
  listMetricPages,
  metricOfPage,
  pageOfMetric,
  pageOfScore,
  protocolsOfPage,
  scoresOfPage,
} from './lookup.js';
import { describes, patternExpression } from './patterns.js';
import { METRIC_FIELDS } from './types.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const pages = listMetricPages();
const named = pages.map((page) => [page.key, page] as const);

describe('families of score keys', () => {
  it.each(protocols.map((protocol) => [protocol.key, protocol] as const))(
    '%s: every key belongs to exactly one page',
    (board, { outputs }) => {
      for (const { key } of outputs)
        expect(
          pages.filter((page) => describes(page, key, board)).map((page) => page.key),
          key,
        ).toHaveLength(1);
    },
  );

  it('so does every output of every training metric, on every benchmark, and a metric has one page', () => {
    for (const metric of listMetrics())
      for (const { key } of metric.outputs)
        for (const board of ['', ...listBenchmarks().map(({ protocol }) => protocol.key)])
          expect(
            pages.filter((page) => describes(page, key, board)),
            key,
          ).toEqual([pageOfMetric(metric)]);
  });

  it('no page and no pattern is without a score', () => {
    for (const page of pages) {
      expect(scoresOfPage(page).length, page.key).toBeGreaterThan(0);
      expect(describedPatterns(page).map(({ pattern }) => pattern)).toEqual(page.keys.map(({ pattern }) => pattern));
    }
  });

  it('the scores of one pattern are of one direction and unit', () => {
    for (const page of pages)
      for (const { pattern, keys, direction, unit } of describedPatterns(page))
        for (const { key, ...output } of scoresOfPage(page).filter((score) => keys.includes(score.key)))
          expect([output.direction, output.unit], `${pattern}: ${key}`).toEqual([direction, unit]);
  });

  it('patterns read numbers, choices and text', () => {
    expect(patternExpression('recall_at_{k}').test('recall_at_10')).toBe(true);
    expect(patternExpression('recall_at_{k}').test('recall_at_ten')).toBe(false);
    expect(patternExpression('AP{50,75}').test('AP75')).toBe(true);
    expect(patternExpression('AP{50,75}').test('AP')).toBe(false);
    expect(patternExpression('fpr_{group}').test('fpr_north_east')).toBe(true);
    expect(patternExpression('nll').test('anll')).toBe(false);
  });
});

describe('looking up', () => {
  it('finds a page by its key, by a training metric and by a score key', () => {
    for (const key of ['recall_at_k', 'recall-at-k', 'recall_at_8', 'recall_at_1000'])
      expect(findMetricPage(key)?.key).toBe('recall_at_k');
    expect(findMetricPage('negative-log-likelihood')?.key).toBe('nll');
    expect(findMetricPage('nothing')).toBeUndefined();
  });
  it('knows which board means what', () => {
    expect(findMetricPage('map', 'person-reid')?.key).toBe('reid_map');
    expect(findMetricPage('map', 'cranfield-retrieval')?.key).toBe('trec_map');
    expect(findMetricPage('accuracy', 'face-verification')?.key).toBe('verification_accuracy');
    expect(findMetricPage('ece', 'face-verification')?.key).toBe('ece');
    expect(pageOfScore('nll', 'uci-yacht')?.key).toBe('gaussian_nll');
    expect(pageOfScore('nll', 'cifar10h')?.key).toBe('nll');
    expect(pageOfScore('recall_at_20', 'amazon-baby-recommendation')?.key).toBe('item_recall_at_k');
    expect(protocolsOfPage(findMetricPage('kitti_ap')!)).toEqual(['kitti-object', 'kitti-tracking-frames-object']);
  });
  it('knows the training metric of a page', () => {
    expect(metricOfPage(findMetricPage('top_k_accuracy')!)?.key).toBe('top-k');
    expect(metricOfPage(findMetricPage('bleu')!)).toBeUndefined();
  });
});

describe.each(named)('%s', (key, page) => {
  it('is in order', () => {
    expect(key).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(METRIC_FIELDS).toContain(page.field);
    expect(pages.filter((other) => other.key === key)).toHaveLength(1);
    const metric = listMetrics().find((each) => each.key === key);
    expect(metric === undefined || pageOfMetric(metric) === page).toBe(true);
    for (const text of [page.summary, page.resampled, page.ties, ...page.edges, ...page.disagreements])
      expect(text).toMatch(/\.$/);
    for (const list of [page.keys, page.edges, page.disagreements, page.sources, page.parity])
      expect(list.length).toBeGreaterThan(0);
    for (const { url } of page.sources) expect(new URL(url).protocol).toMatch(/^https?:$/);
  });

  it('names fixtures that exist', () => {
    const data = process.env['TOUCHSTONE_DATA'];
    for (const { path, data: folders } of page.parity) {
      expect(existsSync(join(repository, path)), path).toBe(true);
      if (!data) continue;
      for (const folder of folders?.split(', ') ?? []) expect(existsSync(join(data, folder)), folder).toBe(true);
    }
  });

  it('links to pages that exist', () => {
    const texts = [page.definition, ...page.edges, ...page.disagreements, page.ties, page.example.given];
    for (const [, target] of [...texts, page.example.working].join('\n').matchAll(/\]\(\/metrics\/([^)]*)\)/g))
      expect(
        pages.map((other) => other.key),
        target,
      ).toContain(target);
  });

  it('works its example as the implementation does, and prints every result', async () => {
    const found = await page.example.compute();
    const printed = [...page.example.working.replaceAll(/\{(\d+)\}/g, '$1').matchAll(/[−-]?\d*\.?\d+/g)].map(([text]) =>
      text.replace('−', '-'),
    );
    for (const [score, value] of Object.entries(page.example.results)) {
      expect(found[score], score).toBeCloseTo(value, 12);
      const shown = printed.some((text) => {
        const decimals = text.split('.')[1]?.length ?? 0;
        const exact = Math.abs(Number(text) - value) < 1e-12;
        return exact || (decimals >= 4 && Math.abs(Number(text) - value) <= 0.5000001 * 10 ** -decimals);
      });
      expect(shown, `${score} = ${value} in: ${page.example.working}`).toBe(true);
      // What an example computes is a score of the page, or of one that it is compared with.
      expect(pages.some((other) => other.keys.some(({ pattern }) => patternExpression(pattern).test(score)))).toBe(
        true,
      );
    }
    expect(
      Object.keys(page.example.results).some((score) =>
        page.keys.some(({ pattern }) => patternExpression(pattern).test(score)),
      ),
    ).toBe(true);
  });
});
