import { schema, type Database } from '@touchstone/db';
import DataLoader from 'dataloader';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { byId, grouped } from '../../lib/batch.js';
import { make } from '../../lib/make.js';
import { rowsOf, toDate } from '../../lib/sql.js';
import { Benchmark, type BenchmarkRow } from './benchmark.type.js';

const { benchmarks, entries } = schema;

export const toBenchmark = (row: BenchmarkRow): Benchmark => make(Benchmark, { row });

export interface BoardFacts {
  readonly benchmark_id: string;
  readonly entries: number;
  readonly last_scored_at: Date | null;
}

export function benchmarkLoaders(db: Database) {
  return {
    byId: byId(
      async (ids) =>
        (
          await db
            .select()
            .from(benchmarks)
            .where(inArray(benchmarks.id, [...ids]))
        ).map(toBenchmark),
      (benchmark) => benchmark.row.id,
    ),
    /** Every version of a key, newest first. */
    byKey: grouped(
      async (keys) => {
        const rows = await db
          .select()
          .from(benchmarks)
          .where(inArray(benchmarks.key, [...keys]));
        return rows.sort((a, b) => b.version - a.version).map(toBenchmark);
      },
      (benchmark) => benchmark.key,
    ),
    /** Newest versions by key; the one key is ''. */
    current: grouped(
      async () =>
        (await db.select().from(benchmarks).where(eq(benchmarks.current, true)).orderBy(benchmarks.key)).map(
          toBenchmark,
        ),
      () => '',
    ),
    /** Keys of the datasets that live workers say they have; the one key is ''. */
    datasetsOfWorkers: new DataLoader<string, string[]>(async (keys) => {
      const rows = await rowsOf<{ key: string }>(
        db,
        sql`select distinct unnest(datasets) as key from workers where state = 'ONLINE' and last_seen_at > now() - interval '2 minutes'`,
      );
      return keys.map(() => rows.map(({ key }) => key));
    }),
    facts: byId(
      async (ids) => {
        const rows = await rowsOf<BoardFacts>(
          db,
          sql`select e.benchmark_id, count(distinct e.id)::int as entries, max(r.finished_at) as last_scored_at
            from entries e left join runs r on r.entry_id = e.id and r.state = 'SUCCEEDED'
            where e.benchmark_id in ${[...ids]} and not e.withdrawn group by e.benchmark_id`,
        );
        return rows.map((row) => ({ ...row, last_scored_at: toDate(row.last_scored_at) }));
      },
      (row) => row.benchmark_id,
    ),
    /** Reference rows of a board: untrained, baselines, ceiling. */
    references: grouped(
      (ids) =>
        db
          .select()
          .from(entries)
          .where(
            and(
              inArray(entries.benchmarkId, [...ids]),
              inArray(entries.reference, ['UNTRAINED', 'BASELINE', 'CEILING']),
              eq(entries.claim, 'RERUN'),
            ),
          ),
      (row) => row.benchmarkId,
    ),
    /** Best mean of the primary among ranked rows and the mean of the untrained row are read from summaries. */
    summaries: grouped(
      (ids) =>
        rowsOf<{ benchmark_id: string; score_key: string; mean: number; reference: string | null; complete: boolean }>(
          db,
          sql`select e.benchmark_id, s.score_key, s.mean, e.reference, e.complete and e.unranked_reason is null as complete
            from entries e join summaries s on s.entry_id = e.id
            join benchmarks b on b.id = e.benchmark_id and s.score_key = b.protocol->>'primary'
            where e.benchmark_id in ${[...ids]} and not e.withdrawn and e.claim = 'RERUN'`,
        ),
      (row) => row.benchmark_id,
    ),
  };
}
