/**
 * Which run a worker gets next. A claim reads the runs table itself, under one lock, so there is no second queue that
 * could disagree with it.
 */
import { type Database, schema } from '@touchstone/db';
import type { RunRequest, TuningRecord, Variant } from '@touchstone/eval/meta';
import { benchmarkName, shippedTuning } from '@touchstone/eval/meta';
import { and, eq, sql } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import type { RunRow } from './enqueue.js';
import { type Abilities, lackOf, requirementsOfEntries } from './requirements.js';

/** A worker that is silent for so long has lost its runs. */
export const LEASE_MS = 15_000;
/** One claim at a time over all servers of a database: an arbitrary constant of ours. */
const CLAIM_LOCK = 7_306_002;

export interface Claimed {
  readonly run: RunRow;
  readonly board: string;
  readonly request: RunRequest;
  readonly tuning: TuningRecord | null;
}

/** When each user was last given a run, in this process: among equals the one served longest ago comes first. */
export type LastServed = Map<string, number>;

export const leaseFromNow = (): Date => new Date(Date.now() + LEASE_MS);

/**
 * Marks the next run as running on this worker, or returns null when it can take none. People come before the
 * demonstration; then whoever has the fewest runs running, then whoever was served longest ago; a user's own runs go in
 * the order in which he sent them. `userLimit` bounds the runs of one user that run at once.
 */
export async function claimRun(
  db: Database,
  worker: Abilities & { readonly id: string },
  lastServed: LastServed,
  userLimit: number,
): Promise<Claimed | null> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${CLAIM_LOCK}::bigint)`);
    const waiting = await rowsOf<{ entry_id: string }>(
      tx,
      sql`select distinct entry_id from runs where state = 'QUEUED'`,
    );
    const needs = await requirementsOfEntries(
      tx,
      waiting.map((row) => row.entry_id),
    );
    const eligible = [...needs].flatMap(([id, need]) => (lackOf(need, worker) === null ? [id] : []));
    if (eligible.length === 0) return null;
    const candidates = await rowsOf<{ id: string; user_id: string | null; priority: number; running: string | number }>(
      tx,
      sql`
      select q.id, q.user_id, q.priority, coalesce(a.n, 0) as running from (
        select distinct on (r.user_id) r.id, r.user_id, r.priority from runs r
        where r.state = 'QUEUED' and r.entry_id = any(array(select json_array_elements_text(${JSON.stringify(eligible)}::json)::uuid))
        order by r.user_id, r.priority, r.id
      ) q left join (select user_id, count(*) as n from runs where state = 'RUNNING' group by user_id) a
        on a.user_id is not distinct from q.user_id
      where coalesce(a.n, 0) < ${userLimit}::int`,
    );
    const served = (user: string | null) => lastServed.get(user ?? '') ?? 0;
    candidates.sort(
      (a, b) =>
        a.priority - b.priority ||
        Number(a.running) - Number(b.running) ||
        served(a.user_id) - served(b.user_id) ||
        (a.id < b.id ? -1 : 1),
    );
    for (const { id, user_id } of candidates) {
      const now = new Date();
      const [run] = await tx
        .update(schema.runs)
        .set({
          state: 'RUNNING',
          attempt: sql`${schema.runs.attempt} + 1`,
          workerId: worker.id,
          leaseUntil: leaseFromNow(),
          dispatchedAt: now,
          startedAt: now,
          waitingReason: null,
          progress: null,
          reason: null,
          message: null,
        })
        .where(and(eq(schema.runs.id, id), eq(schema.runs.state, 'QUEUED')))
        .returning();
      // Cancelled between the two statements: the next user's turn.
      if (!run) continue;
      lastServed.set(user_id ?? '', Date.now());
      return await describe(tx, run);
    }
    return null;
  });
}

async function describe(tx: Database, run: RunRow): Promise<Claimed> {
  const [row] = await tx
    .select({ entry: schema.entries, benchmark: schema.benchmarks })
    .from(schema.entries)
    .innerJoin(schema.benchmarks, eq(schema.benchmarks.id, schema.entries.benchmarkId))
    .where(eq(schema.entries.id, run.entryId));
  if (!row) throw new Error(`run ${run.id} has no entry`);
  const { entry, benchmark } = row;
  const variant = entry.variant as Variant;
  return {
    run,
    board: benchmark.key,
    request: {
      benchmark: benchmarkName(benchmark),
      benchmarkHash: benchmark.hash,
      variant,
      variantHash: entry.variantHash,
      seed: run.seed,
    },
    tuning: variant.space === 'tuned' ? await tuningOf(tx, benchmark.hash, entry.variantHash) : null,
  };
}

/** The choice of the point, where it was made before: here, or by the release. */
async function tuningOf(tx: Database, benchmarkHash: string, variantHash: string): Promise<TuningRecord | null> {
  const { tuningRecords } = schema;
  const [known] = await tx
    .select({ record: tuningRecords.record })
    .from(tuningRecords)
    .where(and(eq(tuningRecords.benchmarkHash, benchmarkHash), eq(tuningRecords.variantHash, variantHash)));
  return (known?.record as TuningRecord | undefined) ?? shippedTuning(benchmarkHash, variantHash) ?? null;
}
