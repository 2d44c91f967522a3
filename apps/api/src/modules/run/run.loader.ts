import { schema, type Database } from '@touchstone/db';
import DataLoader from 'dataloader';
import { inArray, sql } from 'drizzle-orm';
import { lastWorkerSeen, nextRuns, onlineWorkers, type OnlineWorker } from '../../jobs/queue-state.js';
import { byId, grouped } from '../../lib/batch.js';
import { make } from '../../lib/make.js';
import { rowsOf } from '../../lib/sql.js';
import { Run, type RunRow } from './run.type.js';

const { runs, scores, workers } = schema;

export const toRun = (row: RunRow): Run => make(Run, { row });

export interface LogRow {
  readonly run_id: string;
  readonly at: string | Date;
  readonly attempt: number;
  readonly level: string;
  readonly line: string;
}

export interface Online {
  readonly workers: OnlineWorker[];
  readonly lastSeen: Date | null;
}

export const MAX_LOG_LINES = 2000;

export function runLoaders(db: Database) {
  const logs = new Map<number, ReturnType<typeof grouped<LogRow>>>();
  return {
    byId: byId(
      async (ids) =>
        (
          await db
            .select()
            .from(runs)
            .where(inArray(runs.id, [...ids]))
        ).map(toRun),
      (run) => run.row.id,
    ),
    /** Runs of an entry's counting generation, by seed. */
    ofEntry: grouped(
      async (ids) => {
        const rows = await db
          .select({ run: runs })
          .from(runs)
          .innerJoin(
            schema.entries,
            sql`${schema.entries.id} = ${runs.entryId} and ${schema.entries.generation} = ${runs.generation}`,
          )
          .where(inArray(runs.entryId, [...ids]))
          .orderBy(runs.seed);
        return rows.map(({ run }) => toRun(run));
      },
      (run) => run.row.entryId,
    ),
    scores: grouped(
      (ids) =>
        db
          .select()
          .from(scores)
          .where(inArray(scores.runId, [...ids]))
          .orderBy(scores.key),
      (score) => score.runId,
    ),
    /** The last lines of each run, oldest first. */
    logs(last: number) {
      let loader = logs.get(last);
      if (!loader) {
        loader = grouped(
          (ids) =>
            rowsOf<LogRow>(
              db,
              sql`select run_id, at, attempt, level, line from (
                  select *, row_number() over (partition by run_id order by id desc) as back from logs where run_id in ${[...ids]}
                ) l where back <= ${last} order by run_id, id`,
            ),
          (line) => line.run_id,
        );
        logs.set(last, loader);
      }
      return loader;
    },
    seriesKeys: grouped(
      (ids) =>
        rowsOf<{ run_id: string; key: string }>(
          db,
          sql`select distinct run_id, key from series_chunks where run_id in ${[...ids]} order by run_id, key`,
        ),
      (row) => row.run_id,
    ),
    /** Place in the queue, from 1; of the first 10,000. */
    queuePosition: new DataLoader<string, number | null>(async (ids) => {
      const order = new Map((await nextRuns(db, 10_000)).map((id, i) => [id, i + 1]));
      return ids.map((id) => order.get(id) ?? null);
    }),
    /** Users whose live submissions wait for the run. */
    senders: grouped(
      (ids) =>
        rowsOf<{ run_id: string; user_id: string }>(
          db,
          sql`select distinct sr.run_id, su.user_id from submission_runs sr join submissions su on su.id = sr.submission_id
            where sr.run_id in ${[...ids]} and su.withdrawn_at is null`,
        ),
      (row) => row.run_id,
    ),
    /** Workers that could take runs, and when one was last seen where there is none; the one key is ''. */
    online: new DataLoader<string, Online>(async (keys) => {
      const workers = await onlineWorkers(db);
      const lastSeen = workers.length > 0 ? null : await lastWorkerSeen(db);
      return keys.map(() => ({ workers, lastSeen }));
    }),
    /** Runs that each worker is working on. */
    ofWorker: byId(
      (ids) =>
        rowsOf<{ worker_id: string; n: number }>(
          db,
          sql`select worker_id, count(*)::int as n from runs where worker_id in ${[...ids]} and state = 'RUNNING' group by worker_id`,
        ),
      (row) => row.worker_id,
    ),
    worker: byId(
      (ids) =>
        db
          .select({ id: workers.id, name: workers.name })
          .from(workers)
          .where(inArray(workers.id, [...ids])),
      (worker) => worker.id,
    ),
  };
}
