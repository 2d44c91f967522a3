import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from './core/hash.js';
import type { DatasetDefinition } from './core/types.js';
import { importDataset, pullDataset, type PullProgress } from './data-pull.js';
import { dataDirectories, datasetState, loadDataset, locate, verifyDataset, type Environment } from './data-store.js';
import { definition as cub } from './datasets/cub200-first50-thumb64.js';
import { definition as mnist } from './datasets/mnist.js';

const CONTENT = Buffer.from(Array.from({ length: 3_000 }, (_, i) => `${i % 7},${i}\n`).join(''));
const FILE = 'numbers.csv.gz';
const OTHER = 'names.txt';
const NAMES = Buffer.from('a\nb\n');

const definition = (extra: Partial<DatasetDefinition> = {}): DatasetDefinition => ({
  ...mnist,
  key: 'numbers',
  folder: 'numbers',
  items: 3_000,
  classes: 7,
  howToGet: 'touchstone data pull numbers',
  sources: [
    { file: FILE, url: 'http://127.0.0.1:1/unused', bytes: CONTENT.length, sha256: sha256(CONTENT) },
    { file: OTHER, url: 'http://127.0.0.1:1/unused', bytes: NAMES.length, sha256: sha256(NAMES) },
  ],
  load: async (find) => {
    const { readDecompressed } = await import('./readers/compressed.js');
    const { parseLabelledCsv } = await import('./readers/csv.js');
    const text = (await readDecompressed(find(FILE))).toString();
    const table = parseLabelledCsv(text, FILE, { header: false, label: 'first' });
    const labels = Int32Array.from(table.labels, Number);
    return { n: table.rows, shape: [1], features: table.features, labels, classNames: [...'abcdefg'] };
  },
  ...extra,
});

let home: string;
let env: Environment;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'touchstone-data-'));
  env = { TOUCHSTONE_HOME: home };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const target = (file = FILE): string => join(home, 'data', 'numbers', file);

