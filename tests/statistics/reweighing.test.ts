/**
 * Every score of the predictions track has an interval: it is the mean of its outcomes, or it can be computed of a weighted test
 * set, which is the same as writing the units of the test set as often as their weights say.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getProtocol, listProtocols, type ScoredPredictions, scorePredictions } from '@touchstone/eval/predictions';
import { afterAll, describe, expect, it } from 'vitest';
import { cases, noise, npy, npz, type ReweighingCase, wholes } from './reweighing-cases.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-reweighing-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;

function scored(benchmark: string, { write }: ReweighingCase, units: readonly number[]): Promise<ScoredPredictions> {
  const root = join(folder, String(written++));
  const files = write(units);
  for (const [part, contents] of Object.entries(files) as [string, Record<string, string | Uint8Array>][])
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, part, name)), { recursive: true });
      writeFileSync(join(root, part, name), content);
    }
  const path = (part: 'predictions' | 'labels'): string => {
    const names = Object.keys(files[part] ?? {});
    return join(root, part, names.length === 1 ? names[0]! : '');
  };
  return scorePredictions({
    benchmark,
    predictions: [path('predictions')],
    ...(files.labels ? { labels: [path('labels')] } : {}),
    env: { TOUCHSTONE_DATA: join(root, 'data') },
  });
}

/** Weights as a bootstrap draws them, with zeros, ones and more. */
const drawn = (units: number, replicate: number): Uint8Array =>
  Uint8Array.from(
    { length: units },
    (_, i) => [0, 0, 0, 1, 1, 1, 2, 2, 3, 4][Math.floor(noise(i, replicate, 31) * 10)]!,
  );

function meanOf(outcomes: Float64Array, weights?: Uint8Array): number {
  let [sum, total] = [0, 0];
  outcomes.forEach((value, i) => {
    const weight = weights ? weights[i]! : 1;
    if (Number.isNaN(value) || weight === 0) return;
    sum += weight * value;
    total += weight;
  });
  return sum / total;
}

/** Equal to 1e-12 of the larger of 1 and the value; NaN for what is absent. */
function same(found: number | undefined, expected: number | undefined, what: string): void {
  if (expected === undefined || Number.isNaN(expected)) expect(found ?? NaN, what).toBeNaN();
  else
    expect(Math.abs(found! - expected), `${what}: ${found} and ${expected}`).toBeLessThan(
      1e-12 * Math.max(1, Math.abs(expected)),
    );
}

const all = (units: number): number[] => Array.from({ length: units }, (_, i) => i);

it('knows every protocol', () =>
  expect(Object.keys(cases).sort()).toEqual(
    listProtocols()
      .map(({ key }) => key)
      .sort(),
  ));

