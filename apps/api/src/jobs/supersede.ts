/**
 * A changed metric or changed labels are a new version of a benchmark. The files that were kept for the old one are entered on the
 * new board and scored again; the old rows keep their numbers and say what took their place.
 */
import { type Database, schema } from '@touchstone/db';
import { benchmarkName, hashJson, type Protocol, type Variant } from '@touchstone/eval/meta';
import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { uuidv7 } from '../lib/uuid.js';
import type { Platform } from '../platform.js';
import { createRuns, newestGeneration, PRIORITY } from './enqueue.js';
import { type BenchmarkRow, type EntryRow, upsertEntry } from './entries.js';
import { recordEvent } from './events.js';
import { cancelRun } from './runs.js';
import { recomputeEntries } from './summary.js';

/** One server at a time does this: an arbitrary constant of ours. */
const SUPERSEDE_LOCK = 7_306_003;
const BATCH = 100;

const newer = alias(schema.benchmarks, 'newer');

interface Outdated {
  readonly entry: EntryRow;
  readonly from: BenchmarkRow;
  readonly to: BenchmarkRow;
}

/** Rows of closed boards whose files a newer version could score, in the order of their ids, after the given one. */
async function outdated(tx: Database, after: string | null): Promise<Outdated[]> {
  const { benchmarks, entries } = schema;
  return await tx
    .select({ entry: entries, from: benchmarks, to: newer })
    .from(entries)
    .innerJoin(benchmarks, eq(benchmarks.id, entries.benchmarkId))
    .innerJoin(
      newer,
      and(eq(newer.key, benchmarks.key), eq(newer.current, true), gt(newer.version, benchmarks.version)),
    )
    .where(
      and(
        eq(benchmarks.current, false),
        eq(entries.claim, 'SUBMITTED'),
        isNull(entries.supersededBy),
        eq(entries.withdrawn, false),
        sql`${newer.protocol}->>'track' = 'predictions'`,
        ...(after === null ? [] : [gt(entries.id, after)]),
      ),
    )
    .orderBy(asc(entries.id))
    .limit(BATCH)
    .for('no key update', { of: entries });
}

function reasonOf({ from, to }: Outdated): string {
  const labels = (row: BenchmarkRow) => hashJson((row.protocol as Protocol).datasets);
  const what = labels(from) === labels(to) ? 'metric version' : 'version with other labels';
  return `${what} ${to.version} replaces version ${from.version} of ${to.key}`;
}

const filesOf = ({ variant }: EntryRow): readonly string[] =>
  ((variant as Variant).predictions?.files ?? []).map(({ sha256 }) => sha256);

async function keptFiles(tx: Database, items: readonly Outdated[]): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(items.flatMap(({ entry }) => filesOf(entry)))];
  if (wanted.length === 0) return new Set();
  const { sha256 } = schema.blobs;
  const rows = await tx.select({ sha256 }).from(schema.blobs).where(inArray(sha256, wanted));
  return new Set(rows.map((row) => row.sha256));
}

/** Every live submission of the old row has a counterpart on the new one, by the same person. Returns who came first. */
async function moveSubmissions(tx: Database, { entry, to }: Outdated, entryId: string, generation: number) {
  const { submissions } = schema;
  const live = await tx
    .select()
    .from(submissions)
    .where(and(inArray(submissions.entryId, [entry.id, entryId]), isNull(submissions.withdrawnAt)))
    .orderBy(asc(submissions.id));
  const there = new Set(live.filter((row) => row.entryId === entryId).map((row) => row.userId));
  const made: string[] = [];
  for (const row of live) {
    if (row.entryId === entryId || there.has(row.userId)) continue;
    there.add(row.userId);
    const id = uuidv7();
    const input = { ...(row.input as object), benchmark: benchmarkName(to) };
    await tx.insert(submissions).values({ ...row, id, entryId, generation, input, createdAt: new Date() });
    made.push(id);
  }
  return { made, userId: live[0]?.userId ?? null };
}

