/** One entry against another: from the sketches of their runs, and from per-example outcomes where these are asked for. */
import { decodeSketch, type RunSketch, seedsToDecide } from '@touchstone/eval/statistics';
import { sql } from 'drizzle-orm';
import { BlobError } from '../../jobs/blobs.js';
import { scoreOutput, scoreOutputs } from '../../lib/catalogue.js';
import type { Context } from '../../lib/context.js';
import type { Division } from '../../lib/enums.js';
import { ApiError } from '../../lib/errors.js';
import { make } from '../../lib/make.js';
import { rowsOf } from '../../lib/sql.js';
import { differenceOf } from '../../statistics/boards.js';
import type { PairPart, PairResult } from '../../statistics/messages.js';
import { computePair } from '../../statistics/pool.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { Difference, SeedDifference } from './difference.type.js';
import { type OutcomeRun, outcomesOf, toEntry } from './entry.loader.js';
import { benchmarkOf } from './entry.service.js';
import type { Entry } from './entry.type.js';
import { resolutionOf } from './resolution.service.js';

interface PairRun {
  readonly entry_id: string;
  readonly run: string;
  readonly seed: number;
  readonly score: number;
  readonly sketch: Uint8Array | null;
}

/** Counted runs of both under one score, by entry, then seed. */
async function runsOf(
  ctx: Context,
  ids: readonly string[],
  benchmark: Benchmark,
  scoreKey: string,
): Promise<PairRun[]> {
  const rows = await rowsOf<PairRun>(
    ctx.platform.db,
    sql`select r.entry_id, r.id as run, r.seed, s.value as score, k.sketch
      from runs r join entries e on e.id = r.entry_id and e.generation = r.generation
      join scores s on s.run_id = r.id and s.key = ${scoreKey}
      left join sketches k on k.run_id = r.id and k.key = s.key
      where r.entry_id in ${[...ids]} and r.state = 'SUCCEEDED' order by r.entry_id, r.seed`,
  );
  return rows.filter((row) => benchmark.seeds.includes(row.seed));
}

/** a − b over common seeds of the protocol; null where they have none. */
async function between(
  ctx: Context,
  a: Entry,
  b: Entry,
  benchmark: Benchmark,
  scoreKey: string,
): Promise<Difference | null> {
  const rows = await runsOf(ctx, [a.row.id, b.row.id], benchmark, scoreKey);
  const side = (entry: Entry) => rows.filter((row) => row.entry_id === entry.row.id);
  const sketches = new Map<string, RunSketch>(
    rows.flatMap(({ run, sketch }) => (sketch ? [[run, decodeSketch(new Uint8Array(sketch))] as const] : [])),
  );
  const estimate = differenceOf(side(a), side(b), sketches);
  return estimate && make(Difference, { estimate, a, b, scoreKey });
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
  if (entry.row.withdrawn) return between(ctx, entry, toEntry(baseline), benchmark, scoreKey);
  const { differences } = await ctx.loaders.entry.inference.load({ benchmark, scoreKey });
  const estimate = differences.get(`${entry.row.id} ${baseline.id}`);
  return estimate ? make(Difference, { estimate, a: entry, b: toEntry(baseline), scoreKey }) : null;
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
  return between(ctx, left, right, benchmark, key);
}

/** Scores of both, seed by seed. */
export async function seedsOf(ctx: Context, { a, b, scoreKey }: Difference): Promise<SeedDifference[]> {
  const benchmark = await benchmarkOf(ctx, a);
  const [left, right] = await ctx.loaders.entry.seedScores.loadMany([a.row.id, b.row.id]);
  const values = (rows: typeof left) =>
    new Map(
      (rows instanceof Error || !rows ? [] : rows)
        .filter((row) => row.key === scoreKey && benchmark.seeds.includes(row.seed))
        .map((row) => [row.seed, row.value]),
    );
  const theirs = values(right);
  return [...values(left)]
    .filter(([seed]) => theirs.has(seed))
    .sort(([x], [y]) => x - y)
    .map(([seed, value]) =>
      make(SeedDifference, { seed, a: value, b: theirs.get(seed)!, difference: value - theirs.get(seed)! }),
    );
}

