/** Ranks and what stands beside them, in SQL: standard competition ranks on quantised means, NULLS LAST, within division and claim. */
import type { Database } from '@touchstone/db';
import { hasOfficialLabels } from '@touchstone/eval/meta';
import type { Coverage } from '@touchstone/eval/statistics';
import { sql, type SQL } from 'drizzle-orm';
import { scoreOutput } from '../../lib/catalogue.js';
import type { Claim, Division } from '../../lib/enums.js';
import { rowsOf } from '../../lib/sql.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';

/** Where an entry stands on its board. Values are of the board's score; null while no seed has finished. */
export interface Position {
  readonly id: string;
  readonly shown: Division;
  readonly rank: number | null;
  readonly n: number;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly over: Coverage | null;
  /** Independent test units behind the interval; null where only scores are known. */
  readonly units: number | null;
  /** Variants of the same method that were sent to this board and division. */
  readonly attempts: number;
  readonly below_untrained: boolean;
  readonly place: number;
  readonly grp: number;
  readonly val: number;
}

export interface Board {
  readonly benchmark: Benchmark;
  readonly scoreKey: string;
}

export const DIVISIONS: readonly Division[] = ['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS', 'OPEN'];
export const CLAIMS: readonly Claim[] = ['RERUN', 'SUBMITTED', 'REPORTED'];

const primaryBoard = (benchmark: Benchmark): Board => ({ benchmark, scoreKey: benchmark.protocolRecord.primary });

/** CTEs `boards` and `board`. `value` is ascending from best to worst whatever the metric's direction. */
export function boardTables(boards: readonly Board[]): SQL {
  const parameters = boards.map(({ benchmark, scoreKey }) => ({
    benchmark_id: benchmark.row.id,
    score_key: scoreKey,
    sign: scoreOutput(benchmark.protocolRecord, scoreKey).direction === 'higher' ? -1 : 1,
    rankable: benchmark.scale !== 'SMOKE' && hasOfficialLabels(benchmark.protocolRecord),
  }));
  return sql`boards as (
      select * from json_to_recordset(${JSON.stringify(parameters)}::json)
        as b(benchmark_id uuid, score_key text, sign float8, rankable boolean)
    ), scored as (
      select e.id, e.superseded_reason is not null as superseded, e.benchmark_id, e.division, e.claim, e.reference, e.method_key, e.withdrawn, b.score_key,
        s.n, s.mean, s.deviation, s.low, s.high, s.over, s.units, s.quantised * b.sign as value,
        b.rankable and e.complete and e.unranked_reason is null and not e.withdrawn
          and e.reference is distinct from 'UNTRAINED' and s.quantised is not null as ranked,
        -- Rows without a method (untrained, predictions) are no attempts at one another.
        case when e.method_key is null then 1
          else count(*) over (partition by e.benchmark_id, e.division, e.claim, e.method_key)::int end as attempts,
        min(s.quantised * b.sign) filter (where e.reference = 'UNTRAINED') over (partition by e.benchmark_id) as untrained
      from entries e join boards b on b.benchmark_id = e.benchmark_id
      left join summaries s on s.entry_id = e.id and s.score_key = b.score_key
    ), board as (
      select *, case when ranked
        then (rank() over (partition by benchmark_id, division, claim, ranked order by value))::int end as rank
      from scored
    )`;
}

const columns = sql`r.id, r.rank, coalesce(r.n, 0) as n, r.mean, r.deviation, r.low, r.high, r.over, r.units, r.attempts,
  coalesce(r.reference is distinct from 'UNTRAINED' and r.value > r.untrained, false) as below_untrained`;

/** Positions by the primary score of the given entries, whatever boards they stand on: one statement. */
export async function positionsOf(
  db: Database,
  benchmarks: readonly Benchmark[],
  ids: readonly string[],
): Promise<Position[]> {
  if (ids.length === 0) return [];
  return rowsOf<Position>(
    db,
    sql`with ${boardTables(benchmarks.map(primaryBoard))}
      select ${columns}, r.division as shown, 0 as place, 0 as grp, 0 as val
      from board r where r.id in ${[...ids]}`,
  );
}

