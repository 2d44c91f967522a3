import { describe, expect, it } from 'vitest';
import { csvCell, latexText, toCsv, toLatex } from './export';

const hostile = {
  title: 'a\nb',
  columns: ['name', 'mean'],
  rows: [
    ['=cmd|"x", _y', 0.5],
    [null, null],
  ] as const,
};

describe('CSV', () => {
  it('defuses formulas and quotes what needs quoting', () => {
    expect(csvCell('=1+1')).toBe("'=1+1");
    expect(csvCell('@x')).toBe("'@x");
    expect(csvCell('a,"b"')).toBe('"a,""b"""');
    expect(csvCell(-1)).toBe('-1');
  });
  it('writes rows with CRLF and empty cells for what is missing', () => {
    expect(toCsv(hostile)).toBe('name,mean\r\n"\'=cmd|""x"", _y",0.5\r\n,\r\n');
  });
});

describe('LaTeX', () => {
  it('escapes every special character once', () => {
    expect(latexText('50% of a_b & {c} ~ ^ \\ $ #')).toBe(
      '50\\% of a\\_b \\& \\{c\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \\$ \\#',
    );
  });
  it('keeps the title inside its comment', () => {
    expect(toLatex(hostile).split('\n')[0]).toBe('% a b');
  });
});
