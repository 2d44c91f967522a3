import { describe, expect, it } from 'vitest';
import { escapeLatex, formatCsv, formatDuration, formatLatex, formatNumber, formatTable } from './text.js';

describe('formatCsv', () => {
  it('quotes separators, quotes and line breaks, and leaves numbers alone', () => {
    expect(formatCsv([['a,b', 'say "x"', 'two\nlines', -1.5, null, 'plain']])).toBe(
      '"a,b","say ""x""","two\nlines",-1.5,,plain\r\n',
    );
  });

  it.each(['=1+1', '+1', '-cmd', '@sum', '\tx'])('never lets a spreadsheet take %j for a formula', (hostile) => {
    expect(formatCsv([[hostile]]).startsWith(`'`) || formatCsv([[hostile]]).startsWith(`"'`)).toBe(true);
  });
});

describe('escapeLatex', () => {
  it('escapes every special character once', () => {
    expect(escapeLatex('\\{}$&#%_^~')).toBe(
      '\\textbackslash{}\\{\\}\\$\\&\\#\\%\\_\\textasciicircum{}\\textasciitilde{}',
    );
  });

  it('leaves no way to end a cell, a row or the table', () => {
    const hostile = escapeLatex('x & y \\\\ \\end{tabular}\n\\input{/etc/passwd}\u0000%');
    expect(hostile.replaceAll(/\\text[a-z]+\{\}/g, '')).not.toMatch(/(^|[^\\])[&%{}]/);
    expect(hostile).not.toMatch(/\\(end|input)\b/);
    expect(hostile).not.toMatch(/[\u0000-\u001f]/);
  });

  it('makes a table with as many cells a row as columns', () => {
    const latex = formatLatex(
      [
        { title: 'Rank', align: 'r' },
        { title: 'Method & more', align: 'l' },
      ],
      [
        ['1', 'a & b'],
        ['2', { raw: '$0.5 \\pm 0.1$' }],
      ],
      '100 % of_it',
    );
    for (const line of latex.split('\n').filter((each) => each.endsWith('\\\\')))
      expect(line.match(/(?<!\\)&/g)).toHaveLength(1);
    expect(latex).toContain('\\caption{100 \\% of\\_it}');
    expect(latex).toContain('$0.5 \\pm 0.1$');
  });
});

describe('formatTable', () => {
  it('aligns by the widest cell and leaves no blanks at the end', () => {
    const columns = [
      { title: 'key', cell: (row: { key: string; n: number }) => row.key },
      { title: 'n', align: 'right' as const, cell: (row: { key: string; n: number }) => String(row.n) },
      { title: '', cell: () => '' },
    ];
    expect(
      formatTable(columns, [
        { key: 'longer', n: 5 },
        { key: 'x', n: 1000 },
      ]),
    ).toBe('key        n\nlonger     5\nx       1000\n');
  });
});

describe('numbers', () => {
  it('shows what is there and never a zero for what is not', () => {
    expect(formatNumber(0.123456)).toBe('0.1235');
    expect(formatNumber(0.00001)).toBe('1.00e-5');
    expect(formatNumber(0)).toBe('0.0000');
    expect(formatNumber(null)).toBe('–');
  });

  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [61_000, '1 min 1 s'],
    [3_661_000, '1 h 1 min'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