export interface BoardQuery extends Board {
  readonly division: Division | null;
  /** PREDICTIONS: SUBMITTED, or REPORTED where nothing submitted stands on the board. */
  readonly claims: readonly Claim[] | 'PREDICTIONS';
  readonly methods: readonly string[] | null;
  readonly ranked: boolean | null;
  /** Only entries of this user's submissions. */
  readonly userId: string | null;
  /** Worst first. */
  readonly reversed: boolean;
}

/**
 * Rows of one board: by division, then claim; ranked rows, the untrained row, unranked rows, superseded rows.
 * The untrained row has one entry and is listed in every division that has rows.
 */
function listed(query: BoardQuery): SQL {
  const divisions = sql.join(
    DIVISIONS.filter((d) => query.division === null || d === query.division).map(
      (d) => sql`(${d}, ${DIVISIONS.indexOf(d)}::int)`,
    ),
    sql`, `,
  );
  const claims = sql`case r.claim ${sql.join(
    CLAIMS.map((c, i) => sql`when ${c} then ${i}::int`),
    sql` `,
  )} end`;
  const everywhere = query.division
    ? sql`true`
    : sql`exists (select 1 from board o where o.division = d.name and o.reference is distinct from 'UNTRAINED' and not o.withdrawn)`;
  const conditions = [
    sql`not r.withdrawn`,
    query.claims === 'PREDICTIONS'
      ? sql`r.claim = case when exists (select 1 from board o where o.claim = 'SUBMITTED' and not o.withdrawn)
          then 'SUBMITTED' else 'REPORTED' end`
      : sql`r.claim in ${[...query.claims]}`,
    sql`(r.division = d.name or (r.reference = 'UNTRAINED' and ${everywhere}))`,
    ...(query.methods ? [query.methods.length > 0 ? sql`r.method_key in ${[...query.methods]}` : sql`false`] : []),
    ...(query.ranked === null ? [] : [sql`(r.rank is not null) = ${query.ranked}`]),
    ...(query.userId
      ? [
          sql`exists (select 1 from submissions u where u.entry_id = r.id and u.user_id = ${query.userId} and u.withdrawn_at is null)`,
        ]
      : []),
  ];
  return sql`with ${boardTables([query])}, listed as (
      select ${columns}, d.name as shown, d.place * 3 + ${claims} as place,
        case when r.rank is not null then 0 when r.reference = 'UNTRAINED' then 1
          when r.superseded then 3 else 2 end as grp,
        coalesce(r.value * ${query.reversed ? -1 : 1}::float8, 'Infinity'::float8) as val
      from board r cross join (values ${divisions}) as d(name, place)
      where ${sql.join(conditions, sql` and `)}
    )`;
}

export type BoardKey = readonly [place: number, grp: number, val: number | null, id: string];

export const boardKey = (p: Position): BoardKey => [p.place, p.grp, Number.isFinite(p.val) ? p.val : null, p.id];

/** `limit` rows after the given key. */
export async function boardPage(
  db: Database,
  query: BoardQuery,
  after: BoardKey | null,
  limit: number,
): Promise<Position[]> {
  const from = after
    ? sql`where (place, grp, val, id) > (${after[0]}::int, ${after[1]}::int, ${after[2] === null ? 'Infinity' : String(after[2])}::float8, ${after[3]}::uuid)`
    : sql``;
  return rowsOf<Position>(
    db,
    sql`${listed(query)} select * from listed ${from} order by place, grp, val, id limit ${limit}`,
  );
}

export async function boardCount(db: Database, query: BoardQuery): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(db, sql`${listed(query)} select count(*)::int as n from listed`);
  return row?.n ?? 0;
}
