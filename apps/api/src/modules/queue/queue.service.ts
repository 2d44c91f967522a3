/** The queue and its workers, for everybody to see. */
import { schema } from '@touchstone/db';
import { desc, inArray, sql } from 'drizzle-orm';
import { lastClaimAt, nextRuns } from '../../jobs/queue-state.js';
import type { Context } from '../../lib/context.js';
import { make } from '../../lib/make.js';
import { rowsOf } from '../../lib/sql.js';
import type { Run } from '../run/run.type.js';
import { Worker, type Queue, type WorkerRow } from './queue.type.js';

export const toWorker = (row: WorkerRow): Worker => make(Worker, { row });

const SHOWN = 20;

export async function queueState(ctx: Context): Promise<Queue> {
  const { db } = ctx.platform;
  const [counts] = await rowsOf<{ queued: number; running: number }>(
    db,
    sql`select (count(*) filter (where state = 'QUEUED'))::int as queued, (count(*) filter (where state = 'RUNNING'))::int as running
      from runs where state in ('QUEUED', 'RUNNING')`,
  );
  const { queued, running } = counts ?? { queued: 0, running: 0 };
  const known = await db.select().from(schema.workers).orderBy(desc(schema.workers.lastSeenAt)).limit(100);
  // A worker that began anew under its name is one worker to a reader.
  const workers = [...new Map(known.toReversed().map((row) => [row.name, row])).values()].toReversed().map(toWorker);
  const next = (await ctx.loaders.run.byId.loadMany(await nextRuns(db, SHOWN))).filter(
    (run): run is Run => run !== null && !(run instanceof Error),
  );
  const claimed = await lastClaimAt(db);
  return { queued, running, workers, next, lastClaimAt: claimed, message: describe(queued, running, workers, claimed) };
}

function describe(queued: number, running: number, workers: readonly Worker[], claimed: Date | null): string {
  const online = workers.filter((worker) => worker.state === 'ONLINE');
  const willing = online.filter((worker) => worker.refusal === null);
  if (queued === 0) return running === 0 ? 'Nothing waits.' : 'Nothing waits; every run has a worker.';
  const since = claimed ? `since ${claimed.toISOString()}` : 'yet';
  if (online.length === 0) return `No worker is online; no run was taken ${since}.`;
  if (willing.length === 0) return `No worker takes runs: ${online[0]!.refusal}`;
  return `${queued} wait for ${willing.length} worker${willing.length === 1 ? '' : 's'}.`;
}

export async function findWorkers(ctx: Context, ids: readonly string[]): Promise<Worker[]> {
  return (
    await ctx.platform.db
      .select()
      .from(schema.workers)
      .where(inArray(schema.workers.id, [...ids]))
  ).map(toWorker);
}
