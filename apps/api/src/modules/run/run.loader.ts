import { schema, type Database } from '@touchstone/db';
import DataLoader from 'dataloader';
import { inArray, sql } from 'drizzle-orm';
import { byId, grouped } from '../../lib/batch.js';
import { make } from '../../lib/make.js';
import { rowsOf } from '../../lib/sql.js';
import { Run, type RunRow } from './run.type.js';

const { runs, scores, workers } = schema;

export const toRun = (row: RunRow): Run => make(Run, { row });

interface LogRow {
  readonly run_id: string;
  readonly at: string | Date;
  readonly attempt: number;
  readonly level: string;
  readonly line: string;
}

export const MAX_LOG_LINES = 2000;

export function runLoaders(db: Database) {
  const logs = new Map<number, ReturnType<typeof grouped<LogRow>>>();
  return {
    byId: byId(
      async (ids) => (await db.select().from(runs).where(inArray(runs.id, [...ids]))).map(toRun),
      (run) => run.row.id,
    ),
    /** Runs of an entry's counting generation, by seed. */
    ofEntry: grouped(
      async (ids) => {
        const rows = await db
          .select({ run: runs })
          .from(runs)
          .innerJoin(schema.entries, sql`${schema.entries.id} = ${runs.entryId} and ${schema.entries.generation} = ${runs.generation}`)
          .where(inArray(runs.entryId, [...ids]))
          .orderBy(runs.seed);
        return rows.map(({ run }) => toRun(run));
      },
      (run) => run.row.entryId,
    ),
    scores: grouped(
      (ids) => db.select().from(scores).where(inArray(scores.runId, [...ids])).orderBy(scores.key),
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
    /** Runs that are claimed before it; asked for queued runs only. */
    queuePosition: byId(
      (ids) =>
        rowsOf<{ id: string; position: number }>(
          db,
          sql`select id, position from (
              select id, (row_number() over (order by priority, id))::int as position from runs where state = 'QUEUED'
            ) q where id in ${[...ids]}`,
        ),
      (row) => row.id,
    ),
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
    /** Workers heard of in the last two minutes; the one key is ''. */
    liveWorkers: new DataLoader<string, number>(async (keys) => {
      const [row] = await rowsOf<{ n: number }>(
        db,
        sql`select count(*)::int as n from workers where state = 'ONLINE' and last_seen_at > now() - interval '2 minutes'`,
      );
      return keys.map(() => row?.n ?? 0);
    }),
    worker: byId(
      (ids) => db.select({ id: workers.id, name: workers.name }).from(workers).where(inArray(workers.id, [...ids])),
      (worker) => worker.id,
    ),
  };
}