async function enterAgain(tx: Database, item: Outdated): Promise<string> {
  const { entry, to } = item;
  const { division, variant, variantHash, label, source } = entry;
  const identity = { benchmark: to, claim: 'SUBMITTED', label, variantHash } as const;
  const next = await upsertEntry(tx, { ...identity, division: division as 'OPEN', variant: variant as Variant });
  if (source && !next.source) await tx.update(schema.entries).set({ source }).where(eq(schema.entries.id, next.id));
  const generation = Math.max(1, await newestGeneration(tx, next.id));
  const { made, userId } = await moveSubmissions(tx, item, next.id, generation);
  const { seeds } = to.protocol as Protocol;
  const runs = await createRuns(tx, { entryId: next.id, seeds, userId, generation, priority: PRIORITY.rescoring });
  const links = made.flatMap((submissionId) => runs.map((run) => ({ submissionId, runId: run.id })));
  if (links.length > 0) await tx.insert(schema.submissionRuns).values(links);
  await recordEvent(tx, {
    kind: 'RERUN',
    message: `${label}: scored again by ${benchmarkName(to)}`,
    benchmarkId: to.id,
    entryId: next.id,
  });
  return next.id;
}

async function replace(tx: Database, item: Outdated, kept: ReadonlySet<string>): Promise<string[]> {
  const { entry, from } = item;
  const files = filesOf(entry);
  const complete = files.length > 0 && files.every((sha256) => kept.has(sha256));
  const reason = complete ? reasonOf(item) : `${reasonOf(item)}; its files are no longer kept`;
  if (!complete && entry.supersededReason === reason) return [];
  const supersededBy = complete ? await enterAgain(tx, item) : null;
  await tx
    .update(schema.entries)
    .set({ supersededBy, supersededReason: reason })
    .where(eq(schema.entries.id, entry.id));
  await recordEvent(tx, {
    kind: 'SUPERSEDED',
    message: `${entry.label}: ${reason}`,
    benchmarkId: from.id,
    entryId: entry.id,
  });
  return supersededBy ? [entry.id, supersededBy] : [entry.id];
}

/**
 * What still waits for a closed board would wait for ever, and so would what still runs there once its worker is lost. Rows of
 * open boards that wait for other labels are superseded too, and left alone.
 */
async function cancelUnfinished(platform: Platform): Promise<void> {
  const { benchmarks, entries, runs } = schema;
  const unfinished = await platform.db
    .select({ id: runs.id })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(benchmarks, eq(benchmarks.id, entries.benchmarkId))
    .where(
      and(
        inArray(runs.state, ['QUEUED', 'RUNNING']),
        eq(benchmarks.current, false),
        isNotNull(entries.supersededReason),
      ),
    );
  for (const { id } of unfinished) await cancelRun(platform, id, null);
}

/**
 * Enters the kept files of every closed predictions board on its newest version. Each row is done once: what was done is marked in
 * the same transaction, so an interrupted start goes on at the next one. Returns how many rows were replaced.
 */
export async function supersedePredictions(platform: Platform): Promise<number> {
  let after: string | null = null;
  let replaced = 0;
  for (;;) {
    const { items, changed } = await platform.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${SUPERSEDE_LOCK}::bigint)`);
      const items: Outdated[] = await outdated(tx, after);
      const kept = await keptFiles(tx, items);
      const changed: string[] = [];
      for (const item of items) changed.push(...(await replace(tx, item, kept)));
      await recomputeEntries(tx, changed);
      return { items, changed };
    });
    replaced += items.filter(({ entry }) => changed.includes(entry.id)).length;
    for (const key of new Set(items.map(({ to }) => to.key))) platform.bus.publish('board', key);
    if (items.length < BATCH) break;
    after = items.at(-1)!.entry.id;
  }
  await cancelUnfinished(platform);
  if (replaced > 0) platform.wakeDispatcher();
  return replaced;
}
