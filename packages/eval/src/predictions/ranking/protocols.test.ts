import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const lines = Array.from({ length: truth.rows }, (_, i) =>
      Array.from(truth.indices)
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
      Number(
        Array.from(truth.indices)
          .slice(truth.offsets[i], truth.offsets[i + 1])
          .includes(5),
      ),
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
