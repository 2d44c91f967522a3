/** Getting datasets: download with resume, and import of files that a person already has. */
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EvalError } from './core/errors.js';
import type { DatasetDefinition, DatasetSource } from './core/types.js';
import { checkFile, ownDataDirectory, type Environment } from './data-store.js';

export interface PullProgress {
  readonly file: string;
  readonly received: number;
  /** Bytes on the wire; null where the server does not say. */
  readonly total: number | null;
}

export interface PullOptions {
  readonly acceptLicence: boolean;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly signal?: AbortSignal;
  /** Takes the place of the address before the file name, for mirrors. */
  readonly baseUrl?: string;
  readonly env?: Environment;
}

const ATTEMPTS = 3;

function requireLicence(definition: DatasetDefinition, accepted: boolean): void {
  if (!definition.licence.mustAccept || accepted) return;
  const { name, url } = definition.licence;
  throw new EvalError(
    'LICENCE_NOT_ACCEPTED',
    `dataset ${definition.key} is under '${name}'${url ? ` (${url})` : ''}: read it and repeat with --accept-licence`,
    { field: 'acceptLicence', value: accepted, allowed: 'true, after reading the licence' },
  );
}

function failed(address: string, reason: string, cause?: unknown): EvalError {
  return new EvalError('DOWNLOAD_FAILED', `${address}: ${reason}`, { field: address, value: reason }, { cause });
}

function diskFault(path: string, cause: unknown): EvalError | null {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return null;
  return new EvalError(
    'DOWNLOAD_FAILED',
    `${path}: the disk is full (${code}); free space and repeat, what was received is kept`,
    { field: path, value: code, allowed: 'free disk space' },
    { cause },
  );
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  );

/** One request; appends to `part` when the server honours the range. Throws DOWNLOAD_FAILED. */
async function receive(address: string, file: string, part: string, options: PullOptions): Promise<void> {
  const have = await sizeOf(part);
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal: options.signal ?? null,
    });
  } catch (cause) {
    const inner = (cause as Error).cause as Error | undefined;
    throw failed(address, inner?.message ?? (cause as Error).message, cause);
  }
  if (response.status === 416) {
    await response.body?.cancel();
    return;
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw failed(address, `HTTP ${response.status} ${response.statusText}`.trim());
  }
  const resumed = response.status === 206;
  const length = response.headers.get('content-length');
  const start = resumed ? have : 0;
  const total = length === null ? null : start + Number(length);
  let received = start;
  const count = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      received += chunk.length;
      yield chunk;
      options.onProgress?.({ file, received, total });
    }
  };
  try {
    const target = createWriteStream(part, { flags: resumed ? 'a' : 'w' });
    // The DOM and the Node declarations of ReadableStream differ in name only.
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, count, target, { ...(options.signal ? { signal: options.signal } : {}) });
  } catch (cause) {
    throw diskFault(part, cause) ?? failed(address, `ended after ${received} of ${total ?? 'unknown'} bytes`, cause);
  }
  if (total !== null && received !== total) throw failed(address, `ended after ${received} of ${total} bytes`);
}

async function pullFile(
  source: DatasetSource,
  address: string,
  directory: string,
  options: PullOptions,
  env: Environment,
): Promise<void> {
  const target = join(directory, source.file);
  const part = `${target}.part`;
  for (let attempt = 1; ; attempt++) {
    const resumed = (await sizeOf(part)) > 0;
    try {
      await receive(address, source.file, part, options);
      await checkFile(part, source, 'once', env);
      break;
    } catch (error) {
      if (options.signal?.aborted) {
        throw new EvalError(
          'CANCELLED',
          `${source.file}: download cancelled`,
          { field: source.file },
          { cause: error },
        );
      }
      if (!(error instanceof EvalError))
        throw diskFault(part, error) ?? failed(address, (error as Error).message, error);
      if (error.code === 'DATASET_CORRUPT') {
        await rm(part, { force: true });
        // A part that was left by another version of the file cannot be continued: one fresh start is fair.
        if (resumed && attempt < ATTEMPTS) continue;
        throw new EvalError('DATASET_CORRUPT', `${address} is not the pinned file. ${error.message}`, error.details, {
          cause: error,
        });
      }
      const interrupted = / ended after /.test(error.message);
      if (!interrupted || attempt >= ATTEMPTS) throw error;
    }
  }
  await rename(part, target);
}

