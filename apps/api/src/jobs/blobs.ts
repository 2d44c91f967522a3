/** Content-addressed bytes in a folder: <folder>/ab/cdef…, named by SHA-256, written whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Database, schema } from '@touchstone/db';
import { sha256 } from '@touchstone/eval/meta';
import { eq, sql } from 'drizzle-orm';
import type { BlobStore } from '../platform.js';

export class BlobError extends Error {
  override readonly name = 'BlobError';
  constructor(
    readonly code: 'BLOB_MISSING' | 'BLOB_CORRUPT' | 'BLOB_REFUSED',
    message: string,
  ) {
    super(message);
  }
}

interface Announced {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes what comes as it comes. Throws BLOB_REFUSED for another length or hash than announced, and where the sender stops early. */
async function write(
  path: string,
  source: AsyncIterable<Uint8Array>,
  { bytes, sha256: hash }: Announced,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    const digest = createHash('sha256');
    let length = 0;
    for await (const chunk of received(source)) {
      length += chunk.byteLength;
      if (length > bytes) throw new BlobError('BLOB_REFUSED', `more than the announced ${bytes} bytes came`);
      digest.update(chunk);
      await file.writeFile(chunk);
    }
    if (length < bytes) throw new BlobError('BLOB_REFUSED', `${length} of the announced ${bytes} bytes came`);
    const found = digest.digest('hex');
    if (found !== hash)
      throw new BlobError('BLOB_REFUSED', `the content has the SHA-256 ${found}, announced was ${hash}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A connection that breaks is the sender's fault, not an error of ours. */
async function* received(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    throw new BlobError(
      'BLOB_REFUSED',
      `the content broke off: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** First of the two keys of the lock of one content: an arbitrary constant of ours. */
const BLOB_LOCK = 7_306_005;

const lengthOf = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => null))?.size;

/** Writes whole and to the disk, or not at all. */
async function writeDraft(draft: string, bytes: Uint8Array): Promise<void> {
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `put` throws the system's error (ENOSPC on a full disk) and leaves nothing; `get` throws BlobError. */
export function createBlobStore(folder: string, db: Database): BlobStore {
  const { blobs } = schema;
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2));
  /** File and row of one content come and go together. */
  const locked = <T>(hash: string, work: (tx: Database) => Promise<T>): Promise<T> =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${BLOB_LOCK}::int, hashtext(${hash}))`);
      return await work(tx);
    });
  const note = async (tx: Database, hash: string, size: number, kind: string): Promise<void> => {
    const createdAt = new Date();
    await tx
      .insert(blobs)
      .values({ sha256: hash, size, kind, createdAt })
      // Stored again is as good as new: what is about to name it has time to do so.
      .onConflictDoUpdate({ target: blobs.sha256, set: { createdAt } });
  };
  return {
    async put(bytes, kind) {
      const hash = sha256(bytes);
      const path = pathOf(hash);
      const draft = `${path}.${randomUUID()}`;
      await mkdir(dirname(path), { recursive: true });
      try {
        if ((await lengthOf(path)) !== bytes.byteLength) await writeDraft(draft, bytes);
        await locked(hash, async (tx) => {
          if ((await lengthOf(path)) !== bytes.byteLength) {
            // It was there a moment ago, and was removed since.
            if ((await lengthOf(draft)) === undefined) await writeDraft(draft, bytes);
            await rename(draft, path);
          }
          await note(tx, hash, bytes.byteLength, kind);
        });
      } finally {
        await rm(draft, { force: true });
      }
      return hash;
    },
    async receive(source, announced, kind) {
      const { sha256: hash, bytes } = announced;
      const path = pathOf(hash);
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${randomUUID()}`;
      try {
        await write(draft, source, announced);
        await locked(hash, async (tx) => {
          await rename(draft, path);
          await note(tx, hash, bytes, kind);
        });
      } finally {
        await rm(draft, { force: true });
      }
    },
    async discard(hash, isUnneeded) {
      return await locked(hash, async (tx) => {
        if (!(await isUnneeded(tx))) return false;
        await tx.delete(blobs).where(eq(blobs.sha256, hash));
        await rm(pathOf(hash), { force: true });
        return true;
      });
    },
    async open(hash) {
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new BlobError('BLOB_MISSING', `${hash} is no SHA-256`);
      const { size } = await stat(pathOf(hash)).catch(() => {
        throw new BlobError('BLOB_MISSING', `blob ${hash} is not in the store`);
      });
      return { bytes: size, content: createReadStream(pathOf(hash)) };
    },
    async get(hash) {
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new BlobError('BLOB_MISSING', `${hash} is no SHA-256`);
      const bytes = await readFile(pathOf(hash)).catch(() => {
        throw new BlobError('BLOB_MISSING', `blob ${hash} is not in the store`);
      });
      if (sha256(bytes) !== hash)
        throw new BlobError('BLOB_CORRUPT', `blob ${hash} does not have the content of its name`);
      return new Uint8Array(bytes);
    },
  };
}