describe.each(Object.entries(cases))('%s', (key, each) => {
  const report = scored(key, each, all(each.units));
  report.catch(() => undefined);

  it('has outcomes or weights behind every score', async () => {
    const { scores, outcomes, reweigh } = await report;
    const behind = [...new Set([...Object.keys(outcomes), ...(reweigh?.keys ?? [])])];
    const without = (each.without ?? []).filter((name) => name in scores);
    expect([...behind, ...without].sort()).toEqual(Object.keys(scores).sort());
    expect(behind).toContain(getProtocol(key).primary);
  });

  it('has scores that are the means of their outcomes', async () => {
    const { scores, outcomes, units, groups, reweigh } = await report;
    const lengths = [...new Set(Object.values(outcomes).map(({ length }) => length))];
    expect(lengths.length).toBeLessThanOrEqual(1);
    for (const [name, values] of Object.entries(outcomes)) same(meanOf(values), scores[name], name);
    const named = lengths[0] ?? reweigh!.units;
    if (units) expect(units).toHaveLength(named);
    if (units) expect(new Set(units).size).toBe(named);
    if (groups) expect(groups).toHaveLength(named);
  });

  it('gives the scores themselves without weights, and under weights of 1', async () => {
    const { scores, reweigh } = await report;
    if (!reweigh) return;
    expect(reweigh.units).toBe(each.units);
    expect(reweigh.scores(null)).toEqual(Object.fromEntries(reweigh.keys.map((name) => [name, scores[name]])));
    const once = reweigh.scores(new Uint8Array(each.units).fill(1));
    for (const name of reweigh.keys) same(once[name], scores[name], name);
    const none = reweigh.scores(new Uint8Array(each.units));
    for (const name of reweigh.keys) expect(none[name], name).toBeNaN();
  });

  it.skipIf(each.fixed !== undefined)('weighs units as if they stood there so many times', async () => {
    const { outcomes, reweigh } = await report;
    for (const replicate of [1, 2, 3]) {
      const weights = drawn(each.units, replicate);
      const repeated = await scored(
        key,
        each,
        all(each.units).flatMap((unit) => Array<number>(weights[unit]!).fill(unit)),
      );
      const found = reweigh?.scores(weights) ?? {};
      for (const name of reweigh?.keys ?? []) same(found[name], repeated.scores[name], `${name}, drawing ${replicate}`);
      for (const [name, values] of Object.entries(outcomes))
        if (!(name in found)) same(meanOf(values, weights), repeated.scores[name], `${name}, drawing ${replicate}`);
    }
  });
});

it.each([
  ['as many captions each', [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
  ['different numbers of captions', [0, 0, 0, 1, 2, 2, 3, 3, 4, 5, 5, 5]],
])('an image is drawn with its captions, both ways: %s', async (_, imageOf) => {
  const [images, captions] = [6, imageOf.length];
  const similarity = (i: number, j: number): number => noise(i, j) + (imageOf[j] === i ? 0.3 : 0);
  const { outcomes, reweigh } = await scored(
    'image-text-retrieval',
    {
      units: images,
      write: () => ({
        predictions: {
          's.npz': npz({
            similarities: npy(
              Float64Array.from({ length: images * captions }, (_, at) =>
                similarity(Math.floor(at / captions), at % captions),
              ),
              images,
              captions,
            ),
            caption_image: wholes(imageOf),
          }),
        },
      }),
    },
    [],
  );
  const weights = drawn(images, 5);
  const rank = (value: number, others: readonly number[]): number => others.filter((other) => other >= value).length;
  let sum = 0;
  for (const k of [1, 5, 10]) {
    let [hits, total] = [0, 0];
    imageOf.forEach((image, j) => {
      const column = all(images).map((i) => similarity(i, j));
      hits += weights[image]! * Number(rank(column[image]!, column) <= k);
      total += weights[image]!;
    });
    const key = `text_to_image_recall_at_${k}`;
    const found = outcomes[key] ? meanOf(outcomes[key], weights) : reweigh!.scores(weights)[key];
    same(found, hits / total, key);
    sum += hits / total + meanOf(outcomes[`image_to_text_recall_at_${k}`]!, weights);
  }
  same(reweigh!.scores(weights)['rsum'], sum, 'rsum');
});

it('items are clustered and queries ranked: with a gallery apart, each has units of its own', async () => {
  const rows = all(30).flatMap((i) => [noise(i), noise(i, 1), noise(i, 2)]);
  const { outcomes, groups, reweigh } = await scored(
    'metric-learning',
    {
      units: 30,
      write: () => ({
        predictions: {
          'e.npz': npz({
            embeddings: npy(Float64Array.from(rows), 30, 3),
            labels: wholes(all(30).map((i) => i % 4)),
            is_query: wholes(all(30).map((i) => Number(i % 3 === 0))),
          }),
        },
      }),
    },
    [],
  );
  expect(outcomes['map_at_r']).toHaveLength(10);
  expect(groups).toEqual(all(10).map((query) => String((3 * query) % 4)));
  expect(reweigh).toMatchObject({ keys: ['nmi', 'ami'], units: 30 });
});
