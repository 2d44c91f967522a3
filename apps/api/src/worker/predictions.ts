/** A run that scores files: they are fetched from the server into a folder of their own, then a child reads them there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ForkedRun, type ForkFailure, type ForkOptions, type ForkOutcome, forkRun } from '@touchstone/eval';
import { persist, ServerAway, type WorkerClient } from './client.js';
import type { ClaimedRun } from './protocol.js';

export interface Source {
  readonly client: WorkerClient;
  readonly workerId: string;
}

class FileDiffers extends Error {}

async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

/** Forks the child when the files are there. Cancelled before that, it forks none. */
export function forkPredictions(claimed: ClaimedRun, source: Source, options: ForkOptions): ForkedRun {
  const ending = new AbortController();
  let inner: ForkedRun | undefined;

  const fetchFiles = async (folder: string): Promise<string[]> => {
    const paths: string[] = [];
    for (const [file, { name, sha256 }] of claimed.request.variant.predictions!.files.entries()) {
      // Two files may have one name, and the name is what messages say.
      await mkdir(join(folder, String(file)));
      const path = join(folder, String(file), name);
      const body = { attempt: claimed.attempt, file };
      await persist(() => source.client.file(source.workerId, claimed.id, body, path, ending.signal), ending.signal);
      const found = await hashOf(path);
      if (found !== sha256) throw new FileDiffers(`${name}: the server sent content with the SHA-256 ${found}`);
      paths.push(path);
    }
    return paths;
  };

  const failed = (error: unknown): ForkFailure => {
    if (ending.signal.aborted) return { reason: 'CANCELLED_BY_USER', message: 'cancelled', lastLogLines: [] };
    const message = error instanceof Error ? error.message : String(error);
    const reason = error instanceof ServerAway ? 'WORKER_LOST' : 'INTERNAL';
    return { reason, message: `the files could not be fetched: ${message}`, lastLogLines: [] };
  };

  const run = async (): Promise<ForkOutcome> => {
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(tmpdir(), 'touchstone-predictions-'));
      const files = await fetchFiles(folder);
      ending.signal.throwIfAborted();
      inner = forkRun(claimed.request, { ...options, files });
      return await inner.promise;
    } catch (error) {
      return { failure: failed(error) };
    } finally {
      if (folder) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  };

  return {
    promise: run(),
    get pid() {
      return inner?.pid;
    },
    cancel() {
      ending.abort();
      inner?.cancel();
    },
  };
}
