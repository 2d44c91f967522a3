/** The operator decides that a board moves on to other labels; nothing else ever does. */
import { type Database, schema } from '@touchstone/db';
import { labelRevision, type Protocol, type Receipt } from '@touchstone/eval/meta';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Platform } from '../platform.js';
import { createRuns, newestGeneration, PRIORITY, type RunRow } from './enqueue.js';
import { recordEvent } from './events.js';
import { foreignRuns, shortRevision } from './labels.js';
import { recomputeEntries } from './summary.js';

export type Acceptance =
  | { readonly refused: 'NOT_FOUND' | 'WRONG_TRACK' | 'NOT_SCORED' | 'BENCHMARK_SUPERSEDED' | 'NO_COMMON_LABELS' }
  | { readonly refused: null; readonly benchmarkId: string; readonly queued: number };

/**
 * The labels behind a run become those of its board: rows of others keep their numbers, marked, and their kept files are scored
 * again. Accepting the same labels twice only queues what still stands on others, so a run that went to a worker with the old
 * labels is not repeated by itself.
 */
export async function acceptLabels(
  platform: Pick<Platform, 'db' | 'bus' | 'wakeDispatcher'>,
  runId: string,
  actorId: string,
): Promise<Acceptance> {
  const { benchmarks, entries, runs } = schema;
  const outcome = await platform.db.transaction(async (tx): Promise<Acceptance & { key?: string }> => {
    const [found] = await tx
      .select({ run: runs, benchmarkId: entries.benchmarkId })
      .from(runs)
      .innerJoin(entries, eq(entries.id, runs.entryId))
      .where(eq(runs.id, runId));
    if (!found) return { refused: 'NOT_FOUND' };
    const [board] = await tx.select().from(benchmarks).where(eq(benchmarks.id, found.benchmarkId)).for('no key update');
    const protocol = board!.protocol as Protocol;
    if (protocol.track !== 'predictions') return { refused: 'WRONG_TRACK' };
    if (!board!.current) return { refused: 'BENCHMARK_SUPERSEDED' };
    if (found.run.state !== 'SUCCEEDED' || !found.run.receipt) return { refused: 'NOT_SCORED' };
    const revision = labelRevision(protocol, found.run.receipt as Receipt);
    if (revision === null) return { refused: 'NO_COMMON_LABELS' };
    const before = board!.labelRevision;
    if (before !== revision) {
      await tx.update(benchmarks).set({ labelRevision: revision }).where(eq(benchmarks.id, board!.id));
      const old = before === null ? 'none' : shortRevision(before);
      const message = `${board!.key}@${board!.version}: labels ${shortRevision(revision)} replace ${old}`;
      await recordEvent(tx, { kind: 'SUPERSEDED', message, actorId, benchmarkId: board!.id });
    }
    const queued = await rescore(tx, board!, revision, actorId);
    return { refused: null, benchmarkId: board!.id, queued, key: board!.key };
  });
  if (outcome.refused === null) {
    platform.bus.publish('board', outcome.key!);
    platform.wakeDispatcher();
  }
  return outcome;
}

const BATCH = 200;

/** Queues a new generation of every row that stands on other labels and waits for nothing; recomputes the board. */
async function rescore(
  tx: Database,
  board: typeof schema.benchmarks.$inferSelect,
  revision: string,
  actorId: string,
): Promise<number> {
  const { entries, runs } = schema;
  const protocol = board.protocol as Protocol;
  const rows = await tx
    .select()
    .from(entries)
    .where(and(eq(entries.benchmarkId, board.id), eq(entries.claim, 'SUBMITTED'), isNull(entries.supersededBy)))
    .orderBy(entries.id)
    .for('no key update');
  let queued = 0;
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const ids = batch.map(({ id }) => id);
    const all = await tx.select().from(runs).where(inArray(runs.entryId, ids));
    const foreign = foreignRuns({ protocol, labelRevision: revision, current: true }, all);
    for (const entry of batch) {
      const own = all.filter((run) => run.entryId === entry.id);
      const theirs = own.map((run) => foreign.get(run.id)).find((digest) => digest !== undefined);
      const stands = own.some((run) => run.state === 'SUCCEEDED' && !foreign.has(run.id));
      if (theirs === undefined || stands || entry.withdrawn) continue;
      const reason = `labels ${shortRevision(revision)} replace ${shortRevision(theirs)}: its files are scored again`;
      await tx.update(entries).set({ supersededReason: reason }).where(eq(entries.id, entry.id));
      const about = { actorId, benchmarkId: board.id, entryId: entry.id };
      await recordEvent(tx, { kind: 'SUPERSEDED', message: `${entry.label}: ${reason}`, ...about });
      if (own.some(({ state }) => state === 'QUEUED' || state === 'RUNNING')) continue;
      const generation = (await newestGeneration(tx, entry.id)) + 1;
      const userId = own.find((run) => run.userId !== null)?.userId ?? null;
      const made = await createRuns(tx, {
        entryId: entry.id,
        seeds: protocol.seeds,
        userId,
        generation,
        priority: PRIORITY.rescoring,
      });
      await linkRuns(tx, entry.id, made);
      queued += made.length;
    }
    await recomputeEntries(tx, ids);
  }
  return queued;
}

/** Whoever sent the files sees the new runs among those of his submission. */
async function linkRuns(tx: Database, entryId: string, made: readonly RunRow[]): Promise<void> {
  const rows = JSON.stringify(made.map(({ id }) => id));
  await tx.execute(sql`
    insert into submission_runs (submission_id, run_id)
    select s.id, r.id::uuid from submissions s cross join json_array_elements_text(${rows}::json) as r(id)
    where s.entry_id = ${entryId}::uuid and s.withdrawn_at is null on conflict do nothing`);
}
