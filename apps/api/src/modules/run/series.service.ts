/** Learning curves of many runs in one statement, down-sampled where there are more points than a chart has room for. */
import { sql } from 'drizzle-orm';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import { rowsOf } from '../../lib/sql.js';
import type { Series, SeriesPoint } from './run.type.js';

const MAX_RUNS = 100;
const MAX_POINTS = 2000;
const MAX_KEYS = 50;

interface ChunkRow {
  readonly run_id: string;
  readonly key: string;
  readonly n: number;
  readonly min: number;
  readonly max: number;
  /** Whole chunk, or its last point only where the chunks alone are as many as were asked for. */
  readonly points: Uint8Array;
}

/** (step, value) pairs, float64 little-endian. */
function decode(bytes: Uint8Array): Float64Array {
  const copy = new Uint8Array(bytes);
  return new Float64Array(copy.buffer, 0, Math.floor(copy.byteLength / 8));
}

/** One point a chunk, from what is stored beside it. */
function coarse(chunks: readonly ChunkRow[]): SeriesPoint[] {
  return chunks.map(({ points, min, max }) => {
    const [step, value] = decode(points).slice(-2);
    return { step: step!, value: value!, min, max };
  });
}

function fine(chunks: readonly ChunkRow[]): SeriesPoint[] {
  return chunks.flatMap((chunk) => {
    const flat = decode(chunk.points);
    return Array.from({ length: flat.length / 2 }, (_, i) => {
      const value = flat[2 * i + 1]!;
      return { step: flat[2 * i]!, value, min: value, max: value };
    });
  });
}

/** At most `limit` stretches of equal numbers of points: last value, least and greatest. */
export function downSample(points: readonly SeriesPoint[], limit: number): SeriesPoint[] {
  if (points.length <= limit) return [...points];
  return Array.from({ length: limit }, (_, i) => {
    const stretch = points.slice(Math.floor((i * points.length) / limit), Math.floor(((i + 1) * points.length) / limit));
    const { step, value } = stretch.at(-1)!;
    return { step, value, min: Math.min(...stretch.map((p) => p.min)), max: Math.max(...stretch.map((p) => p.max)) };
  });
}

function require(condition: boolean, field: string, value: unknown, allowed: string): void {
  if (!condition) throw new ApiError('BAD_INPUT', `${field}: ${allowed}`, { field, value, allowed });
}

export interface SeriesArgs {
  readonly runs: readonly string[];
  readonly keys?: readonly string[] | null;
  readonly points?: number | null;
}

/** Series of the newest attempt of each run, in the order asked, keys sorted; runs without series give none. */
export async function metricSeries(ctx: Context, args: SeriesArgs): Promise<Series[]> {
  const limit = args.points ?? 200;
  require(args.runs.length >= 1 && args.runs.length <= MAX_RUNS, 'runs', args.runs.length, `1 to ${MAX_RUNS} ids`);
  require(limit >= 2 && limit <= MAX_POINTS, 'points', limit, `2 to ${MAX_POINTS}`);
  require((args.keys?.length ?? 0) <= MAX_KEYS, 'keys', args.keys?.length, `at most ${MAX_KEYS} keys`);
  const ids = args.runs.map((id, i) => idOf('Run', id, `runs[${i}]`));
  if (args.keys?.length === 0) return [];
  const rows = await rowsOf<ChunkRow>(
    ctx.platform.db,
    sql`with chunks as (
        select c.*, dense_rank() over (partition by c.run_id order by c.attempt desc) as age,
          count(*) over (partition by c.run_id, c.key, c.attempt) as chunks
        from series_chunks c where c.run_id in ${ids} ${args.keys ? sql`and c.key in ${[...args.keys]}` : sql``}
      )
      select run_id, key, n, min, max,
        case when chunks >= ${limit} then substring(points from octet_length(points) - 15) else points end as points
      from chunks where age = 1 order by run_id, key, chunk`,
  );
  const runs = await ctx.loaders.run.byId.loadMany(ids);
  return ids.flatMap((id, i) => {
    const run = runs[i];
    if (!run || run instanceof Error) return [];
    const own = rows.filter((row) => row.run_id === id);
    return [...new Set(own.map((row) => row.key))].map((key) => {
      const chunks = own.filter((row) => row.key === key);
      const points = chunks.length >= limit ? coarse(chunks) : fine(chunks);
      return { run, key, points: downSample(points, limit) };
    });
  });
}
