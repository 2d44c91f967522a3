/** Rank intervals, tie groups, differences to baselines and resolution of whole boards, kept until the board's data change. */
import { sql } from 'drizzle-orm';
import { scoreOutput } from '../../lib/catalogue.js';
import { rowsOf } from '../../lib/sql.js';
import type { Platform } from '../../platform.js';
import type { BoardEntry, BoardResult, BoardsPart } from '../../statistics/messages.js';
import { computeBoards } from '../../statistics/pool.js';
import { boardTables, type Board } from './entry.board.js';

interface Kept {
  readonly version: string;
  readonly result: Promise<BoardResult>;
}

const caches = new WeakMap<Platform, Map<string, Kept>>();

const keyOf = ({ benchmark, scoreKey }: Board) => `${benchmark.row.id} ${scoreKey}`;

async function versionsOf({ db }: Platform, boards: readonly Board[]): Promise<Map<string, string>> {
  const rows = await rowsOf<{ benchmark_id: string; version: string }>(
    db,
    // Of all rows, since one that changed before the newest may have been committed after it.
    sql`select benchmark_id, count(*) || ' ' || sum(extract(epoch from updated_at)) as version from entries
      where benchmark_id in ${boards.map((b) => b.benchmark.row.id)} group by benchmark_id`,
  );
  return new Map(rows.map((row) => [row.benchmark_id, row.version]));
}

interface ScoreRow {
  readonly id: string;
  readonly board: string;
  readonly division: string;
  readonly claim: string;
  readonly reference: string | null;
  readonly ranked: boolean;
  readonly run: string;
  readonly seed: number;
  readonly value: number;
  readonly sketched: boolean;
}

const scoreRows = ({ db }: Platform, boards: readonly Board[]): Promise<ScoreRow[]> =>
  rowsOf<ScoreRow>(
    db,
    sql`with ${boardTables(boards)}
      select r.id, r.benchmark_id || ' ' || r.score_key as board, r.division, r.claim, r.reference, r.ranked,
        u.id as run, u.seed, s.value, k.run_id is not null as sketched
      from board r join entries e on e.id = r.id
      join runs u on u.entry_id = e.id and u.generation = e.generation and u.state = 'SUCCEEDED'
      join scores s on s.run_id = u.id and s.key = r.score_key
      left join sketches k on k.run_id = u.id and k.key = r.score_key
      where not r.withdrawn order by r.id, u.seed`,
  );

/** Rows of a board that others are compared with, by division. */
type Baselines = ReadonlyMap<string, string>;

/** Tuned rows are compared with the tuned baseline, others with the one at published defaults; the untrained row, which stands in every division, with both. */
function baselinesFor(row: ScoreRow, baselines: Baselines): string[] {
  const divisions =
    row.reference === 'UNTRAINED'
      ? ['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS']
      : [row.division === 'PLATFORM_TUNED' ? 'PLATFORM_TUNED' : 'PUBLISHED_DEFAULTS'];
  return divisions.flatMap((division) => baselines.get(division) ?? []).filter((id) => id !== row.id);
}

function entriesOf(rows: readonly ScoreRow[], boards: readonly Board[]): BoardEntry[] {
  const numbers = new Map(boards.map((board, i) => [keyOf(board), i]));
  const baselines = boards.map(() => new Map<string, string>());
  for (const row of rows)
    if (row.reference === 'BASELINE' && row.claim === 'RERUN')
      baselines[numbers.get(row.board)!]!.set(row.division, row.id);
  const entries = new Map<string, BoardEntry & { runs: BoardEntry['runs'][number][] }>();
  for (const row of rows) {
    const board = numbers.get(row.board)!;
    if (!boards[board]!.benchmark.seeds.includes(row.seed)) continue;
    const key = `${row.id} ${board}`;
    const entry = entries.get(key) ?? {
      id: row.id,
      board,
      group: `${row.division} ${row.claim}`,
      ranked: row.ranked,
      baselines: baselinesFor(row, baselines[board]!),
      runs: [],
    };
    entries.set(key, entry);
    entry.runs.push({ run: row.run, seed: row.seed, score: row.value });
  }
  return [...entries.values()];
}

/** Sketches fetched at a time: a megabyte, between which other requests get their turn. */
const CHUNK = 250;

async function* sketchParts(
  { db }: Platform,
  rows: readonly ScoreRow[],
  boards: readonly Board[],
): AsyncGenerator<BoardsPart> {
  const wanted = rows.flatMap(({ board, run, sketched }) => {
    const number = boards.findIndex((each) => keyOf(each) === board);
    return sketched ? [{ board: number, run, key: boards[number]!.scoreKey }] : [];
  });
  for (let from = 0; from < wanted.length; from += CHUNK) {
    const part = await rowsOf<{ board: number; run: string; sketch: Uint8Array }>(
      db,
      sql`select w.board, w.run, k.sketch from json_to_recordset(${JSON.stringify(wanted.slice(from, from + CHUNK))}::json)
        as w(board int, run uuid, key text) join sketches k on k.run_id = w.run and k.key = w.key`,
    );
    // Copied: a driver's buffers may be windows on larger ones, which would be sent whole.
    yield part.map(({ board, run, sketch }) => ({ board, run, sketch: new Uint8Array(sketch) }));
  }
}

async function computed(platform: Platform, boards: readonly Board[]): Promise<readonly BoardResult[]> {
  const rows = await scoreRows(platform, boards);
  const head = {
    kind: 'boards' as const,
    boards: boards.map(({ benchmark, scoreKey }) => ({
      direction: scoreOutput(benchmark.protocolRecord, scoreKey).direction,
      seeds: [...benchmark.seeds],
    })),
    entries: entriesOf(rows, boards),
  };
  if (head.entries.length === 0)
    return boards.map(() => ({ standings: new Map(), groups: new Map(), differences: new Map(), resolution: null }));
  return computeBoards(head, sketchParts(platform, rows, boards));
}

/** One result a board, in order. Few statements whatever the number of boards; the work itself is done in a thread. */
export async function inferBoards(platform: Platform, boards: readonly Board[]): Promise<BoardResult[]> {
  const cache = caches.get(platform) ?? new Map<string, Kept>();
  caches.set(platform, cache);
  const versions = await versionsOf(platform, boards);
  const version = (board: Board) => versions.get(board.benchmark.row.id) ?? '';
  const stale = boards.filter((board) => cache.get(keyOf(board))?.version !== version(board));
  if (stale.length > 0) {
    const fresh = computed(platform, stale);
    stale.forEach((board, i) => {
      const result = fresh.then((results) => results[i]!);
      const kept = { version: version(board), result };
      cache.set(keyOf(board), kept);
      // What failed is tried again by the next who asks.
      result.catch(() => cache.get(keyOf(board)) === kept && cache.delete(keyOf(board)));
    });
  }
  return Promise.all(boards.map((board) => cache.get(keyOf(board))!.result));
}
