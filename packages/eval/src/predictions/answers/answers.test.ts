import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { avgAtK, majAtK, passAtK } from './at-k.js';
import { extractAnswer, lastBoxed, normaliseAnswer } from './normalise.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-answers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('answers', () => {
  it.each([
    ['so \\boxed{1} and then \\boxed{\\frac{3}{8}}.', '\\frac{3}{8}'],
    ['\\boxed{7} but \\boxed{never closed', '7'],
    ['The answer is 12.\nThe final answer is: 14', '14'],
    ['The answer is 3. No, the answer is 4.', '4.'],
    ['Thus the answer is\n\n42', '42'],
    ['The answer is 5. That is what the answer is', '5. That is what the answer is'],
    ['  42 ', '42'],
  ])('%s', (response, answer) => expect(extractAnswer(response)).toBe(answer));
  it('a text of openings takes linear time', () => {
    expect(lastBoxed('\\boxed{'.repeat(200_000))).toBeUndefined();
    expect(lastBoxed('\\boxed{'.repeat(200_000) + '7}')).toBe('7');
    expect(normaliseAnswer('^' + ' '.repeat(300_000))).toHaveLength(300_001);
  });
  it('without a box there is none', () => expect(lastBoxed('boxed{3}')).toBeUndefined());

  it.each([
    ['025', '25'],
    ['25.0', '25'],
    ['$25$', '25'],
    ['\\$25', '25'],
    ['25\\ \\mathrm{cm}', '25'],
    ['\\sqrt2', '\\sqrt{2}'],
    ['\\sqrt{2}', '\\sqrt{2}'],
    ['-0', '0'],
    ['+7', '7'],
    ['.50', '0.5'],
    ['50,625', '50625'],
    ['1,2', '1,2'],
    ['10{,}000', '10{,}000'],
    ['\\dfrac{3}{8}', '\\frac{3}{8}'],
    ['\\frac38', '\\frac{3}{8}'],
    ['3/8', '\\frac{3}{8}'],
    ['90^\\circ', '90'],
    ['45\\%', '45'],
    ['\\text{A}', 'a'],
    ['12\\text{ cm}', '12'],
    ['x=5', '5'],
    ['(3)', '3'],
    ['(1, 2)', '(1,2)'],
    ['\\left( 1,2 \\right)', '(1,2)'],
    ['', ''],
  ])('%s is %s', (answer, normal) => expect(normaliseAnswer(answer)).toBe(normal));
});

describe('at k', () => {
  it('pass@k is the share of subsets of k that hold a right one', () => {
    expect(passAtK(8, 3, 1)).toBeCloseTo(3 / 8, 15);
    expect(passAtK(4, 1, 2)).toBeCloseTo(1 / 2, 15);
    expect(passAtK(4, 0, 4)).toBe(0);
    expect(passAtK(4, 1, 4)).toBe(1);
    expect(passAtK(128, 0, 128)).toBe(0);
  });
  it('avg@k and maj@k look at the first k; ties go to the first seen, empty answers do not vote', () => {
    expect(avgAtK([true, false, true, true], 2)).toBe(0.5);
    expect(majAtK(['7', '3', '3', '7'], '7', 4)).toBe(1);
    expect(majAtK(['3', '7', '7'], '7', 2)).toBe(0);
    expect(majAtK(['', '', '9'], '9', 3)).toBe(1);
    expect(majAtK(['', ''], '', 2)).toBe(0);
  });
});

describe('files', () => {
  const score = (text: string, labels?: string) =>
    scorePredictions({
      benchmark: 'math-answers',
      predictions: [file('answers.jsonl', text)],
      ...(labels ? { labels: [file('labels.jsonl', labels)] } : {}),
    });
  it('are scored against labels by id', async () => {
    const { scores, counts } = await score(
      '{"id":1,"answers":["025","7"]}\n{"id":"b","answers":["1","2"]}\n',
      '{"id":"b","answer":2}\n{"id":1,"answer":25.0}\n',
    );
    expect(counts).toEqual({ problems: 2, samples: 4 });
    expect(scores).toEqual({
      pass_at_1: 0.5,
      avg_at_1: 0.5,
      maj_at_1: 0.5,
      pass_at_2: 1,
      avg_at_2: 0.5,
      maj_at_2: 0.5,
    });
  });
  it.each([
    ['{"id":1,"answers":[]}\n', undefined, /line 1: found no answers/],
    ['{"id":1,"answers":["1"]}\n', undefined, /line 1: found no gold answer/],
    ['{"id":1,"answers":["1"]}\n{"id":1,"answers":["1"]}\n', '{"id":1,"answer":1}', /line 2: found id 1 again/],
    ['{"id":1,"answers":["1"]}\n', '{"id":2,"answer":1}', /found id 1, expected an id of the labels/],
    ['{"id":1,"answers":["1"]}\n', '{"id":1,"answer":1}\n{"id":2,"answer":1}', /1 problems without answers/],
    ['{"id":1,"answers":[{}]}\n', '{"id":1,"answer":1}', /as answer 1, expected text/],
    ['[1]\n', undefined, /line 1: found \[1\], expected a JSON object/],
    ['', undefined, /no problem/],
  ])('refuses %j', async (text, labels, message) => {
    await expect(score(text, labels)).rejects.toThrow(message);
  });

  const data = process.env['TOUCHSTONE_DATA'];
  if (!data) console.warn('skipped: published answers of Qwen2.5-Math, TOUCHSTONE_DATA is not set');
  it.skipIf(!data)('of Qwen2.5-Math give its published outcome, sample by sample', async () => {
    const path = join(data!, 'aime/qwen_math_cot_100_rm_maj_example.jsonl');
    const { scores } = await scorePredictions({ benchmark: 'math-answers', predictions: [path] });
    expect(scores['avg_at_8']).toBeCloseTo(0.91, 2);
    expect(scores['pass_at_8']).toBeCloseTo(0.96, 12);
    expect(scores['maj_at_8']).toBeCloseTo(0.93, 12);
    const published = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { gt: string; pred: string[]; score: boolean[] });
    const different = published.flatMap(({ gt, pred, score: official }) =>
      pred
        .filter((answer, i) => (normaliseAnswer(answer) === normaliseAnswer(gt)) !== official[i])
        .map((answer) => `${gt} | ${answer}`),
    );
    expect(different).toEqual([]);
  });
});
