/** Reading submissions. Withdrawn ones are seen by their submitter and by owners only. */
import { schema } from '@touchstone/db';
import { and, desc, eq, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { isAdmin, requireScope, type Actor } from '../../lib/auth.js';
import { keysetPage, type Page, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { decodeCursor, pageSize, scopeOf } from '../../lib/cursor.js';
import type { RunState } from '../../lib/enums.js';
import { make } from '../../lib/make.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import type { Run } from '../run/run.type.js';
import { Submission, type SubmissionRow } from './submission.type.js';

const { entries, submissions } = schema;

export const toSubmission = (row: SubmissionRow): Submission => make(Submission, { row });

export const mayRead = (actor: Actor | null, row: SubmissionRow): boolean =>
  row.withdrawnAt === null || isAdmin(actor) || (actor !== null && actor.userId === row.userId);

/** Null where there is none that the actor may see. */
export async function findSubmission(ctx: Context, id: string): Promise<Submission | null> {
  const row = await ctx.loaders.submission.byId.load(id);
  return row && mayRead(ctx.actor, row) ? toSubmission(row) : null;
}

export interface SubmissionsArgs extends PageArgs {
  readonly mine?: boolean | null;
  readonly benchmark?: string | null;
}

/** Newest first. Throws UNKNOWN_BENCHMARK, BAD_INPUT, BAD_CURSOR. */
export async function listSubmissions(ctx: Context, args: SubmissionsArgs): Promise<Page<Submission>> {
  const { db } = ctx.platform;
  const size = pageSize(args.first, 20);
  const mine = args.mine ? requireScope(ctx.actor, 'read').userId : null;
  const benchmark = args.benchmark ? await requireBenchmark(ctx, args.benchmark) : null;
  const visible: SQL | undefined = isAdmin(ctx.actor)
    ? undefined
    : or(isNull(submissions.withdrawnAt), ctx.actor ? eq(submissions.userId, ctx.actor.userId) : undefined);
  const where = [
    visible,
    mine ? eq(submissions.userId, mine) : undefined,
    benchmark ? eq(entries.benchmarkId, benchmark.row.id) : undefined,
  ];
  const scope = scopeOf('submissions', { mine, benchmark: benchmark?.row.id ?? null });
  const after = args.after ? String(decodeCursor(scope, args.after, 1)[0]) : null;
  const rows = await db
    .select({ row: submissions })
    .from(submissions)
    .innerJoin(entries, eq(entries.id, submissions.entryId))
    .where(and(...where, after ? lt(submissions.id, sql`${after}::uuid`) : undefined))
    .orderBy(desc(submissions.id))
    .limit(size + 1);
  return keysetPage({
    rows,
    size,
    scope,
    after: args.after,
    key: ({ row }) => [row.id],
    node: ({ row }) => toSubmission(row),
    count: async () => {
      const [counted] = await db
        .select({ n: sql<number>`count(*)::int` })
        .from(submissions)
        .innerJoin(entries, eq(entries.id, submissions.entryId))
        .where(and(...where));
      return counted?.n ?? 0;
    },
  });
}

export async function runsOf(ctx: Context, submission: Submission): Promise<Run[]> {
  return (await ctx.loaders.submission.runs.load(submission.row.id)).map(({ run }) => run);
}

/** One word for all its runs: what still happens, else what went wrong, else success. */
export function stateOf(runs: readonly { readonly state: RunState }[]): RunState {
  const order: readonly RunState[] = ['RUNNING', 'QUEUED', 'FAILED', 'CANCELLED'];
  return order.find((state) => runs.some((run) => run.state === state)) ?? 'SUCCEEDED';
}
