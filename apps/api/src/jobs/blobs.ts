/** Content-addressed bytes in a folder: <folder>/ab/cdef…, named by SHA-256, written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Database, schema } from '@touchstone/db';
import { sha256 } from '@touchstone/eval/meta';
import type { BlobStore } from '../platform.js';

export class BlobError extends Error {
  override readonly name = 'BlobError';
  constructor(
    readonly code: 'BLOB_MISSING' | 'BLOB_CORRUPT',
    message: string,
  ) {
    super(message);
  }
}

/** `put` throws the system's error (ENOSPC on a full disk) and leaves nothing; `get` throws BlobError. */
export function createBlobStore(folder: string, db: Database): BlobStore {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2));
  return {
    async put(bytes, kind) {
      const hash = sha256(bytes);
      const path = pathOf(hash);
      const known = await stat(path).catch(() => null);
      if (known?.size !== bytes.byteLength) {
        await mkdir(dirname(path), { recursive: true });
        const draft = `${path}.${randomUUID()}`;
        try {
          const file = await open(draft, 'wx', 0o600);
          try {
            await file.writeFile(bytes);
            await file.sync();
          } finally {
            await file.close();
          }
          await rename(draft, path);
        } catch (error) {
          await rm(draft, { force: true });
          throw error;
        }
      }
      await db
        .insert(schema.blobs)
        .values({ sha256: hash, size: bytes.byteLength, kind, createdAt: new Date() })
        .onConflictDoNothing();
      return hash;
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
