import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { bleuStatistics, corpusBleu, tokenise13a } from './bleu.js';
import { chrfScore, chrfStatistics, corpusChrf } from './chrf.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-translation-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

// The example of sacreBLEU's documentation, with the scores printed there.
const system = ['The dog bit the man.', "It wasn't surprising.", 'The man had just bitten him.'];
const references = [
  ['The dog bit the man.', 'It was not unexpected.', 'The man bit him first.'],
  ['The dog had bit the man.', 'No one was surprised.', 'The man had bitten the dog.'],
];
const ofSegment = (i: number): string[] => references.map((texts) => texts[i]!);

describe('the documented example', () => {
  it('BLEU 48.53 (82.4/50.0/45.5/37.5, 17 against 18 tokens)', () => {
    const segments = system.map((text, i) => bleuStatistics(text, ofSegment(i)));
    expect(corpusBleu(segments)).toBeCloseTo(48.530827, 5);
    expect(segments.reduce((total, { length }) => total + length, 0)).toBe(17);
    expect(segments.reduce((total, { referenceLength }) => total + referenceLength, 0)).toBe(18);
  });
  it('chrF 59.73', () => {
    expect(corpusChrf(system.map((text, i) => chrfStatistics(text, ofSegment(i), 0)))).toBeCloseTo(59.73, 2);
  });
});

it('the tokeniser 13a keeps numbers and splits the rest', () => {
  expect(tokenise13a('Costs 1,234.50, i.e. 3-4% (approx.)&quot;!')).toEqual([
    'Costs',
    '1,234.50',
    ',',
    'i',
    '.',
    'e',
    '.',
    '3',
    '-',
    '4',
    '%',
    '(',
    'approx',
    '.',
    ')',
    '"',
    '!',
  ]);
});

describe('by hand', () => {
  it('BLEU smooths orders without a match by halves, and is 0 without any match', () => {
    const statistics = bleuStatistics('a b c d', ['a x c y']);
    expect(statistics.matched).toEqual([2, 0, 0, 0]);
    const expected =
      100 * Math.exp((Math.log(2 / 4) + Math.log(1 / (2 * 3)) + Math.log(1 / (4 * 2)) + Math.log(1 / 8)) / 4);
    expect(corpusBleu([statistics])).toBeCloseTo(expected, 10);
    expect(corpusBleu([bleuStatistics('a b c d', ['e f g h'])])).toBe(0);
    expect(corpusBleu([bleuStatistics('', ['e f g h'])])).toBe(0);
  });
  it('the closest reference length wins, the shorter of equally close ones', () => {
    expect(bleuStatistics('a b c', ['a b', 'a b c d']).referenceLength).toBe(2);
  });
  it('chrF of equal lines is 100, of lines without a common character 0', () => {
    expect(chrfScore(chrfStatistics('ein Haus', ['ein Haus'], 2))).toBeCloseTo(100, 12);
    expect(chrfScore(chrfStatistics('abc', ['xyz'], 0))).toBe(0);
    // Orders 1 and 2 exist on both sides: P = (2/2 + 1/1)/2 = 1, R = (2/3 + 1/2)/2.
    const recall = (2 / 3 + 1 / 2) / 2;
    expect(chrfScore(chrfStatistics('ab', ['abc'], 0))).toBeCloseTo((100 * 5 * recall) / (4 + recall), 10);
  });
  it('white space is that of Python', () => {
    const line = ['a', 'b', 'c', '\ufeffd'].map((word, i) => word + ['\u001c', '\u0085', '\u2028', ''][i]!).join('');
    expect(tokenise13a(line)).toEqual(['a', 'b', 'c', '\ufeffd']);
    expect(chrfStatistics(line, ['abc'], 0)[0]).toEqual([5, 3, 3]);
  });
  it('counts characters, not UTF-16 units', () => {
    expect(chrfStatistics('😀a', ['😀b'], 0)[0]).toEqual([2, 2, 1]);
  });
});

describe('files', () => {
  it('several references', async () => {
    const { scores, counts } = await scorePredictions({
      benchmark: 'translation',
      predictions: [file('sys', system.join('\n') + '\n')],
      labels: references.map((texts, i) => file(`ref${i}`, texts.join('\n') + '\n')),
    });
    expect(scores['bleu']).toBeCloseTo(48.530827, 5);
    expect(counts).toEqual({ segments: 3, references: 2 });
  });
  it('of another length are refused', async () => {
    await expect(
      scorePredictions({ benchmark: 'translation', predictions: [file('a', 'x\n')], labels: [file('b', 'x\ny\n')] }),
    ).rejects.toThrow(/a: found 1 lines, expected 2 as in b/);
  });
});
