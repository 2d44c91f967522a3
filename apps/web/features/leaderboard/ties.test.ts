import { describe, expect, it } from 'vitest';
import { tiedWith, tiesInWords, verdictOf } from './ties';

const row = (id: string, rank: number | null, rankLow: number | null = null, rankHigh: number | null = null) => ({
  id,
  label: id.toUpperCase(),
  rank,
  rankLow,
  rankHigh,
});
const rows = [row('a', 1, 1, 3), row('b', 2, 1, 4), row('c', 3, 1, 4), row('d', 4, 2, 4), row('e', null)];
const groups = [
  { number: 2, entries: ['b', 'c', 'd'], rowsBefore: 0, rowsAfter: 2 },
  { number: 1, entries: ['a', 'b', 'c'], rowsBefore: 0, rowsAfter: 0 },
  { number: 3, entries: ['e'], rowsBefore: 0, rowsAfter: 0 },
];

describe('tie groups in words', () => {
  it('lists groups of two and more by number', () => {
    expect(tiesInWords(groups, rows)).toEqual([
      { number: 1, ranks: '1 to 3', labels: ['A', 'B', 'C'] },
      { number: 2, ranks: '2 to 4 and 2 on other pages', labels: ['B', 'C', 'D'] },
    ]);
  });

  it('says with which ranks a row is tied, over all of its groups', () => {
    expect(tiedWith('b', groups, rows)).toBe('1, 3, 4');
    expect(tiedWith('a', groups, rows)).toBe('2, 3');
    expect(tiedWith('e', groups, rows)).toBe('');
  });
});

describe('the verdict on the first ranks', () => {
  it.each([
    ['nothing is compared', [row('a', 1), row('b', 2)], null],
    ['one row', [row('a', 1, 1, 1)], null],
    ['all are tied', [row('a', 1, 1, 2), row('b', 2, 1, 2)], 'No two rows of this board can be told apart.'],
    ['one leads', [row('a', 1, 1, 1), row('b', 2, 2, 2)], 'A is better than every other row.'],
    ['several lead', rows, 'No row stands first: none is significantly better than A, B and C.'],
    [
      'names have commas',
      [{ ...row('a', 1, 1, 2), label: 'A, x' }, { ...row('b', 2, 1, 3), label: 'B, y' }, row('c', 3, 2, 3)],
      'No row stands first: none is significantly better than A, x and B, y.',
    ],
    [
      'many lead',
      [row('a', 1, 1, 4), row('b', 2, 1, 4), row('c', 3, 1, 4), row('d', 4, 1, 5), row('e', 5, 4, 5)],
      'No row stands first: none is significantly better than A, B, C and 1 more.',
    ],
  ])('%s', (_, found, text) => expect(verdictOf(found)).toBe(text));
});
