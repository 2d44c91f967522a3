/** Leaderboards, and one entry against another. */
import { pairedDifference } from '@touchstone/eval/meta';
import { scoreOutputs } from '../../lib/catalogue.js';
import { keysetPage, type Page, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { decodeCursor, pageSize, scopeOf } from '../../lib/cursor.js';
import type { Claim, Division, Track } from '../../lib/enums.js';
import { requireScope } from '../../lib/auth.js';
import { ApiError } from '../../lib/errors.js';
import { make } from '../../lib/make.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { boardCount, boardKey, boardPage, type BoardKey, type BoardQuery, type Position } from './entry.board.js';
import type { EntryOrder, LeaderboardFilter } from './entry.input.js';
import { toEntry } from './entry.loader.js';
import { Difference, type Entry } from './entry.type.js';

export interface LeaderboardArgs extends PageArgs {
  readonly benchmark: string;
  readonly track?: Track | null;
  readonly division?: Division | null;
  readonly claims?: readonly Claim[] | null;
  readonly where?: LeaderboardFilter | null;
  readonly orderBy?: EntryOrder | null;
}

function boardQuery(ctx: Context, benchmark: Benchmark, args: LeaderboardArgs): BoardQuery {
  const protocol = benchmark.protocolRecord;
  const outputs = scoreOutputs(protocol);
  const scoreKey = args.orderBy?.key ?? protocol.primary;
  const output = outputs.find(({ key }) => key === scoreKey);
  if (args.orderBy && !output)
    throw new ApiError('BAD_INPUT', `${benchmark.key} has no score ${scoreKey}`, {
      field: 'orderBy.key',
      value: scoreKey,
      allowed: outputs.map(({ key }) => key).join(', '),
    });
  if (args.track && args.track !== benchmark.track)
    throw new ApiError('BAD_INPUT', `${benchmark.key} is of another track`, {
      field: 'track',
      value: args.track,
      allowed: benchmark.track,
    });
  const best = output?.direction === 'lower' ? 'ASC' : 'DESC';
  return {
    benchmark,
    scoreKey,
    division: args.division ?? null,
    claims: args.claims?.length
      ? [...new Set(args.claims)].sort()
      : benchmark.track === 'predictions'
        ? 'PREDICTIONS'
        : ['RERUN'],
    methods: args.where?.methods ?? null,
    ranked: args.where?.ranked ?? null,
    userId: args.where?.mine ? requireScope(ctx.actor, 'read').userId : null,
    reversed: (args.orderBy?.direction ?? best) !== best,
  };
}

/** Rows of a board. Throws UNKNOWN_BENCHMARK, BAD_INPUT, BAD_CURSOR. */
export async function leaderboard(ctx: Context, args: LeaderboardArgs): Promise<Page<Entry>> {
  const benchmark = await requireBenchmark(ctx, args.benchmark);
  const query = boardQuery(ctx, benchmark, args);
  const size = pageSize(args.first, 50);
  const { benchmark: board, ...filter } = query;
  const scope = scopeOf('leaderboard', { board: board.row.id, ...filter });
  const after = args.after ? (decodeCursor(scope, args.after, 4) as unknown as BoardKey) : null;
  const rows = await boardPage(ctx.platform.db, query, after, size + 1);
  const entries = await ctx.loaders.entry.byId.loadMany(rows.map((row) => row.id));
  const listed = rows.flatMap((position, i) => {
    const entry = entries[i];
    return entry && !(entry instanceof Error)
      ? [{ position, entry: toEntry(entry.row, { scoreKey: query.scoreKey, shown: position.shown, position }) }]
      : [];
  });
  return keysetPage({
    rows: listed,
    size,
    scope,
    after: args.after,
    key: ({ position }) => boardKey(position),
    node: ({ entry }) => entry,
    count: () => boardCount(ctx.platform.db, query),
  });
}

export async function positionOf(ctx: Context, entry: Entry): Promise<Position | null> {
  return entry.position ?? ctx.loaders.entry.position.load(entry.row);
}

export async function benchmarkOf(ctx: Context, entry: Entry): Promise<Benchmark> {
  return (await ctx.loaders.benchmark.byId.load(entry.row.benchmarkId))!;
}

/** Why a row has no rank; null for ranked ones. */
export async function unrankedReason(ctx: Context, entry: Entry): Promise<string | null> {
  const position = await positionOf(ctx, entry);
  if (position?.rank) return null;
  const { reference, withdrawn, unrankedReason: stored, complete } = entry.row;
  const benchmark = await benchmarkOf(ctx, entry);
  if (withdrawn) return 'withdrawn by its submitter';
  if (reference === 'UNTRAINED') return 'reference row: nothing was trained';
  if (stored) return stored;
  if (benchmark.scale === 'SMOKE') return 'smoke benchmarks are never ranked';
  if (!complete) return `${position?.n ?? 0} of ${benchmark.seeds.length} seeds have finished`;
  return `no value of ${entry.scoreKey ?? benchmark.protocolRecord.primary}`;
}

async function seedsOf(
  ctx: Context,
  entry: Entry,
  benchmark: Benchmark,
  scoreKey: string,
): Promise<Map<number, number>> {
  const rows = await ctx.loaders.entry.seedScores.load(entry.row.id);
  return new Map(
    rows
      .filter((row) => row.key === scoreKey && benchmark.seeds.includes(row.seed))
      .map((row) => [row.seed, row.value]),
  );
}

/** a − b over common seeds of the protocol; null where they have none. */
async function paired(
  ctx: Context,
  a: Entry,
  b: Entry,
  benchmark: Benchmark,
  scoreKey: string,
): Promise<Difference | null> {
  const [left, right] = await Promise.all([seedsOf(ctx, a, benchmark, scoreKey), seedsOf(ctx, b, benchmark, scoreKey)]);
  const difference = pairedDifference(left, right);
  if (!difference) return null;
  const resolution = scoreKey === benchmark.protocolRecord.primary ? benchmark.resolution : null;
  return make(Difference, {
    ...difference,
    seeds: [...difference.seeds],
    tooSmall: resolution !== null && Math.abs(difference.mean) < resolution,
    a,
    b,
    scoreKey,
  });
}

/** Difference to the baseline that an entry is compared with: tuned rows with the tuned one, others with the one at published defaults. */
export async function differenceToBaseline(ctx: Context, entry: Entry): Promise<Difference | null> {
  // The untrained row is compared with the baseline of the division in which it is shown.
  const shown = entry.shown ?? entry.division;
  const division: Division = shown === 'PLATFORM_TUNED' ? 'PLATFORM_TUNED' : 'PUBLISHED_DEFAULTS';
  const references = await ctx.loaders.benchmark.references.load(entry.row.benchmarkId);
  const baseline = references.find((row) => row.reference === 'BASELINE' && row.division === division);
  if (!baseline || baseline.id === entry.row.id) return null;
  const benchmark = await benchmarkOf(ctx, entry);
  const scoreKey = entry.scoreKey ?? benchmark.protocolRecord.primary;
  return paired(ctx, entry, toEntry(baseline), benchmark, scoreKey);
}

/** a − b of two entries of one benchmark. Throws NOT_FOUND or BAD_INPUT. */
export async function difference(
  ctx: Context,
  a: string,
  b: string,
  scoreKey: string | null,
): Promise<Difference | null> {
  const [left, right] = (await ctx.loaders.entry.byId.loadMany([a, b])).map((e) => (e instanceof Error ? null : e));
  if (!left || !right)
    throw new ApiError('NOT_FOUND', 'no such entry', { field: left ? 'b' : 'a', allowed: 'ids of entries' });
  if (left.row.benchmarkId !== right.row.benchmarkId)
    throw new ApiError('BAD_INPUT', 'the entries stand on different boards: their numbers cannot be compared', {
      field: 'b',
      allowed: 'an entry of the same benchmark version as a',
    });
  const benchmark = await benchmarkOf(ctx, left);
  const outputs = scoreOutputs(benchmark.protocolRecord).map(({ key }) => key);
  const key = scoreKey ?? benchmark.protocolRecord.primary;
  if (scoreKey && !outputs.includes(scoreKey))
    throw new ApiError('BAD_INPUT', `${benchmark.key} has no score ${scoreKey}`, {
      field: 'scoreKey',
      value: scoreKey,
      allowed: outputs.join(', '),
    });
  return paired(ctx, left, right, benchmark, key);
}
