import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCsr } from '../formats/sparse.js';
import { scorePredictions } from '../score.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-ranking-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: rankings against EURLex and Cranfield, TOUCHSTONE_DATA is not set');

describe.skipIf(!data)('eurlex4k', () => {
  it('gives 1 to the labels themselves wherever five exist, and a hand-counted value to a constant ranking', async () => {
    const truth = await parseCsr(readFileSync(join(data!, 'eurlex4k/Y.tst.npz')), 'Y.tst.npz');
    const all = Array.from(truth.indices);
    const lines = Array.from({ length: truth.rows }, (_, i) =>
      all
        .slice(truth.offsets[i], truth.offsets[i + 1])
        .map((label) => `${label}:1`)
        .join(' '),
    );
    const oracle = await scorePredictions({
      benchmark: 'eurlex4k',
      predictions: [file('oracle.txt', lines.join('\n') + '\n')],
    });
    expect(oracle.scores['precision_at_1']).toBe(1);
    for (const k of [1, 3, 5]) expect(oracle.scores[`ndcg_at_${k}`]).toBeCloseTo(1, 12);
    // Rarest first is what propensity-scored precision rewards most; any other order of true labels gets less.
    const counts = new Map<number, number>();
    for (const name of ['Y.trn.npz', 'Y.val.npz'])
      for (const label of Array.from((await parseCsr(readFileSync(join(data!, 'eurlex4k', name)), name)).indices))
        counts.set(label, (counts.get(label) ?? 0) + 1);
    const rarest = lines.map((line) =>
      line.replaceAll(/(\d+):1/g, (_, l: string) => `${l}:${-(counts.get(Number(l)) ?? 0)}`),
    );
    const rare = await scorePredictions({
      benchmark: 'eurlex4k',
      predictions: [file('rare.txt', rarest.join('\n') + '\n')],
    });
    for (const k of [1, 3, 5]) expect(rare.scores[`psp_at_${k}`]).toBeCloseTo(1, 12);
    expect(oracle.scores['psp_at_5']!).toBeLessThan(0.95);
    const constant = await scorePredictions({
      benchmark: 'eurlex4k',
      predictions: [file('same.txt', '5:1\n'.repeat(truth.rows))],
    });
    const having = Array.from({ length: truth.rows }, (_, i) =>
      Number(all.slice(truth.offsets[i], truth.offsets[i + 1]).includes(5)),
    );
    expect(constant.scores['precision_at_1']).toBeCloseTo(having.reduce((a, b) => a + b, 0) / truth.rows, 12);
  });
  it('names the line of a bad label', async () => {
    await expect(
      scorePredictions({ benchmark: 'eurlex4k', predictions: [file('bad.txt', '1:2\n99999:1\n')] }),
    ).rejects.toThrow(/bad.txt, line 2: found "99999:1"/);
  });
});

it.skipIf(!data)('cranfield: the graded truth as a run has nDCG 1; an absent question counts as empty', async () => {
  const lines = readFileSync(join(data!, 'cranfield/cranqrel'), 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((parts) => parts.length === 3);
  const run = (keep: (q: string) => boolean): string =>
    lines
      .filter(([q, , grade]) => keep(q!) && grade !== '-1')
      .map(([q, d, grade]) => `${q} Q0 ${d} 1 ${-Number(grade)} x\n`)
      .join('');
  const whole = await scorePredictions({
    benchmark: 'cranfield-retrieval',
    predictions: [
      file(
        'whole',
        run(() => true),
      ),
    ],
  });
  expect(whole.counts['queries']).toBe(225);
  expect(whole.scores['ndcg']).toBeCloseTo(1, 12);
  expect(whole.scores['map']).toBeCloseTo(1, 12);
  const partial = await scorePredictions({
    benchmark: 'cranfield-retrieval',
    predictions: [
      file(
        'partial',
        run((q) => q !== '1'),
      ),
    ],
  });
  expect(partial.scores['map']).toBeCloseTo(224 / 225, 12);
  expect(partial.warnings[0]).toMatch(/1 judged queries/);
});

describe.skipIf(!data)('amazon-baby-recommendation', () => {
  const byUser = (part: string): number[][] =>
    Object.values(
      JSON.parse(
        gunzipSync(readFileSync(join(data!, 'amazon_recsys/baby/5-core', `${part}.json.gz`))).toString(),
      ) as Record<string, number[]>,
    );
  const run = (name: string, lists: (readonly number[])[]) =>
    scorePredictions({
      benchmark: 'amazon-baby-recommendation',
      predictions: [
        file(name, lists.map((items) => items.map((item, i) => `${item}:${-i}`).join(' ')).join('\n') + '\n'),
      ],
    });

  it('takes training items out before it counts, and gives the test items themselves 1', async () => {
    const [train, test] = [byUser('train'), byUser('test')];
    const { scores, counts } = await run(
      'after-training',
      test.map((items, user) => [...new Set([...train[user]!, ...items])]),
    );
    expect(counts).toMatchObject({ users: 19_445, items: 7_050, interactions: 20_559 });
    expect(scores['recall_at_50']).toBeCloseTo(1, 12);
    expect(scores['ndcg_at_50']).toBeCloseTo(1, 12);
  });

  it('counts the popular items as an explicit loop does', async () => {
    const [train, test] = [byUser('train'), byUser('test')];
    const popularity = new Map<number, number>();
    for (const item of train.flat()) popularity.set(item, (popularity.get(item) ?? 0) + 1);
    const popular = [...popularity]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([item]) => item)
      .slice(0, 300);
    const { scores } = await run(
      'popular',
      train.map(() => popular),
    );
    let recall = 0;
    test.forEach((items, user) => {
      const top = popular.filter((item) => !train[user]!.includes(item)).slice(0, 20);
      recall += items.filter((item) => top.includes(item)).length / items.length;
    });
    expect(scores['recall_at_20']).toBeCloseTo(recall / test.length, 12);
  });
});
