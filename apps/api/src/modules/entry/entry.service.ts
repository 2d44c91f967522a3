/** Leaderboards, and one entry against another. */
import { scoreOutputs } from '../../lib/catalogue.js';
import { keysetPage, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { decodeCursor, pageSize, scopeOf } from '../../lib/cursor.js';
import type { Claim, Division, Track } from '../../lib/enums.js';
import { requireScope } from '../../lib/auth.js';
import { ApiError } from '../../lib/errors.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { boardCount, boardKey, boardPage, type BoardKey, type BoardQuery, type Position } from './entry.board.js';
import type { EntryOrder, LeaderboardFilter } from './entry.input.js';
import { toEntry } from './entry.loader.js';
import type { BoardPage, Entry, TieGroup } from './entry.type.js';

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
export async function leaderboard(ctx: Context, args: LeaderboardArgs): Promise<BoardPage> {
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
  const page = keysetPage({
    rows: listed,
    size,
    scope,
    after: args.after,
    key: ({ position }) => boardKey(position),
    node: ({ entry }) => entry,
    count: () => boardCount(ctx.platform.db, query),
  });
  return { ...page, board: { benchmark, scoreKey: query.scoreKey } };
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

/** Groups of rows of a page that the board does not tell apart, rows of one division and claim each. */
export async function tieGroupsOf(ctx: Context, { board, nodes }: BoardPage): Promise<TieGroup[]> {
  const { standings, groups: members } = await ctx.loaders.entry.inference.load(board);
  const shown = new Set(nodes.map(({ row }) => row.id));
  const groups = new Map<string, TieGroup>();
  for (const entry of nodes) {
    // Nothing is known of the chance in a published number, not even where it stands alone.
    if (entry.claim === 'REPORTED') continue;
    for (const number of standings.get(entry.row.id)?.groups ?? []) {
      const { division, claim } = entry;
      const key = `${division} ${claim} ${number}`;
      const known = groups.get(key);
      if (known) known.entries.push(entry.id);
      else {
        const ids = members.get(key)!;
        const rowsBefore = ids.findIndex((id) => shown.has(id));
        const rowsAfter = ids.length - 1 - ids.findLastIndex((id) => shown.has(id));
        groups.set(key, { number, division, claim, entries: [entry.id], rowsBefore, rowsAfter });
      }
    }
  }
  return [...groups.values()];
}
