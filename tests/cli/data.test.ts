/** `data pull`, `import` and `verify` as commands, against a mirror of our own. */
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { touchstone as run } from './touchstone.js';

const mnist = (process.env['TOUCHSTONE_DATA'] ?? '')
  .split(':')
  .map((folder) => join(folder, 'mnist'))
  .find((folder) => existsSync(folder));
if (!mnist) console.warn('skipped: data pull of real files (no mnist in TOUCHSTONE_DATA)');

let folder: string;
let mirror: Server;
let url: string;
let requests: { path: string; range: string | undefined }[];
/** How many bytes of the first answer are sent before the line breaks; null: all. */
let breakAfter: number | null;
let wrong: boolean;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'touchstone-mirror-'));
  mirror = createServer((request, response) => {
    const name = basename(request.url ?? '');
    const path = join(mnist ?? folder, name);
    requests.push({ path: name, range: request.headers.range });
    if (request.url?.startsWith('/nowhere/')) return void response.writeHead(404).end();
    if (wrong) return void response.end('not the file');
    if (!existsSync(path)) return void response.writeHead(404).end();
    const { size } = statSync(path);
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start });
    if (breakAfter === null) return void createReadStream(path, { start }).pipe(response);
    // A moment between the bytes and the break, or the reset overtakes them.
    response.write(readFileSync(path).subarray(start, start + breakAfter), () =>
      setTimeout(() => response.destroy(), 300),
    );
    breakAfter = null;
  });
  await new Promise<void>((done) => mirror.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
});
afterAll(() => {
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(name: string): (...args: string[]) => ReturnType<typeof run> {
  [requests, breakAfter, wrong] = [[], null, false];
  const home = join(folder, name);
  return (...args) => run(['data', ...args], { env: { TOUCHSTONE_HOME: home } });
}

describe('data', () => {
  it.skipIf(!mnist)('pull gets every file, verify agrees, and a second pull asks for nothing', async () => {
    const data = begin('whole');
    expect(await data('pull', 'mnist', '--from', url)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('mnist: checked'),
    });
    const asked = requests.length;
    expect(await data('verify', 'mnist')).toMatchObject({ code: 0 });
    expect(await data('pull', 'mnist', '--from', url)).toMatchObject({ code: 0 });
    expect(requests).toHaveLength(asked);
    expect((await data('list')).stdout).toMatch(/^mnist .*PRESENT/m);
  });

  it.skipIf(!mnist)('a broken line is continued where it broke', async () => {
    const data = begin('broken');
    breakAfter = 100_000;
    expect(await data('pull', 'mnist', '--from', url)).toMatchObject({ code: 0 });
    expect(requests[1]).toEqual({ path: requests[0]?.path, range: 'bytes=100000-' });
  });

  it('another content is refused and leaves nothing under the name', async () => {
    const data = begin('wrong');
    wrong = true;
    const ended = await data('pull', 'mnist', '--from', url);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error DATASET_CORRUPT: /) });
    expect(existsSync(join(folder, 'wrong/data/mnist', requests[0]?.path ?? ''))).toBe(false);
  });

  it('a mirror without the file, and no mirror at all', async () => {
    const data = begin('absent');
    for (const address of [`${url}/nowhere`, 'http://127.0.0.1:9'])
      expect(await data('pull', 'fashion-mnist', '--from', address)).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/^error DOWNLOAD_FAILED: /),
      });
  });

  it('a licence is accepted in words or not at all', async () => {
    const data = begin('licence');
    expect(await data('pull', 'cub200-first50-thumb64')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^error LICENCE_NOT_ACCEPTED: .*--accept-licence/),
    });
  });

  it('bundled data is verified in place', async () => {
    const data = begin('bundled');
    expect(await data('verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^digits: checked/m) });
  });
});
