import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, openInput } from './input.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-input-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const text = async (path: string): Promise<Record<string, string>> => {
  const tree = await openInput(path);
  const entries: [string, string][] = [];
  for (const each of tree.files) entries.push([each.name, (await each.read()).toString()]);
  await tree.close();
  return Object.fromEntries(entries);
};

async function tarGz(
  members: readonly { name: string; content?: string; type?: 'symlink' | 'directory' }[],
): Promise<Buffer> {
  const archive = pack();
  for (const { name, content = '', type } of members) {
    if (type === 'symlink') archive.entry({ name, type, linkname: '/etc/passwd' });
    else if (type) archive.entry({ name, type });
    else archive.entry({ name }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const encoded = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('trees', () => {
  it('a file, gzipped or not', async () => {
    expect(await text(file('a.txt', 'x'))).toEqual({ 'a.txt': 'x' });
    expect(await text(file('b.txt.gz', gzipSync('y')))).toEqual({ 'b.txt': 'y' });
  });
  it('a folder with folders, in the order of names', async () => {
    mkdirSync(join(folder, 'tree/sub'), { recursive: true });
    file('tree/b', '2');
    file('tree/sub/c', '3');
    file('tree/a', '1');
    expect(Object.entries(await text(join(folder, 'tree')))).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['sub/c', '3'],
    ]);
  });
  it('a zip and a tar.gz', async () => {
    expect(await text(file('a.zip', zipSync({ 'x/1.txt': encoded('1'), '0': encoded('0') })))).toEqual({
      '0': '0',
      'x/1.txt': '1',
    });
    const tar = await tarGz([
      { name: 'd', type: 'directory' },
      { name: 'd/2', content: '2' },
    ]);
    expect(await text(file('a.tar.gz', tar))).toEqual({ 'd/2': '2' });
  });
});

describe('refusals', () => {
  it('a path that is not there, and a link', async () => {
    await expect(openInput(join(folder, 'nowhere'))).rejects.toThrow(/nowhere: no such file/);
    symlinkSync('/etc/passwd', join(folder, 'link'));
    await expect(openInput(join(folder, 'link'))).rejects.toThrow(/not a link/);
    mkdirSync(join(folder, 'linked'));
    symlinkSync('/etc/passwd', join(folder, 'linked/inside'));
    await expect(openInput(join(folder, 'linked'))).rejects.toThrow(/inside: found a link/);
  });
  it.each(['../up', '/absolute', 'C:\\windows', 'a/../../up', 'a\\..\\..\\up'])('a member called %s', async (name) => {
    const tar = await tarGz([{ name, content: 'x' }]);
    await expect(openInput(file('bad.tar.gz', tar))).rejects.toThrow(/bad.tar.gz/);
    await expect(openInput(file('bad.zip', zipSync({ [name]: encoded('x') })))).rejects.toThrow(/bad.zip/);
  });
  it('links in archives', async () => {
    await expect(openInput(file('l.tar.gz', await tarGz([{ name: 'l', type: 'symlink' }])))).rejects.toThrow(
      /is a symlink/,
    );
    const linked = zipSync({ l: [encoded('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] });
    await expect(openInput(file('l.zip', linked))).rejects.toThrow(/is a link/);
  });
  it('bombs: ratio, count, total', async () => {
    const zeros = new Uint8Array(8 * 2 ** 20);
    await expect(openInput(file('bomb.zip', zipSync({ zeros })))).rejects.toThrow(/compression ratio/);
    await expect(openInput(file('bomb.gz', gzipSync(zeros)))).rejects.toThrow(/decompressed/);
    const many = zipSync(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [String(i), encoded('x')])));
    await expect(openInput(file('many.zip', many), { ...DEFAULT_LIMITS, files: 10 })).rejects.toThrow(
      /more than 10 files/,
    );
    await expect(openInput(file('long.txt', 'x'.repeat(100)), { ...DEFAULT_LIMITS, fileBytes: 10 })).rejects.toThrow(
      /at most 1 MiB a file/,
    );
  });
  it('a member whose bytes were changed', async () => {
    const stored = zipSync({ a: [encoded('hello'), { level: 0 }] });
    const at = Buffer.from(stored).indexOf('hello');
    stored[at] = 'j'.charCodeAt(0);
    await expect(text(file('changed.zip', stored))).rejects.toThrow(
      /changed.zip: a: found a checksum that does not fit/,
    );
  });
  it('truncated archives', async () => {
    const whole = zipSync({ a: encoded('hello') });
    await expect(openInput(file('half.zip', whole.subarray(0, whole.length - 30)))).rejects.toThrow(/half.zip/);
    const tar = await tarGz([{ name: 'a', content: 'x'.repeat(5000) }]);
    await expect(openInput(file('half.tar.gz', tar.subarray(0, tar.length >> 1)))).rejects.toThrow(/half.tar.gz/);
    await expect(openInput(file('half.gz', gzipSync('hello').subarray(0, 12)))).rejects.toThrow(/half.gz/);
  });
});
