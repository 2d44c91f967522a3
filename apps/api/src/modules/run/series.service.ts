/** Learning curves of many runs in one statement, down-sampled where there are more points than a chart has room for. */
import { readSeries } from '../../jobs/series.js';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import type { Run, Series } from './run.type.js';

const MAX_RUNS = 100;
const MAX_POINTS = 2000;
const MAX_KEYS = 50;

function require(condition: boolean, field: string, value: unknown, allowed: string): void {
  if (!condition) throw new ApiError('BAD_INPUT', `${field} must be ${allowed}`, { field, value, allowed });
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
  const ids = [...new Set(args.runs.map((id, i) => idOf('Run', id, `runs[${i}]`)))];
  if (args.keys?.length === 0) return [];
  const stored = await readSeries(ctx.platform.db, ids, args.keys ?? null, limit);
  const runs = (await ctx.loaders.run.byId.loadMany(ids)).filter(
    (run): run is Run => run !== null && !(run instanceof Error),
  );
  return runs.flatMap((run) =>
    stored
      .filter(({ runId }) => runId === run.row.id)
      .map(({ key, points }) => ({
        run,
        key,
        points: points.filter((p) => Number.isFinite(p.value) && Number.isFinite(p.min) && Number.isFinite(p.max)),
      })),
  );
}
