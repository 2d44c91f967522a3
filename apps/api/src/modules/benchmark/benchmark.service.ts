/** Benchmarks as the database keeps them, joined with what the code says of them. */
import { schema } from '@touchstone/db';
import { labelFolder } from '@touchstone/eval/meta';
import { desc } from 'drizzle-orm';
import { datasetDefinition, datasetStatus } from '../../lib/catalogue.js';
import { arrayPage, type Page, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import type { BenchmarkState } from '../../lib/enums.js';
import { ApiError } from '../../lib/errors.js';
import { toEntry } from '../entry/entry.loader.js';
import type { Entry } from '../entry/entry.type.js';
import { type Resolution, resolutionOf } from '../entry/resolution.service.js';
import { toBenchmark } from './benchmark.loader.js';
import type { Benchmark } from './benchmark.type.js';

const NAME = /^([a-z0-9-]{1,100})(?:@([0-9]{1,6}))?$/;

/** By `key` (newest version) or `key@version`; null where there is none. */
export async function findBenchmark(ctx: Pick<Context, 'loaders'>, name: string): Promise<Benchmark | null> {
  const [, key, version] = NAME.exec(name) ?? [];
  if (!key) return null;
  const versions = await ctx.loaders.benchmark.byKey.load(key);
  if (version) return versions.find((b) => b.version === Number(version)) ?? null;
  return versions.find((b) => b.row.current) ?? versions[0] ?? null;
}

/** Throws UNKNOWN_BENCHMARK as a bad input that names the known keys. */
export async function requireBenchmark(ctx: Context, name: string): Promise<Benchmark> {
  const found = await findBenchmark(ctx, name);
  if (found) return found;
  const known = (await currentBenchmarks(ctx)).map((b) => b.key);
  throw new ApiError('UNKNOWN_BENCHMARK', `no benchmark ${name.slice(0, 100)}`, {
    field: 'benchmark',
    value: name,
    allowed: known.join(', '),
  });
}

/** Newest versions by key, read once an operation. */
export function currentBenchmarks(ctx: Pick<Context, 'loaders'>): Promise<Benchmark[]> {
  return ctx.loaders.benchmark.current.load('');
}

/** Boards that train, those that score predictions, smoke benchmarks. */
const groupOf = ({ scale, track }: Benchmark): number => (scale === 'SMOKE' ? 2 : track === 'predictions' ? 1 : 0);

/** Newest versions in their groups, each by key. */
export async function listBenchmarks(
  ctx: Context,
  args: PageArgs & { readonly superseded?: boolean | null },
): Promise<Page<Benchmark>> {
  const { db } = ctx.platform;
  const all = args.superseded
    ? (await db.select().from(schema.benchmarks).orderBy(schema.benchmarks.key, desc(schema.benchmarks.version))).map(
        toBenchmark,
      )
    : await currentBenchmarks(ctx);
  const sorted = all.toSorted((a, b) => groupOf(a) - groupOf(b));
  return arrayPage('benchmarks', { superseded: args.superseded ?? false }, sorted, (b) => b.row.id, args);
}

export interface Availability {
  readonly state: BenchmarkState;
  readonly message: string;
}

/** Whether runs can start: the data are here, or a worker elsewhere says that it has them. */
export async function availability(ctx: Context, benchmark: Benchmark): Promise<Availability> {
  if (!benchmark.isOpen)
    return {
      state: 'SUPERSEDED',
      message: `Version ${benchmark.version} is closed to new runs; its board stays readable.`,
    };
  if (benchmark.reportedOnly)
    return { state: 'READY', message: 'Takes published numbers with their source; nothing is scored here.' };
  for (const { key } of benchmark.protocolRecord.datasets) {
    if (benchmark.predictions && labelFolder(key)) continue;
    const definition = datasetDefinition(key);
    const status = definition && (await datasetStatus(definition));
    if (status && (status.state === 'BUNDLED' || status.state === 'PRESENT')) continue;
    if ((await ctx.loaders.benchmark.datasetsOfWorkers.load('')).includes(key)) continue;
    if (benchmark.predictions)
      return {
        state: 'DATA_MISSING',
        message: `The official labels are not here: a folder ${key} under TOUCHSTONE_DATA.`,
      };
    const message = status ? status.message : `The code no longer defines the dataset ${key}.`;
    return { state: 'DATA_MISSING', message: `${key} is not here. ${message}` };
  }
  if (benchmark.predictions) return { state: 'READY', message: 'Predictions can be scored.' };
  return { state: 'READY', message: 'The data are present; runs can start.' };
}

/** The row that others are compared with at published defaults, else the tuned one. */
export async function baselineOf(ctx: Context, benchmark: Benchmark): Promise<Entry | null> {
  const references = await ctx.loaders.benchmark.references.load(benchmark.row.id);
  const baselines = references.filter((row) => row.reference === 'BASELINE');
  const row = baselines.find(({ division }) => division === 'PUBLISHED_DEFAULTS') ?? baselines[0];
  return row ? toEntry(row) : null;
}

export async function untrainedOf(ctx: Context, benchmark: Benchmark): Promise<Entry | null> {
  const references = await ctx.loaders.benchmark.references.load(benchmark.row.id);
  const row = references.find((reference) => reference.reference === 'UNTRAINED');
  return row ? toEntry(row) : null;
}

/** Ceiling, or the best complete row, minus the untrained row; positive is room. Null until both are known. */
export async function headroomOf(ctx: Context, benchmark: Benchmark): Promise<number | null> {
  const rows = await ctx.loaders.benchmark.summaries.load(benchmark.row.id);
  const untrained = rows.find((row) => row.reference === 'UNTRAINED');
  const sign = benchmark.primary.direction === 'higher' ? 1 : -1;
  const trained = rows.filter((row) => row.reference !== 'UNTRAINED' && row.complete).map((row) => row.mean * sign);
  const top = benchmark.definition?.ceiling?.value ?? (trained.length > 0 ? Math.max(...trained) * sign : null);
  return untrained && top !== null ? (top - untrained.mean) * sign : null;
}

/** What the board can see by its primary score. */
export function resolution(ctx: Context, benchmark: Benchmark): Promise<Resolution> {
  return resolutionOf(ctx, { benchmark, scoreKey: benchmark.protocolRecord.primary });
}