async function present(path: string, source: DatasetSource, env: Environment): Promise<boolean> {
  return checkFile(path, source, 'fresh', env).then(
    () => true,
    () => false,
  );
}

/**
 * Downloads what is missing or damaged into TOUCHSTONE_HOME/data and returns the folder. A file appears under its name
 * only when size and SHA-256 are right; an interrupted download is continued, here and at the next call.
 * Throws LICENCE_NOT_ACCEPTED, DATASET_MISSING (no address), DOWNLOAD_FAILED (also for a full disk),
 * DATASET_CORRUPT (wrong content) or CANCELLED.
 */
export async function pullDataset(definition: DatasetDefinition, options: PullOptions): Promise<string> {
  const env = options.env ?? process.env;
  requireLicence(definition, options.acceptLicence);
  const directory = join(ownDataDirectory(env), definition.folder);
  const addresses = definition.sources.map((source) =>
    options.baseUrl ? new URL(source.file, options.baseUrl.replace(/\/?$/, '/')).href : source.url,
  );
  const unknown = definition.sources.find((_, i) => addresses[i] === undefined);
  if (unknown) {
    throw new EvalError(
      'DATASET_MISSING',
      `dataset ${definition.key}: ${unknown.file} has no public address. How to get it: ${definition.howToGet}`,
      { field: 'dataset', value: definition.key, allowed: definition.howToGet },
    );
  }
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw diskFault(directory, cause) ?? failed(directory, (cause as Error).message, cause);
  }
  for (const [i, source] of definition.sources.entries()) {
    if (await present(join(directory, source.file), source, env)) continue;
    await pullFile(source, addresses[i]!, directory, options, env);
  }
  return directory;
}

/**
 * Copies the dataset's files from `path` (a folder that holds them, or the one file of a single-file dataset) into
 * TOUCHSTONE_HOME/data, checked before they appear under their names; returns the folder.
 * Throws LICENCE_NOT_ACCEPTED, DATASET_MISSING (a file is not there), DATASET_CORRUPT, DOWNLOAD_FAILED (full disk).
 */
export async function importDataset(
  definition: DatasetDefinition,
  path: string,
  options: { readonly acceptLicence: boolean; readonly env?: Environment },
): Promise<string> {
  const env = options.env ?? process.env;
  requireLicence(definition, options.acceptLicence);
  const found = await stat(path).catch(() => null);
  const names = definition.sources.map((source) => source.file).join(', ');
  const absent = (what: string): EvalError =>
    new EvalError('DATASET_MISSING', `${what}; dataset ${definition.key} consists of ${names}`, {
      field: 'path',
      value: path,
      allowed: `a folder with ${names}`,
    });
  if (!found) throw absent(`${path} does not exist`);
  if (found.isFile() && definition.sources.length > 1) throw absent(`${path} is one file`);
  const directory = join(ownDataDirectory(env), definition.folder);
  await mkdir(directory, { recursive: true });
  const parts: { part: string; target: string }[] = [];
  try {
    for (const source of definition.sources) {
      const from = found.isFile() ? path : join(path, source.file);
      if (!(await stat(from).catch(() => null))) throw absent(`${from} does not exist`);
      const part = join(directory, `${basename(source.file)}.import-${process.pid}`);
      parts.push({ part, target: join(directory, source.file) });
      await copyFile(from, part);
      await checkFile(part, source, 'once', env);
    }
    for (const { part, target } of parts) await rename(part, target);
  } catch (error) {
    for (const { part } of parts) await rm(part, { force: true });
    throw diskFault(directory, error) ?? error;
  }
  return directory;
}
