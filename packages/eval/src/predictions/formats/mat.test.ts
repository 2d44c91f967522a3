import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { parseMat } from './mat.js';
// Written by SciPy.
import files from './mat-files.json' with { type: 'json' };

const content = (name: keyof typeof files): Buffer => Buffer.from(files[name], 'base64');

it.each(['plain', 'compressed'] as const)('reads a %s file, columns to rows', (name) => {
  const found = parseMat(content(name), name);
  expect([...found.keys()].sort()).toEqual(['n', 'table']);
  expect(found.get('table')).toEqual({ rows: 2, columns: 3, values: Float64Array.of(1.5, 2, 3, 4, 5, -6.25) });
  expect([...found.get('n')!.values]).toEqual([7]);
});

it.each([
  ['text', /array class 4/],
  ['complex', /array class 6, complex/],
  ['cube', /dimensions 2 × 2 × 2/],
  ['sparse', /array class 5/],
  ['cell', /array class 1|no flags|whole element/],
] as const)('refuses a file with a %s', (name, message) => {
  expect(() => parseMat(content(name), 'x.mat')).toThrow(message);
});

it('refuses other files, cut ones, and sizes that lie', () => {
  expect(() => parseMat(Buffer.from('PK'), 'x.mat')).toThrow('x.mat, byte 0: found no MATLAB 5.0 header');
  expect(() => parseMat(content('plain').subarray(0, 180), 'x.mat')).toThrow(/at most the \d+ left/);
  const longer = content('plain');
  // Of the first matrix: header 128, tag 8, flags 16, dimensions 8 + 8.
  longer.writeInt32LE(4, 128 + 8 + 16 + 8);
  expect(() => parseMat(longer, 'x.mat')).toThrow('x.mat: table: found 48 bytes, expected 4 × 3 × 8');
});

it('refuses damaged and overlong compressed elements', () => {
  const compressed = (data: Buffer): Buffer => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15);
    tag.writeUInt32LE(data.length, 4);
    return Buffer.concat([content('plain').subarray(0, 128), tag, data]);
  };
  expect(() => parseMat(compressed(Buffer.from('no deflate')), 'x.mat')).toThrow(
    /byte 128: found .+, expected a sound compressed element/,
  );
  expect(() => parseMat(compressed(deflateSync(Buffer.alloc(65 * 2 ** 20))), 'x.mat')).toThrow(
    expect.objectContaining({ code: 'FILE_TOO_LARGE' }) as Error,
  );
});
