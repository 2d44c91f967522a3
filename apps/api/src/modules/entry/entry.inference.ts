/** Rank intervals and tie groups of whole boards, kept until the board's data change. */
import { rankInference, type RankInference } from '@touchstone/eval/meta';
import { sql } from 'drizzle-orm';
import { scoreOutput } from '../../lib/catalogue.js';
import { rowsOf } from '../../lib/sql.js';
import type { Platform } from '../../platform.js';
import { boardTables, type Board } from './entry.board.js';

/** All pairs are compared: beyond this many ranked rows in a division it would hold up other requests. */
const MAX_ROWS = 300;

export type BoardInference = ReadonlyMap<string, RankInference>;

interface Kept {
  readonly version: string;
  readonly inference: BoardInference;
}

const caches = new WeakMap<Platform, Map<string, Kept>>();

const keyOf = ({ benchmark, scoreKey }: Board) => `${benchmark.row.id} ${scoreKey}`;

async function versionsOf({ db }: Platform, boards: readonly Board[]): Promise<Map<string, string>> {
  const rows = await rowsOf<{ benchmark_id: string; version: string }>(
    db,
    sql`select benchmark_id, count(*) || ' ' || max(updated_at) as version from entries
      where benchmark_id in ${boards.map((b) => b.benchmark.row.id)} group by benchmark_id`,
  );
  return new Map(rows.map((row) => [row.benchmark_id, row.version]));
}

interface SeedRow {
  readonly id: string;
  readonly group: string;
  readonly board: string;
  readonly seed: number;
  readonly value: number;
}

async function computed({ db }: Platform, boards: readonly Board[]): Promise<Map<string, BoardInference>> {
  const rows = await rowsOf<SeedRow>(
    db,
    sql`with ${boardTables(boards)}
      select r.id, r.benchmark_id || ' ' || r.score_key as board, r.benchmark_id || r.score_key || r.division || r.claim as "group", u.seed, s.value
      from board r join entries e on e.id = r.id
      join runs u on u.entry_id = e.id and u.generation = e.generation and u.state = 'SUCCEEDED'
      join scores s on s.run_id = u.id and s.key = r.score_key
      where r.ranked order by r.id, u.seed`,
  );
  const byBoard = new Map(boards.map((board) => [keyOf(board), board]));
  const groups = new Map<string, { board: Board; entries: Map<string, Map<number, number>> }>();
  for (const row of rows) {
    const board = byBoard.get(row.board)!;
    if (!board.benchmark.seeds.includes(row.seed)) continue;
    const group = groups.get(row.group) ?? { board, entries: new Map() };
    groups.set(row.group, group);
    const seeds = group.entries.get(row.id) ?? new Map<number, number>();
    group.entries.set(row.id, seeds.set(row.seed, row.value));
  }
  const results = new Map<string, Map<string, RankInference>>(boards.map((board) => [keyOf(board), new Map()]));
  for (const { board, entries } of groups.values()) {
    if (entries.size > MAX_ROWS) continue;
    const { direction } = scoreOutput(board.benchmark.protocolRecord, board.scoreKey);
    const inferred = rankInference([...entries.values()], { direction });
    [...entries.keys()].forEach((id, i) => results.get(keyOf(board))!.set(id, inferred[i]!));
  }
  return results;
}

/** One inference a board, in order. Two statements at most, whatever the number of boards. */
export async function inferBoards(platform: Platform, boards: readonly Board[]): Promise<BoardInference[]> {
  const cache = caches.get(platform) ?? new Map<string, Kept>();
  caches.set(platform, cache);
  const versions = await versionsOf(platform, boards);
  const version = (board: Board) => versions.get(board.benchmark.row.id) ?? '';
  const stale = boards.filter((board) => cache.get(keyOf(board))?.version !== version(board));
  if (stale.length > 0) {
    const fresh = await computed(platform, stale);
    for (const board of stale)
      cache.set(keyOf(board), { version: version(board), inference: fresh.get(keyOf(board))! });
  }
  return boards.map((board) => cache.get(keyOf(board))!.inference);
}
