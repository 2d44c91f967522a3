import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { encode } from 'jpeg-js';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { digestDecompressed, quickDecompressedSize, readDecompressed } from './compressed.js';
import { parseLabelledCsv } from './csv.js';
import { parseIdx } from './idx.js';
import { decodeJpegInto } from './jpeg.js';
import { readZip } from './zip.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const corrupt = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'DATASET_CORRUPT', message: expect.stringMatching(message) });

describe('compressed files', () => {
  const content = Buffer.from('some text, '.repeat(1_000));
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it('are one content whether packed or not, whatever the name', async () => {
    for (const path of [write('a.gz', gzipSync(content)), write('b.gz', content), write('c', gzipSync(content))]) {
      expect(await readDecompressed(path)).toEqual(content);
      expect(await digestDecompressed(path)).toEqual({ sha256: sha256(content), bytes: content.length });
      expect(await quickDecompressedSize(path)).toBe(content.length);
    }
  });

  it('cut or changed are refused with their path', async () => {
    const packed = gzipSync(content);
    const changed = Buffer.from(packed);
    changed[packed.length - 6]! ^= 1;
    for (const path of [write('cut.gz', packed.subarray(0, 40)), write('changed.gz', changed)]) {
      await expect(readDecompressed(path)).rejects.toEqual(corrupt(new RegExp(path)));
      await expect(digestDecompressed(path)).rejects.toEqual(corrupt(new RegExp(path)));
    }
  });
});

describe('IDX', () => {
  const header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3];

  it('reads shape and values', () => {
    const { shape, data } = parseIdx(Uint8Array.from([...header, 1, 2, 3, 4, 5, 255]), 'x');
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 255],
    ]);
  });

  it.each([
    ['nothing', [], /x, byte 0: found 0 bytes/],
    ['another magic', [1, ...header.slice(1)], /x, byte 0: found 0x100, expected two zero bytes/],
    ['another type', [0, 0, 13, 1, 0, 0, 0, 0], /x, byte 2: found type 13/],
    ['no rank', [0, 0, 8, 0], /x, byte 3: found rank 0/],
    ['half a header', header.slice(0, 9), /x, byte 4: found 9 bytes/],
    ['too few values', [...header, 1], /x, byte 12: found 13 bytes, expected 18 bytes/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(Uint8Array.from(bytes), 'x')).toThrow(corrupt(message));
  });
});

describe('labelled CSV', () => {
  it('reads quoted labels at either end', () => {
    const first = parseLabelledCsv('"l","a"\n"T",2\n"I",5\n', 'x', { header: true, label: 'first' });
    expect([first.rows, first.columns, first.labels, [...first.features]]).toEqual([2, 1, ['T', 'I'], [2, 5]]);
    const last = parseLabelledCsv('1,2,0\n3,4,1', 'x', { header: false, label: 'last' });
    expect([last.columns, last.labels, [...last.features]]).toEqual([2, ['0', '1'], [1, 2, 3, 4]]);
  });

  it.each([
    ['no rows', '', /no rows/],
    ['a word', 'T,2\nI,x', /row 2, column 2: found 'x', expected a finite number/],
    ['an empty cell', 'T,', /row 1, column 2: found ''/],
    ['an infinity', 'T,Infinity', /row 1, column 2/],
    ['a shorter row', 'T,1,2\nI,1', /x: /],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseLabelledCsv(text, 'x', { header: false, label: 'first' })).toThrow(corrupt(message));
  });
});

describe('zip', () => {
  const limits = { entries: 3, entryBytes: 100, totalBytes: 150 };
  const zip = (files: Record<string, Uint8Array>): Buffer => Buffer.from(zipSync(files));

  it('reads members in the order of their names, folders left out', async () => {
    const members = await readZip(
      zip({ 'b/2': Buffer.from('two'), 'a/1': Buffer.from('one'), 'c/': new Uint8Array() }),
      'x',
      limits,
    );
    expect(members.map(({ name, content }) => [name, content.toString()])).toEqual([
      ['a/1', 'one'],
      ['b/2', 'two'],
    ]);
  });

  it.each([
    ['what is no archive', Buffer.from('hello'), /x: not a zip archive/],
    [
      'too many members',
      zip({ a: new Uint8Array(1), b: new Uint8Array(1), c: new Uint8Array(1), d: new Uint8Array(1) }),
      /4 members, at most 3/,
    ],
    ['a large member', zip({ a: new Uint8Array(101) }), /a is 101 bytes, beyond the limit/],
    ['too much in total', zip({ a: new Uint8Array(90), b: new Uint8Array(90) }), /b is 90 bytes, beyond the limit/],
    ['a path that leaves the archive', zip({ '../a': new Uint8Array(1) }), /x: .*\.\.\/a/],
  ])('refuses %s', async (_, archive, message) => {
    await expect(readZip(archive, 'x', limits)).rejects.toEqual(corrupt(message));
  });

  it('refuses a member that is longer than it says', async () => {
    const archive = zip({ a: new Uint8Array(90) });
    // The uncompressed size in the central directory, 24 bytes after its signature.
    const entry = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    archive.writeUInt32LE(5, entry + 24);
    await expect(readZip(archive, 'x', limits)).rejects.toEqual(corrupt(/x: a/));
  });
});

describe('JPEG', () => {
  const picture = (width: number, height: number): Buffer => {
    const data = Buffer.alloc(width * height * 4, 255);
    for (let i = 0; i < width * height; i++) data.writeUInt32BE(0xc8_32_32_ff, i * 4);
    return Buffer.from(encode({ data, width, height }, 95).data);
  };

  it('writes RGB at an offset', () => {
    const target = new Float32Array(2 + 8 * 8 * 3);
    decodeJpegInto(picture(8, 8), 'x', 8, 8, target, 2);
    [0, 0, 200, 50, 50].forEach((value, i) => expect(Math.abs(target[i]! - value)).toBeLessThanOrEqual(3));
  });

  it('refuses another size, text, and half a file', () => {
    const target = new Float32Array(8 * 8 * 3);
    expect(() => decodeJpegInto(picture(16, 8), 'x', 8, 8, target, 0)).toThrow(corrupt(/x: 16 × 8, expected 8 × 8/));
    expect(() => decodeJpegInto(Buffer.from('hello'), 'x', 8, 8, target, 0)).toThrow(corrupt(/x: /));
    expect(() => decodeJpegInto(picture(8, 8).subarray(0, 300), 'x', 8, 8, target, 0)).toThrow(corrupt(/x: /));
  });
});
