/**
 * Per-example outcomes and sketches of the reference results into database and blob store, once a release: after the server is
 * there, file by file, since a start must not wait for it.
 */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { type Database, schema } from '@touchstone/db';
import {
  decodeShippedOutcomes,
  hashJson,
  type ShippedFile,
  shippedOutcomeFiles,
  shippedUnits,
  sha256,
} from '@touchstone/eval/meta';
import { decodeSketch } from '@touchstone/eval/statistics';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Platform } from '../platform.js';
import { recomputeEntries } from './summary.js';

const KEY = 'shipped-outcomes';
const deflated = promisify(deflate);

interface Target {
  readonly id: string;
  readonly entryId: string;
}

interface Stored extends Target {
  readonly key: string;
  readonly units: number;
  readonly blob: string;
  readonly sketch: Uint8Array;
}

async function shippedRuns(db: Database): Promise<Map<string, Target>> {
  const { runs } = schema;
  const rows = await db
    .select({ id: runs.id, entryId: runs.entryId, digest: runs.receiptDigest })
    .from(runs)
    .where(eq(runs.shipped, true));
  return new Map(rows.flatMap(({ digest, ...target }) => (digest ? [[digest, target] as const] : [])));
}

/** Outcomes of the file's runs in the blob store; runs whose receipt is not in the database are left out. */
async function putOutcomes(
  { blobs }: Pick<Platform, 'blobs'>,
  file: ShippedFile,
  bytes: Uint8Array,
  targets: ReadonlyMap<string, Target>,
): Promise<Stored[]> {
  const stored: Stored[] = [];
  const { key, runs } = decodeShippedOutcomes(bytes, file.path);
  for (const { digest, outcomes, sketch } of runs) {
    const target = targets.get(digest);
    if (!target) continue;
    const content = await deflated(new Uint8Array(outcomes.buffer));
    const blob = await blobs.put(new Uint8Array(content), 'outcomes');
    stored.push({ ...target, key, units: outcomes.length, blob, sketch });
  }
  return stored;
}

async function store(tx: Database, stored: readonly Stored[], unitBlob: string | null): Promise<void> {
  const outcomes = stored.map(({ id, key, units, blob }) => ({ runId: id, key, units, blob }));
  await tx
    .insert(schema.outcomes)
    .values(outcomes)
    .onConflictDoUpdate({
      target: [schema.outcomes.runId, schema.outcomes.key],
      set: { units: sql`excluded.units`, blob: sql`excluded.blob` },
    });
  const sketches = stored.map(({ id, key, sketch }) => ({ runId: id, key, units: decodeSketch(sketch).units, sketch }));
  await tx
    .insert(schema.sketches)
    .values(sketches)
    .onConflictDoUpdate({
      target: [schema.sketches.runId, schema.sketches.key],
      set: { units: sql`excluded.units`, sketch: sql`excluded.sketch` },
    });
  await tx
    .update(schema.runs)
    .set({ unitBlob })
    .where(
      inArray(
        schema.runs.id,
        stored.map(({ id }) => id),
      ),
    );
  await recomputeEntries(
    tx,
    stored.map(({ entryId }) => entryId),
  );
}

/**
 * Brings outcomes and sketches of shipped runs up to the release; what was done is remembered, so that doing it again reads the files
 * and no more. Returns the number of runs that were stored. Aborting ends it between two files; the next call begins anew.
 */
export async function syncShippedOutcomes(
  platform: Pick<Platform, 'db' | 'blobs' | 'bus'>,
  signal?: AbortSignal,
  files: readonly ShippedFile[] = shippedOutcomeFiles(),
): Promise<number> {
  const { db, blobs, bus } = platform;
  const targets = await shippedRuns(db);
  const contents: Uint8Array[] = [];
  for (const { path } of files) contents.push(new Uint8Array(await readFile(path)));
  const state = hashJson([contents.map((bytes) => sha256(bytes)), [...targets.keys()].sort()]);
  const [known] = await db.select().from(schema.settings).where(eq(schema.settings.key, KEY));
  if (known?.value === state) return 0;
  const unitBlobs = new Map<string, string | null>();
  let count = 0;
  for (const [i, file] of files.entries()) {
    if (signal?.aborted) return count;
    if (!unitBlobs.has(file.benchmark)) {
      const units = shippedUnits(file.benchmark);
      const bytes = units && new TextEncoder().encode(JSON.stringify({ names: units.names, groups: units.groups }));
      unitBlobs.set(file.benchmark, bytes && (await blobs.put(bytes, 'units')));
    }
    const stored = await putOutcomes(platform, file, contents[i]!, targets);
    if (stored.length === 0) continue;
    await db.transaction((tx) => store(tx, stored, unitBlobs.get(file.benchmark) ?? null));
    bus.publish('board', file.benchmark.split('@')[0]!);
    count += stored.length;
  }
  await db
    .insert(schema.settings)
    .values({ key: KEY, value: state })
    .onConflictDoUpdate({ target: schema.settings.key, set: { value: state } });
  return count;
}
