/** What a submitter may know of the queue: his place in it, and why nobody takes his run. */
import { type Database, schema } from '@touchstone/db';
import type { RegistryHashes } from '@touchstone/eval/meta';
import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import type { Abilities } from './requirements.js';

export type WorkerRow = typeof schema.workers.$inferSelect;

/** Without a sign of life for so long a worker counts as gone and its runs are queued again. */
export const WORKER_SILENCE_MS = 15_000;

export type OnlineWorker = Abilities & Pick<WorkerRow, 'id' | 'name' | 'capacity' | 'refusal'>;

export async function onlineWorkers(db: Database): Promise<OnlineWorker[]> {
  const rows = await db.select().from(schema.workers).where(eq(schema.workers.state, 'ONLINE'));
  return rows.map((row) => ({ ...row, registry: row.registry as RegistryHashes }));
}

/** When a worker that is gone was last heard of; null when there never was one. */
export async function lastWorkerSeen(db: Database): Promise<Date | null> {
  const [row] = await db
    .select({ at: schema.workers.lastSeenAt })
    .from(schema.workers)
    .where(ne(schema.workers.state, 'ONLINE'))
    .orderBy(desc(schema.workers.lastSeenAt))
    .limit(1);
  return row?.at ?? null;
}

/**
 * The queue's order: people before the demonstration; then everybody's first run, everybody's second, and so on, counting
 * the runs that a user has running as his first ones.
 */
const ordered = sql`
  select r.id, row_number() over (order by r.priority, r.turn, r.id) as position
  from (
    select q.id, q.priority, row_number() over (partition by q.user_id order by q.priority, q.id)
      + coalesce((select count(*) from runs a where a.state = 'RUNNING' and a.user_id is not distinct from q.user_id), 0) as turn
    from runs q where q.state = 'QUEUED'
  ) r`;

/** 1 for the run that is claimed next; null when the run does not wait. */
export async function queuePosition(db: Database, runId: string): Promise<number | null> {
  const [row] = await rowsOf<{ position: string | number }>(
    db,
    sql`select position from (${ordered}) o where o.id = ${runId}::uuid`,
  );
  return row ? Number(row.position) : null;
}

/** Place that a new run of this user would get. */
export async function nextQueuePosition(db: Database, userId: string | null): Promise<number> {
  const [row] = await rowsOf<{ ahead: string | number }>(
    db,
    sql`
    with mine as (select count(*) as n from runs where state in ('QUEUED', 'RUNNING') and priority = 0 and user_id is not distinct from ${userId}::uuid)
    select count(*) as ahead from (
      select row_number() over (partition by user_id order by id) as turn from runs where state = 'QUEUED' and priority = 0
    ) q, mine where q.turn <= mine.n + 1`,
  );
  return Number(row?.ahead ?? 0) + 1;
}

/** Ids of the runs that are claimed next, in order. */
export async function nextRuns(db: Database, limit: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(db, sql`select id from (${ordered}) o order by position limit ${limit}`);
  return rows.map((row) => row.id);
}

/** When a worker last took a run. */
export async function lastClaimAt(db: Database): Promise<Date | null> {
  const [row] = await db
    .select({ at: schema.runs.startedAt })
    .from(schema.runs)
    .where(and(eq(schema.runs.shipped, false), sql`${schema.runs.startedAt} is not null`))
    .orderBy(desc(schema.runs.startedAt))
    .limit(1);
  return row?.at ?? null;
}
