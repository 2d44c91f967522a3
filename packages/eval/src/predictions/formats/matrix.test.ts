import { describe, expect, it } from 'vitest';
import { parseMatrix, placeOf } from './matrix.js';

const read = (text: string, ...more: [textual?: string[], numeric?: string[]]) =>
  parseMatrix(Buffer.from(text), 'm.csv', ...more);

describe('parseMatrix', () => {
  it.each([
    ['commas', '1,2\n3,4\n'],
    ['tabs and CRLF', '1\t2\r\n3\t4\r\n'],
    ['blanks, as numpy.savetxt has them', ' 1.0e0  2\n 3 4'],
    ['a byte order mark', '\ufeff1,2\n3,4'],
    ['blank lines at the end', '1,2\n3,4\n\n \n'],
  ])('reads %s', (_, text) => {
    const matrix = read(text);
    expect([...matrix.values]).toEqual([1, 2, 3, 4]);
    expect(matrix).toMatchObject({ rows: 2, columns: 2, shape: [2, 2], firstLine: 1 });
    expect(matrix.header).toBeUndefined();
  });
  it('takes a first line of names as header, and column numbers from three columns on', () => {
    expect(read('a,b\n1,2\n')).toMatchObject({ rows: 1, header: ['a', 'b'], firstLine: 2 });
    expect(read('0,1,2\n5,6,7\n')).toMatchObject({ rows: 1, header: ['0', '1', '2'] });
    // Two columns could as well be a certain prediction.
    expect(read('0,1\n5,6\n').rows).toBe(2);
    expect(read('7\n8\n').shape).toEqual([2]);
  });
  it('keeps text columns apart and skips what was not asked for', () => {
    const matrix = read('id,note,x\n"a, ""b""",words,1\nc,more,2\n', ['id'], ['x']);
    expect(matrix.texts).toEqual({ id: ['a, "b"', 'c'] });
    expect([...matrix.values]).toEqual([1, 2]);
    expect(matrix).toMatchObject({ header: ['x'], allColumns: ['id', 'note', 'x'] });
    expect(placeOf(matrix, 1)).toEqual({ line: 3 });
  });
  it('grows beyond its first guess', () => {
    const matrix = read(Array.from({ length: 3000 }, (_, i) => `${i}`).join('\n'));
    expect(matrix.rows).toBe(3000);
    expect(matrix.values[2999]).toBe(2999);
  });
  it.each([
    ['nothing', '\n \n', 'm.csv: found an empty file'],
    ['a line between', '1\n\n2\n', 'm.csv, line 2: found an empty line'],
    ['an empty cell', '1,2\n3,\n', 'm.csv, line 2, column 2: found ""'],
    ['a doubled column', 'a,a\n1,2\n', 'column "a" twice'],
    ['text', 'a\nx\n', 'm.csv, line 2, column a: found "x", expected a finite number'],
    ['hexadecimal', 'a\n0x1\n', 'm.csv, line 2, column a: found "0x1", expected a finite number'],
    ['NaN first', 'NaN\n1\n', 'line 1, column 1: found "NaN"'],
    ['a longer row', '1,2\n1,2,3\n', 'line 2: found 3 fields, expected 2'],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
  it('refuses what is not UTF-8', () => {
    expect(() => parseMatrix(Buffer.from([0x31, 0x0a, 0xff]), 'm.csv')).toThrow('byte 2');
  });
});
