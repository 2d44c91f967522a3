/** Cancelling, requeueing and giving up: every way in which a run changes state without a result. */
import { type Database, schema } from '@touchstone/db';
import type { RunReason } from '@touchstone/eval/meta';
import { and, eq } from 'drizzle-orm';
import type { Platform } from '../platform.js';
import type { RunRow } from './enqueue.js';
import { recordEvent } from './events.js';
import { recomputeEntry } from './summary.js';

/** Reasons that another attempt may not have: the machine or the process failed, not the variant. */
const RETRYABLE: ReadonlySet<RunReason> = new Set<RunReason>([
  'CRASHED',
  'WORKER_LOST',
  'DATASET_MISSING',
  'DATASET_CORRUPT',
  'BACKEND_MISSING',
  'REGISTRY_MISMATCH',
  'INTERNAL',
]);

export async function lockRun(tx: Database, runId: string): Promise<RunRow | null> {
  const [run] = await tx.select().from(schema.runs).where(eq(schema.runs.id, runId)).for('update');
  return run ?? null;
}

/** Key of the benchmark that a run belongs to, for the bus. */
async function boardOf(tx: Database, entryId: string): Promise<{ benchmarkId: string; key: string }> {
  const [row] = await tx
    .select({ benchmarkId: schema.benchmarks.id, key: schema.benchmarks.key })
    .from(schema.entries)
    .innerJoin(schema.benchmarks, eq(schema.benchmarks.id, schema.entries.benchmarkId))
    .where(eq(schema.entries.id, entryId));
  if (!row) throw new Error(`entry ${entryId} has no benchmark`);
  return row;
}

const FREE = { workerId: null, leaseUntil: null, dispatchedAt: null, waitingReason: null } as const;

export interface Ended {
  readonly run: RunRow;
  readonly board: string;
}

async function end(
  tx: Database,
  run: RunRow,
  state: 'FAILED' | 'CANCELLED',
  reason: RunReason,
  message: string,
  actorId: string | null,
): Promise<Ended> {
  const [ended] = await tx
    .update(schema.runs)
    .set({ ...FREE, state, reason, message, finishedAt: new Date(), cancelRequested: state === 'CANCELLED' })
    .where(eq(schema.runs.id, run.id))
    .returning();
  const board = await boardOf(tx, run.entryId);
  await recordEvent(tx, {
    kind: state === 'FAILED' ? 'RUN_FAILED' : 'RUN_CANCELLED',
    message: `seed ${run.seed}: ${message}`,
    actorId,
    benchmarkId: board.benchmarkId,
    entryId: run.entryId,
    runId: run.id,
  });
  await recomputeEntry(tx, run.entryId);
  return { run: ended!, board: board.key };
}

/** Back into the queue. `spent`: the attempt counts; handed back by a worker that drains, it does not. */
async function requeue(tx: Database, run: RunRow, message: string, spent: boolean): Promise<Ended> {
  const [queued] = await tx
    .update(schema.runs)
    .set({
      ...FREE,
      state: 'QUEUED',
      message,
      progress: null,
      startedAt: null,
      ...(spent ? {} : { maxAttempts: run.maxAttempts + 1 }),
    })
    .where(eq(schema.runs.id, run.id))
    .returning();
  const board = await boardOf(tx, run.entryId);
  await recordEvent(tx, {
    kind: 'RUN_REQUEUED',
    message: `seed ${run.seed}, attempt ${run.attempt} of ${run.maxAttempts}: ${message}`,
    benchmarkId: board.benchmarkId,
    entryId: run.entryId,
    runId: run.id,
  });
  await recomputeEntry(tx, run.entryId);
  return { run: queued!, board: board.key };
}

/**
 * What becomes of a locked RUNNING run whose attempt ended without a result: cancelled if that was asked for, requeued
 * while the reason may pass and attempts are left, else failed with the reason for good.
 */
export async function endAttempt(tx: Database, run: RunRow, reason: RunReason, message: string): Promise<Ended> {
  if (run.cancelRequested || reason === 'CANCELLED_BY_USER')
    return await end(tx, run, 'CANCELLED', 'CANCELLED_BY_USER', 'cancelled while it ran', null);
  if (!RETRYABLE.has(reason)) return await end(tx, run, 'FAILED', reason, message, null);
  if (run.attempt < run.maxAttempts) return await requeue(tx, run, `${reason}: ${message}; queued again`, true);
  const spent = `${message} (attempt ${run.attempt} of ${run.maxAttempts}, none is left)`;
  return await end(tx, run, 'FAILED', reason, spent, null);
}

/** A worker that drains hands a run back; no attempt is charged. */
export async function handBack(tx: Database, run: RunRow, message: string): Promise<Ended> {
  if (run.cancelRequested) return await endAttempt(tx, run, 'CANCELLED_BY_USER', message);
  return await requeue(tx, run, message, false);
}

/** Tells subscribers and the dispatcher, after the transaction has committed. */
export function announce(platform: Pick<Platform, 'bus' | 'wakeDispatcher'>, ended: Ended): void {
  platform.bus.publish('run', ended.run.id);
  platform.bus.publish('board', ended.board);
  platform.wakeDispatcher();
}

/**
 * Cancels a run: a queued one at once, a running one as soon as its worker hears of it (under a second). Ended runs are
 * left as they are. Returns the run as it is then; null when there is none. Whether the actor may is the caller's matter.
 */
export async function cancelRun(platform: Platform, runId: string, actorId: string | null): Promise<RunRow | null> {
  const outcome = await platform.db.transaction(async (tx): Promise<Ended | RunRow | null> => {
    const run = await lockRun(tx, runId);
    if (!run) return null;
    if (run.state === 'QUEUED') return await end(tx, run, 'CANCELLED', 'CANCELLED_BY_USER', 'cancelled', actorId);
    if (run.state !== 'RUNNING') return run;
    const [marked] = await tx
      .update(schema.runs)
      .set({ cancelRequested: true })
      .where(and(eq(schema.runs.id, runId)))
      .returning();
    return marked ?? null;
  });
  if (!outcome) return null;
  if ('board' in outcome) {
    announce(platform, outcome);
    return outcome.run;
  }
  platform.bus.publish('run', outcome.id);
  return outcome;
}
