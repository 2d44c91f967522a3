/** Runs: lists, what may be done with one, and why one waits. */
import { schema } from '@touchstone/db';
import type { Protocol, Variant } from '@touchstone/eval/meta';
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { reasonForWaiting, requirementsOf } from '../../jobs/requirements.js';
import { cancelRun as cancelJob } from '../../jobs/runs.js';
import { isAdmin, requireScope } from '../../lib/auth.js';
import { keysetPage, type Page, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { decodeCursor, pageSize, scopeOf, type KeyPart } from '../../lib/cursor.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import { refuse } from '../../lib/user-error.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import type { RunFilter, RunOrder } from './run.input.js';
import { toRun } from './run.loader.js';
import type { Run, RunRow } from './run.type.js';

const { entries, runs } = schema;

export interface RunsArgs extends PageArgs {
  readonly where?: RunFilter | null;
  readonly orderBy?: RunOrder | null;
}

async function conditions(ctx: Context, where: RunFilter): Promise<SQL[]> {
  const found: SQL[] = [];
  if (where.benchmark) found.push(eq(entries.benchmarkId, (await requireBenchmark(ctx, where.benchmark)).row.id));
  if (where.methods) found.push(where.methods.length > 0 ? inArray(entries.methodKey, where.methods) : sql`false`);
  if (where.states) found.push(where.states.length > 0 ? inArray(runs.state, where.states) : sql`false`);
  if (where.seed !== undefined && where.seed !== null) found.push(eq(runs.seed, where.seed));
  const sent = (condition: SQL) =>
    sql`exists (select 1 from submission_runs sr join submissions su on su.id = sr.submission_id where sr.run_id = ${runs.id} and ${condition})`;
  if (where.submission) found.push(sent(sql`su.id = ${idOf('Submission', where.submission, 'where.submission')}`));
  if (where.mine) found.push(sent(sql`su.user_id = ${requireScope(ctx.actor, 'read').userId}`));
  return found;
}

/** A number that ascends in the asked order; unfinished runs last whichever way. */
function sortValue({ field, direction }: RunOrder): SQL {
  const sign = direction === 'ASC' ? 1 : -1;
  if (field === 'SEED') return sql`${runs.seed}::float8 * ${sign}::int`;
  const column = field === 'CREATED_AT' ? runs.createdAt : runs.finishedAt;
  return sql`coalesce(extract(epoch from ${column})::float8 * ${sign}::int, 'Infinity'::float8)`;
}

interface Keyed {
  readonly run: RunRow;
  readonly value: number;
}

/** Throws UNKNOWN_BENCHMARK, BAD_INPUT, BAD_CURSOR, BAD_ID. */
export async function listRuns(ctx: Context, args: RunsArgs): Promise<Page<Run>> {
  const { db } = ctx.platform;
  const order = args.orderBy ?? { field: 'CREATED_AT', direction: 'DESC' };
  const size = pageSize(args.first, 20);
  const where = await conditions(ctx, args.where ?? {});
  const scope = scopeOf('runs', { where: args.where ?? {}, order, user: args.where?.mine ? ctx.actor?.userId : null });
  const value = sortValue(order);
  const after = args.after ? decodeCursor(scope, args.after, 2) : null;
  const from = after
    ? [
        sql`(${value}, ${runs.id}) > (${after[0] === null ? 'Infinity' : String(after[0])}::float8, ${String(after[1])}::uuid)`,
      ]
    : [];
  const rows: Keyed[] = await db
    .select({ run: runs, value: sql<number>`${value}`.as('value') })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(and(...where, ...from))
    .orderBy(sql`value`, runs.id)
    .limit(size + 1);
  return keysetPage({
    rows,
    size,
    scope,
    after: args.after,
    key: (row): KeyPart[] => [Number.isFinite(row.value) ? row.value : null, row.run.id],
    node: ({ run }) => toRun(run),
    count: async () => {
      const [row] = await db
        .select({ n: sql<number>`count(*)::int` })
        .from(runs)
        .innerJoin(entries, eq(entries.id, runs.entryId))
        .where(and(...where));
      return row?.n ?? 0;
    },
  });
}

/**
 * Cancels a run. Its submitter may, unless somebody else's live submission waits for it too; owners may always.
 * Refuses RUN_ENDED; throws FORBIDDEN or UNAUTHENTICATED.
 */
export async function cancelRun(ctx: Context, id: string): Promise<Run> {
  const actor = requireScope(ctx.actor, 'submit');
  const runId = idOf('Run', id, 'input.id');
  const run = await ctx.loaders.run.byId.load(runId);
  if (!run) refuse({ code: 'NOT_FOUND', message: 'no such run', field: 'input.id', value: id });
  if (!isAdmin(actor)) {
    const senders = await ctx.loaders.run.senders.load(runId);
    if (!senders.some(({ user_id }) => user_id === actor.userId))
      throw new ApiError('FORBIDDEN', 'the run belongs to somebody else', {
        field: 'input.id',
        value: id,
        allowed: 'a run of your own submissions',
      });
    if (senders.some(({ user_id }) => user_id !== actor.userId))
      refuse({
        code: 'RUN_SHARED',
        message: "somebody else's submission waits for this run too",
        field: 'input.id',
        value: id,
        allowed: 'withdrawSubmission, which leaves the run to the others',
      });
  }
  if (run.state !== 'QUEUED' && run.state !== 'RUNNING')
    refuse({
      code: 'RUN_ENDED',
      message: `the run has ended: ${run.state}`,
      field: 'input.id',
      value: id,
      allowed: 'a run that is QUEUED or RUNNING',
    });
  const cancelled = await cancelJob(ctx.platform, runId, actor.userId);
  return cancelled ? toRun(cancelled) : run;
}

/** In words, for queued runs; null when a worker will take it in its turn. */
export async function waitingReason(ctx: Context, run: Run): Promise<string | null> {
  if (run.state !== 'QUEUED') return null;
  if (run.row.waitingReason) return run.row.waitingReason;
  const { row } = (await ctx.loaders.entry.byId.load(run.row.entryId))!;
  const benchmark = (await ctx.loaders.benchmark.byId.load(row.benchmarkId))!;
  return waitingReasonOf(ctx, benchmark, row.variant as Variant);
}

/** Why runs of a variant would wait now. */
export async function waitingReasonOf(ctx: Context, { row }: Benchmark, variant: Variant): Promise<string | null> {
  const { workers, lastSeen } = await ctx.loaders.run.online.load('');
  return reasonForWaiting(requirementsOf(row.protocol as Protocol, row.hash, variant), workers, lastSeen);
}
