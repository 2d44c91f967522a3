/** Content-addressed bytes: once under one name, whole or not at all, also on a full disk. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '@touchstone/db';
import { sha256 } from '@touchstone/eval/meta';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlobStore } from '../../apps/api/src/jobs/blobs.js';
import { isStorageFull } from '../../apps/api/src/worker/router.js';
import { type Installation, openInstallation } from './installation.js';

let installation: Installation;
const folder = mkdtempSync(join(tmpdir(), 'touchstone-blobs-'));
beforeAll(async () => {
  installation = await openInstallation(null);
});
afterAll(async () => {
  await installation?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const files = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('the blob store', () => {
  it('names bytes by their hash, keeps them once, and notices a change', async () => {
    const store = createBlobStore(folder, installation.platform.db);
    const bytes = new TextEncoder().encode('outcomes');
    const hash = await store.put(bytes, 'outcomes');
    expect(hash).toBe(sha256(bytes));
    expect(await store.put(bytes, 'outcomes')).toBe(hash);
    expect(files(folder)).toHaveLength(1);
    expect(await store.get(hash)).toEqual(bytes);
    expect(await installation.platform.db.select().from(schema.blobs)).toMatchObject([
      { sha256: hash, size: 8, kind: 'outcomes' },
    ]);
    writeFileSync(join(folder, hash.slice(0, 2), hash.slice(2)), 'tampered');
    await expect(store.get(hash)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
    await expect(store.get('0'.repeat(64))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    await expect(store.get('../../etc/passwd')).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });

  it('leaves nothing behind on a full disk, and works again when there is room', async (test) => {
    const small = mkdtempSync(join(tmpdir(), 'touchstone-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      console.warn('skipped: a small disk to fill cannot be mounted by this user');
      rmSync(small, { recursive: true });
      return test.skip();
    }
    try {
      const store = createBlobStore(small, installation.platform.db);
      const large = new Uint8Array(256 * 1024).fill(7);
      const failure = await store.put(large, 'outcomes').then(
        () => null,
        (error: unknown) => error,
      );
      expect(isStorageFull(failure)).toBe(true);
      expect(files(small)).toEqual([]);
      const fits = new Uint8Array(1024).fill(8);
      expect(await store.get(await store.put(fits, 'outcomes'))).toEqual(fits);
    } finally {
      execFileSync('umount', [small]);
      rmSync(small, { recursive: true });
    }
  });
});
