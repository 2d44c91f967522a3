/** What was sent and never used is removed: announcements that lapsed, files that no submission named, drafts of a broken transfer. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, schema } from '@touchstone/db';
import { and, inArray, lt, ne, or, sql, type SQL } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import type { Platform } from '../platform.js';

const HOUR_MS = 60 * 60_000;
/** From the announcement on, a file has so long to be named by a submission. */
export const NAMED_WITHIN_MS = 24 * HOUR_MS;
/** Between two rounds. */
const ROUND_MS = HOUR_MS;
const BATCH = 200;

export interface Cleared {
  readonly uploads: number;
  readonly blobs: number;
  readonly drafts: number;
}

/** SHA-256 of every file that some row of a board is made from, whatever became of its submission. */
const named = sql`select f->>'sha256' from entries e,
  jsonb_array_elements(case when jsonb_typeof(e.variant->'predictions'->'files') = 'array' then e.variant->'predictions'->'files' else '[]' end) f where f ? 'sha256'`;

/** Announcements that nobody can use any more, and files that were never named. */
async function clearUploads(db: Database, now: number): Promise<number> {
  const { uploads } = schema;
  const over = new Date(now - NAMED_WITHIN_MS);
  const lapsed = and(
    lt(uploads.createdAt, over),
    or(ne(uploads.state, 'STORED'), sql`${uploads.sha256} not in (${named})`),
  );
  let count = 0;
  for (;;) {
    const gone = await db.transaction(async (tx) => {
      // Those that a submission is about to name are passed over; the condition is then looked at again.
      const free = await tx
        .select({ id: uploads.id })
        .from(uploads)
        .where(lapsed)
        .limit(BATCH)
        .for('update', { skipLocked: true });
      if (free.length === 0) return 0;
      const ids = free.map(({ id }) => id);
      const removed = await tx
        .delete(uploads)
        .where(and(inArray(uploads.id, ids), lapsed))
        .returning({ id: uploads.id });
      return removed.length;
    });
    count += gone;
    if (gone < BATCH) return count;
  }
}

/** Nothing stored names the bytes, nobody stored them lately, and nobody is about to send them. */
function unneeded(hash: SQL, before: Date): SQL {
  return sql`b.sha256 = ${hash} and b.kind = 'predictions' and b.created_at < ${before.toISOString()}::timestamptz
    and b.sha256 not in (${named})
    and not exists (select 1 from uploads u where u.sha256 = b.sha256)
    and not exists (select 1 from outcomes o where o.blob = b.sha256)
    and not exists (select 1 from runs r where r.unit_blob = b.sha256)`;
}

async function clearBlobs({ db, blobs }: Pick<Platform, 'db' | 'blobs'>, now: number): Promise<number> {
  const before = new Date(now - HOUR_MS);
  const candidates = await rowsOf<{ sha256: string }>(
    db,
    sql`select b.sha256 from blobs b where ${unneeded(sql`b.sha256`, before)}`,
  );
  let count = 0;
  for (const { sha256 } of candidates) {
    const isUnneeded = async (tx: Database) =>
      (await rowsOf(tx, sql`select 1 from blobs b where ${unneeded(sql`${sha256}`, before)}`)).length > 0;
    if (await blobs.discard(sha256, isUnneeded)) count++;
  }
  return count;
}

/** A process that was killed while it took a file in leaves a draft, named like the content with a suffix. */
async function clearDrafts(folder: string, now: number): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  let count = 0;
  for (const name of names) {
    if (!/[/\\][0-9a-f]{62}\.[0-9a-f-]{36}$/.test(name)) continue;
    const path = join(folder, name);
    const state = await stat(path).catch(() => null);
    if (!state || now - state.mtimeMs < NAMED_WITHIN_MS) continue;
    await rm(path, { force: true });
    count++;
  }
  return count;
}

/** One round. `now` is for tests. Safe beside submissions, uploads and other servers of the database. */
export async function clearAway(
  platform: Pick<Platform, 'db' | 'blobs' | 'config'>,
  now = Date.now(),
): Promise<Cleared> {
  const uploads = await clearUploads(platform.db, now);
  const blobs = await clearBlobs(platform, now);
  return { uploads, blobs, drafts: await clearDrafts(join(platform.config.home, 'blobs'), now) };
}

export interface Housekeeping {
  /** Waits for the round that is under way. */
  stop(): Promise<void>;
}

/** A round at once, then one every hour. */
export function startHousekeeping(platform: Pick<Platform, 'db' | 'blobs' | 'config' | 'log'>): Housekeeping {
  let working: Promise<void> = Promise.resolve();
  const round = (): void => {
    working = working
      .then(() => clearAway(platform))
      .then(({ uploads, blobs, drafts }) => {
        if (uploads + blobs + drafts > 0) platform.log.info({ uploads, blobs, drafts }, 'housekeeping: cleared away');
      })
      .catch((error: unknown) => platform.log.warn({ err: error }, 'housekeeping: a round failed'));
  };
  round();
  const timer = setInterval(round, ROUND_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
