import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseQrels, parseTrecRun } from '../formats/trec.js';
import { evaluate, judge, measures } from './measures.js';

const run = (text: string) => parseTrecRun(Buffer.from(text), 'run');
const qrels = (text: string) => parseQrels(Buffer.from(text), 'qrels');

describe('by hand', () => {
  // Ranking: a (relevant), b (judged, not), c (unjudged), d (relevant, grade 2); e is relevant and not retrieved.
  const report = evaluate(
    run('1 Q0 a 1 4 r\n1 Q0 b 2 3 r\n1 Q0 c 3 2 r\n1 Q0 d 4 1 r\n'),
    qrels('1 0 a 1\n1 0 b 0\n1 0 d 2\n1 0 e 1\n'),
  ).all;
  it('average precision, R-precision, reciprocal rank, bpref', () => {
    expect(report['map']).toBeCloseTo((1 + 2 / 4) / 3, 14);
    expect(report['Rprec']).toBeCloseTo(1 / 3, 14);
    expect(report['recip_rank']).toBe(1);
    // d has one judged nonrelevant document above it; min(R, N) = 1.
    expect(report['bpref']).toBeCloseTo((1 + 0) / 3, 14);
  });
  it('precision and recall at k divide by k and by all relevant documents', () => {
    expect(report['P_5']).toBeCloseTo(2 / 5, 14);
    expect(report['recall_5']).toBeCloseTo(2 / 3, 14);
  });
  it('nDCG takes the judgement as gain', () => {
    const best = 2 / Math.log2(2) + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(report['ndcg']).toBeCloseTo((1 + 2 / Math.log2(5)) / best, 14);
  });
  it('interpolated precision is the best at that recall or beyond', () => {
    expect(report['iprec_at_recall_0.00']).toBe(1);
    expect(report['iprec_at_recall_0.50']).toBe(0.5);
    expect(report['iprec_at_recall_0.90']).toBe(0);
  });
});

it('breaks ties of the score, as float32, by descending name', () => {
  const tied = run('1 Q0 a 1 1 r\n1 Q0 c 2 1 r\n1 Q0 b 3 1.00000000001 r\n').get('1')!;
  expect(judge(tied, new Map([['c', 1]])).relevance[0]).toBe(1);
});

it('compares names by the bytes of their UTF-8', () => {
  // U+FF5A is three bytes, the emoji four with a greater first one; in code units the emoji would go below.
  const tied = run('1 Q0 \uff5a 1 1 r\n1 Q0 \u{1f600} 2 1 r\n1 Q0 \uff5a2 3 1 r\n').get('1')!;
  const relevance = new Map([
    ['\u{1f600}', 3],
    ['\uff5a2', 2],
    ['\uff5a', 1],
  ]);
  expect(judge(tied, relevance).relevance).toEqual([3, 2, 1]);
});

it('gives zeros without a relevant document', () => {
  const values = Object.values(measures({ relevance: [0, NaN], ideal: [], judgedNonrelevant: 1 }));
  expect(values.filter((value) => value !== 0 && value !== 2)).toEqual([]);
});

it('refuses malformed lines and doubles', () => {
  expect(() => run('1 Q0 a 1 2\n')).toThrow(/run, line 1: found 5 fields/);
  expect(() => run('1 Q0 a 1 x r\n')).toThrow(/column score: found "x"/);
  expect(() => run('1 Q0 a 1 1 r\n1 Q0 a 2 1 r\n')).toThrow(/line 2: found 1 a again/);
  expect(() => qrels('1 0 a 1\n1 0 a 0\n')).toThrow(/line 2: found 1 a again/);
});

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: NIST outputs of trec_eval, TOUCHSTONE_DATA is not set');
describe.skipIf(!data)('equal to the outputs that NIST ships', () => {
  const read = (name: string): Buffer => readFileSync(join(data!, 'trec_eval_test', name));
  const expected = (name: string): [string, string, string][] =>
    read(name)
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/) as [string, string, string]);

  it.each([
    ['out.test', 'qrels.test', 'results.test', false],
    ['out.test.a', 'qrels.test', 'results.test', false],
    ['out.test.aq', 'qrels.test', 'results.test', false],
    ['out.test.aqc', 'qrels.test', 'results.trunc', true],
  ])('%s', (name, judgements, results, complete) => {
    const { all, byQuery, queries } = evaluate(
      parseTrecRun(read(results), results),
      parseQrels(read(judgements), judgements),
      { complete },
    );
    let compared = 0;
    for (const [key, query, value] of expected(name)) {
      const found = (query === 'all' ? all : byQuery[queries.indexOf(query)])?.[key];
      if (found === undefined) continue;
      expect(key.startsWith('num_') ? String(found) : found.toFixed(4), `${query} ${key}`).toBe(value);
      compared++;
    }
    expect(compared).toBeGreaterThan(25);
  });
});
