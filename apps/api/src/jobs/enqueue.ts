/** Puts runs into the queue: a row in state QUEUED is all there is to it, and it commits with whatever asked for it. */
import { type Database, schema } from '@touchstone/db';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import { uuidv7 } from '../lib/uuid.js';

export type RunRow = typeof schema.runs.$inferSelect;

/** Attempts before a run that keeps losing its worker or its process is given up. */
export const MAX_ATTEMPTS = 3;
/** Lower runs first. */
export const PRIORITY = { people: 0, rescoring: 5, demonstration: 10 } as const;

export interface RunsOrder {
  readonly entryId: string;
  readonly seeds: readonly number[];
  /** Who is charged in the queue; null for the system itself. */
  readonly userId: string | null;
  readonly generation: number;
  readonly priority?: number;
}

/** The newest generation of an entry's runs; 0 when it has none. */
export async function newestGeneration(tx: Database, entryId: string): Promise<number> {
  const [row] = await tx
    .select({ newest: max(schema.runs.generation) })
    .from(schema.runs)
    .where(eq(schema.runs.entryId, entryId));
  return row?.newest ?? 0;
}

/**
 * One run a seed, in the order of `seeds`. Runs that exist are reused as they are, except that a cancelled one is queued
 * again, and a waiting one of the demonstration takes the priority and the name of the person who now asks for it.
 */
export async function createRuns(tx: Database, order: RunsOrder): Promise<RunRow[]> {
  const { entryId, seeds, userId, generation, priority = PRIORITY.people } = order;
  const { runs } = schema;
  if (seeds.length === 0) return [];
  const rows = seeds.map((seed) => ({ id: uuidv7(), seed }));
  await tx.execute(sql`
    insert into runs (id, entry_id, user_id, seed, generation, state, max_attempts, priority, created_at)
    select r.id, ${entryId}::uuid, ${userId}::uuid, r.seed, ${generation}::int, 'QUEUED', ${MAX_ATTEMPTS}::int,
      ${priority}::int, ${new Date().toISOString()}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, seed int)
    on conflict (entry_id, seed, generation) do nothing`);
  const mine = and(eq(runs.entryId, entryId), eq(runs.generation, generation), inArray(runs.seed, [...seeds]));
  await tx
    .update(runs)
    .set({
      state: 'QUEUED',
      reason: null,
      message: null,
      cancelRequested: false,
      maxAttempts: sql`${runs.attempt} + ${MAX_ATTEMPTS}`,
      priority,
      userId,
      workerId: null,
      leaseUntil: null,
      progress: null,
      startedAt: null,
      finishedAt: null,
    })
    .where(and(mine, eq(runs.state, 'CANCELLED')));
  await tx
    .update(runs)
    .set({ priority, userId })
    .where(and(mine, eq(runs.state, 'QUEUED'), sql`${runs.priority} > ${priority}`));
  const found = await tx.select().from(runs).where(mine);
  const bySeed = new Map(found.map((run) => [run.seed, run]));
  return seeds.map((seed) => bySeed.get(seed)!);
}