/** Below what the board can see, and not seen all the same. */
export async function tooSmall(ctx: Context, { a, estimate, scoreKey }: Difference): Promise<boolean> {
  if (estimate.p !== null && estimate.p < 0.05) return false;
  const benchmark = await benchmarkOf(ctx, a);
  const { value } = await resolutionOf(ctx, { benchmark, scoreKey });
  return value !== null && Math.abs(estimate.mean) < value;
}

/** Whether the board, all of its pairs judged at once, tells the two apart; null where it does not compare them. */
export async function separable(ctx: Context, { a, b, scoreKey }: Difference): Promise<boolean | null> {
  if (a.row.division !== b.row.division || a.row.claim !== b.row.claim) return null;
  const benchmark = await benchmarkOf(ctx, a);
  const { standings } = await ctx.loaders.entry.inference.load({ benchmark, scoreKey });
  const [left, right] = [standings.get(a.row.id), standings.get(b.row.id)];
  if (!left?.groups.length || !right?.groups.length) return null;
  return !left.groups.some((group) => right.groups.includes(group));
}

export function seedsNeeded({ estimate }: Difference): number | null {
  return estimate.standardError === null ? null : seedsToDecide(estimate);
}

/** Longest list of examples that can be asked for. */
export const MOST_EXAMPLES = 100;

/** Longest list of classes that can be asked for. */
export const MOST_CLASSES = 2_000;

/** Outcomes of both sides that are put beside each other at a time, values: 8 bytes each in the thread. */
const MOST_VALUES = 10_000_000;

/** Where the two differ. Blobs are read here and inflated, aligned and compared in the thread. */
export function examplesOf(ctx: Context, difference: Difference): Promise<PairResult> {
  return (difference.examples ??= examples(ctx, difference));
}

async function examples(ctx: Context, { a, b, scoreKey }: Difference): Promise<PairResult> {
  const benchmark = await benchmarkOf(ctx, a);
  const [ours, theirs] = await Promise.all(
    [a, b].map((entry) => ctx.loaders.entry.outcomeRuns.load(outcomesOf(entry.row.id, scoreKey))),
  );
  const right = new Map(theirs!.map((run) => [run.seed, run]));
  const pairs = ours!
    .filter(({ seed }) => benchmark.seeds.includes(seed) && right.has(seed))
    .map((run) => [run, right.get(run.seed)!] as const);
  const nothing = (reason: string): PairResult => ({ reason, groups: null, worst: [] });
  const without = pairs.flat().find(({ blob }) => blob === null);
  if (without) {
    const label = ours!.includes(without) ? a.label : b.label;
    return nothing(`no per-example outcomes of ${scoreKey} are stored for ${label}, seed ${without.seed}`);
  }
  const values = pairs.flat().reduce((sum, { units }) => sum + units!, 0);
  if (values > MOST_VALUES) return nothing(`${values} outcomes are more than are compared at once (${MOST_VALUES})`);
  const { blobs } = ctx.platform;
  async function* parts(): AsyncGenerator<PairPart> {
    for (const [i, [x, y]] of pairs.entries()) {
      const [one, other] = [await blobs.get(x.blob!), await blobs.get(y.blob!)];
      if (i > 0) yield { a: one, b: other };
      else {
        const unitsOf = async (row: OutcomeRun) => (row.unit_blob ? await blobs.get(row.unit_blob) : null);
        yield { a: one, b: other, units: [await unitsOf(x), await unitsOf(y)] };
      }
    }
  }
  const { direction } = scoreOutput(benchmark.protocolRecord, scoreKey);
  try {
    return await computePair({ kind: 'pair', direction, most: MOST_EXAMPLES }, parts());
  } catch (error) {
    if (error instanceof BlobError) return nothing(`stored outcomes cannot be read: ${error.message}`);
    throw error;
  }
}