function place(content: Buffer = gzipSync(CONTENT), names: Buffer = NAMES): void {
  mkdirSync(join(home, 'data', 'numbers'), { recursive: true });
  writeFileSync(target(), content);
  writeFileSync(target(OTHER), names);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a free port for the time of one test; `requests` collects method, path and range. */
async function serving(handler: Handler, use: (baseUrl: string, requests: string[]) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? 'whole'}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/files`, requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const FILES: Record<string, Buffer> = { [FILE]: gzipSync(CONTENT), [OTHER]: NAMES };

const serve: Handler = (request, response) => {
  const content = FILES[request.url!.split('/').pop()!];
  if (!content) return void response.writeHead(404).end();
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= content.length) return void response.writeHead(416).end();
  const part = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length }).end(part);
};

/** Sends a part, leaves it time to arrive, and breaks the connection. */
const cutAfter = (response: ServerResponse, part: Buffer): void => {
  response.write(part, () => setTimeout(() => response.destroy(), 60));
};

describe('where datasets are looked for', () => {
  it('searches TOUCHSTONE_DATA in order, then the home', () => {
    const list = ['/a', '', '/b'].join(delimiter);
    expect(dataDirectories({ TOUCHSTONE_DATA: list, TOUCHSTONE_HOME: '/h' })).toEqual(['/a', '/b', '/h/data']);
    expect(dataDirectories({})).toEqual([join(process.cwd(), '.touchstone', 'data')]);
  });

  it('takes the first folder that has every file', () => {
    place();
    const first = join(home, 'first');
    mkdirSync(join(first, 'numbers'), { recursive: true });
    writeFileSync(join(first, 'numbers', OTHER), NAMES);
    const both = { ...env, TOUCHSTONE_DATA: first };
    expect(locate(definition(), both)).toBe(join(home, 'data', 'numbers'));
    writeFileSync(join(first, 'numbers', FILE), gzipSync(CONTENT));
    expect(locate(definition(), both)).toBe(join(first, 'numbers'));
  });
});

describe('a missing dataset', () => {
  it('says how to get it', async () => {
    await expect(loadDataset(mnist, { env })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
      message: expect.stringContaining('touchstone data pull mnist'),
    });
    expect(await datasetState(mnist, env)).toMatchObject({ state: 'DOWNLOADABLE' });
    const status = await datasetState(cub, env);
    expect(status.state).toBe('MISSING');
    expect(status.message).toContain('touchstone data import cub200-first50-thumb64');
  });

  it('names the files that a half-filled folder lacks', async () => {
    place();
    rmSync(target(OTHER));
    expect((await datasetState(definition(), env)).message).toContain(`${OTHER} missing`);
  });

  it('refuses an unknown key with those there are', async () => {
    await expect(loadDataset('nothing', { env })).rejects.toMatchObject({
      code: 'UNKNOWN_DATASET',
      message: expect.stringContaining('letter-recognition'),
    });
  });
});

describe('checking', () => {
  it('accepts a repacked file and loads it', async () => {
    place(gzipSync(CONTENT, { level: 1 }));
    expect((await datasetState(definition(), env)).state).toBe('PRESENT');
    expect((await loadDataset(definition(), { env })).n).toBe(3_000);
    place(CONTENT);
    expect((await loadDataset(definition(), { env })).n).toBe(3_000);
  });

  it('names file, expected and found for other content of the same length, also later in the state', async () => {
    const other = Buffer.from(CONTENT);
    other[0] = 0x39;
    place(gzipSync(other));
    expect((await datasetState(definition(), env)).state).toBe('PRESENT');
    const found = `found sha256 ${sha256(other)}, expected sha256 ${sha256(CONTENT)}`;
    await expect(loadDataset(definition(), { env })).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
      message: `${target()}: ${found}`,
    });
    const status = await datasetState(definition(), env);
    expect(status).toMatchObject({ state: 'CORRUPT', message: `${basename(target())}: ${found}` });
    place();
    expect((await datasetState(definition(), env)).state).toBe('PRESENT');
  });

  it('sees a truncated file at once', async () => {
    place(gzipSync(CONTENT).subarray(0, 2_000));
    expect((await datasetState(definition(), env)).state).toBe('CORRUPT');
    await expect(verifyDataset(definition(), { env })).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
      message: expect.stringContaining(target()),
    });
    place(Buffer.alloc(0));
    expect((await datasetState(definition(), env)).state).toBe('CORRUPT');
    await expect(verifyDataset(definition(), { env })).rejects.toThrow(/found 0 decompressed bytes, expected \d+/);
  });

  it('remembers a check until the file changes; verify reads anew', async () => {
    place();
    await loadDataset(definition(), { env });
    const notes = join(home, 'cache', 'checksums');
    const note = readdirSync(notes).find((name) => readFileSync(join(notes, name), 'utf8').includes(FILE))!;
    const forged = JSON.parse(readFileSync(join(notes, note), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(notes, note), JSON.stringify({ ...forged, sha256: 'f'.repeat(64) }));
    await expect(loadDataset(definition(), { env })).rejects.toMatchObject({ code: 'DATASET_CORRUPT' });
    await verifyDataset(definition(), { env });
    await loadDataset(definition(), { env });
    writeFileSync(join(notes, note), 'not json');
    await loadDataset(definition(), { env });
  });
});

describe('pull', () => {
  it('downloads, checks, reports progress and leaves nothing half done', async () => {
    await serving(serve, async (baseUrl, requests) => {
      const progress: PullProgress[] = [];
      await pullDataset(definition(), { acceptLicence: false, baseUrl, env, onProgress: (p) => progress.push(p) });
      expect(readdirSync(join(home, 'data', 'numbers')).sort()).toEqual([OTHER, FILE]);
      expect(progress.find((p) => p.file === FILE && p.received === p.total)?.total).toBe(FILES[FILE]!.length);
      expect((await loadDataset(definition(), { env })).n).toBe(3_000);
      const before = requests.length;
      await pullDataset(definition(), { acceptLicence: false, baseUrl, env });
      expect(requests).toHaveLength(before);
    });
  });

  it('refuses without the licence where it asks, before any request', async () => {
    const guarded = definition({ licence: { ...cub.licence } });
    await serving(serve, async (baseUrl, requests) => {
      await expect(pullDataset(guarded, { acceptLicence: false, baseUrl, env })).rejects.toMatchObject({
        code: 'LICENCE_NOT_ACCEPTED',
        message: expect.stringContaining('--accept-licence'),
      });
      expect(requests).toEqual([]);
      await pullDataset(guarded, { acceptLicence: true, baseUrl, env });
    });
    expect(existsSync(target())).toBe(true);
  });

  it('continues a truncated download by itself', async () => {
    let cut = true;
    const truncating: Handler = (request, response) => {
      if (!request.url!.endsWith(FILE) || !cut) return serve(request, response);
      cut = false;
      const content = FILES[FILE]!;
      response.writeHead(200, { 'content-length': content.length });
      cutAfter(response, content.subarray(0, 1_000));
    };
    await serving(truncating, async (baseUrl, requests) => {
      await pullDataset(definition(), { acceptLicence: false, baseUrl, env });
      expect(requests[0]).toBe(`/files/${FILE} whole`);
      expect(requests[1]).toMatch(/bytes=\d+-$/);
    });
    expect((await loadDataset(definition(), { env })).n).toBe(3_000);
  });

  it('gives up after three cuts, keeps what came, and the next call continues it', async () => {
    let step = 300;
    const stingy: Handler = (request, response) => {
      const content = FILES[FILE]!;
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
      cutAfter(response, content.subarray(from, from + step));
    };
    await serving(stingy, async (baseUrl, requests) => {
      await expect(pullDataset(definition(), { acceptLicence: false, baseUrl, env })).rejects.toMatchObject({
        code: 'DOWNLOAD_FAILED',
        message: expect.stringMatching(/ended after \d+ of \d+ bytes/),
      });
      expect(requests).toHaveLength(3);
    });
    expect(existsSync(target())).toBe(false);
    expect(readFileSync(`${target()}.part`).length).toBeGreaterThan(0);
    step = 1e9;
    await serving(serve, async (baseUrl, requests) => {
      await pullDataset(definition(), { acceptLicence: false, baseUrl, env });
      expect(requests[0]).toMatch(/bytes=[1-9]\d*-$/);
    });
    expect(existsSync(target())).toBe(true);
  });

  it('starts over when what was left belongs to another file, and when the server ignores ranges', async () => {
    mkdirSync(join(home, 'data', 'numbers'), { recursive: true });
    writeFileSync(`${target()}.part`, 'something else');
    await serving(serve, (baseUrl) => pullDataset(definition(), { acceptLicence: false, baseUrl, env }).then(() => {}));
    expect(existsSync(target())).toBe(true);
    rmSync(target());
    writeFileSync(`${target()}.part`, 'something else');
    const deaf: Handler = (request, response) => {
      const content = FILES[request.url!.split('/').pop()!]!;
      response.writeHead(200, { 'content-length': content.length }).end(content);
    };
    await serving(deaf, (baseUrl) => pullDataset(definition(), { acceptLicence: false, baseUrl, env }).then(() => {}));
    expect(existsSync(target())).toBe(true);
  });

  it('refuses wrong content and keeps nothing of it', async () => {
    const wrong = gzipSync(Buffer.alloc(CONTENT.length, 'x'));
    const lying: Handler = (_, response) => void response.writeHead(200, { 'content-length': wrong.length }).end(wrong);
    await serving(lying, async (baseUrl) => {
      await expect(pullDataset(definition(), { acceptLicence: false, baseUrl, env })).rejects.toMatchObject({
        code: 'DATASET_CORRUPT',
        message: expect.stringMatching(/is not the pinned file.*found sha256 .*expected sha256/),
      });
    });
    expect(readdirSync(join(home, 'data', 'numbers'))).toEqual([]);
  });

  it('names address and reason when the server refuses or is not there', async () => {
    await serving(
      (_, response) => void response.writeHead(503).end('busy'),
      async (baseUrl) => {
        await expect(pullDataset(definition(), { acceptLicence: false, baseUrl, env })).rejects.toMatchObject({
          code: 'DOWNLOAD_FAILED',
          message: expect.stringContaining(`/files/${FILE}: HTTP 503`),
        });
      },
    );
    await expect(pullDataset(definition(), { acceptLicence: false, env })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
    });
  });

  it('says that a set has no address', async () => {
    await expect(pullDataset(cub, { acceptLicence: true, env })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
      message: expect.stringContaining('has no public address'),
    });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    mkdirSync(join(home, 'data', 'numbers'), { recursive: true });
    symlinkSync('/dev/full', `${target()}.part`);
    await serving(serve, async (baseUrl) => {
      await expect(pullDataset(definition(), { acceptLicence: false, baseUrl, env })).rejects.toMatchObject({
        code: 'DOWNLOAD_FAILED',
        message: expect.stringContaining('the disk is full (ENOSPC)'),
        details: expect.objectContaining({ value: 'ENOSPC' }),
      });
    });
    expect(existsSync(target())).toBe(false);
  });

  it('stops at once when cancelled and can go on later', async () => {
    const controller = new AbortController();
    const slow: Handler = (request, response) => {
      const content = FILES[FILE]!;
      if (request.url!.endsWith(OTHER)) return serve(request, response);
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 500));
    };
    await serving(slow, async (baseUrl) => {
      const started = performance.now();
      const options = { acceptLicence: false, baseUrl, env, signal: controller.signal };
      const pulling = pullDataset(definition(), { ...options, onProgress: () => controller.abort() });
      await expect(pulling).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(performance.now() - started).toBeLessThan(1_000);
    });
    await serving(serve, (baseUrl) => pullDataset(definition(), { acceptLicence: false, baseUrl, env }).then(() => {}));
    expect(existsSync(target())).toBe(true);
  });
});

describe('import', () => {
  it('copies checked files from a folder', async () => {
    const from = join(home, 'from');
    mkdirSync(from);
    writeFileSync(join(from, FILE), gzipSync(CONTENT));
    await expect(importDataset(definition(), from, { acceptLicence: true, env })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
      message: expect.stringContaining(OTHER),
    });
    writeFileSync(join(from, OTHER), 'a\nc\n');
    await expect(importDataset(definition(), from, { acceptLicence: true, env })).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
    });
    expect(readdirSync(join(home, 'data', 'numbers'))).toEqual([]);
    writeFileSync(join(from, OTHER), NAMES);
    await importDataset(definition(), from, { acceptLicence: true, env });
    expect((await loadDataset(definition(), { env })).n).toBe(3_000);
  });

  it('takes the one file of a single-file set under any name, and refuses one file of several', async () => {
    const file = join(home, 'somewhere.gz');
    writeFileSync(file, gzipSync(CONTENT));
    const single = definition({ sources: definition().sources.slice(0, 1) });
    await importDataset(single, file, { acceptLicence: true, env });
    expect(existsSync(target())).toBe(true);
    await expect(importDataset(definition(), file, { acceptLicence: true, env })).rejects.toThrow(/is one file/);
    await expect(importDataset(single, join(home, 'no'), { acceptLicence: true, env })).rejects.toThrow(
      /does not exist/,
    );
  });

  it('asks for the licence', async () => {
    await expect(importDataset(cub, home, { acceptLicence: false, env })).rejects.toMatchObject({
      code: 'LICENCE_NOT_ACCEPTED',
    });
  });
});
