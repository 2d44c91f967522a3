/** Running a submission anew, and taking it back. */
import { schema } from '@touchstone/db';
import { and, eq, sql } from 'drizzle-orm';
import { newestGeneration } from '../../jobs/enqueue.js';
import { recordEvent } from '../../jobs/events.js';
import { cancelRun } from '../../jobs/runs.js';
import { recomputeEntries } from '../../jobs/summary.js';
import { isAdmin, requireScope, type Actor } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import { once } from '../../lib/idempotency.js';
import { rowsOf } from '../../lib/sql.js';
import { refuse } from '../../lib/user-error.js';
import type { RerunSubmissionInput, WithdrawSubmissionInput } from './submission.input.js';
import { mayRead, toSubmission } from './submission.service.js';
import { announce, store } from './submission.store.js';
import type { Submission, SubmissionRow } from './submission.type.js';

const { submissions } = schema;

/** A submission that the actor may act on. Hidden ones are NOT_FOUND, others' are FORBIDDEN. */
async function own(ctx: Context, actor: Actor, id: string): Promise<SubmissionRow> {
  const row = await ctx.loaders.submission.byId.load(idOf('Submission', id, 'input.id'));
  if (!row || !mayRead(actor, row))
    return refuse({
      code: 'NOT_FOUND',
      message: 'no such submission',
      field: 'input.id',
      value: id,
      allowed: 'a submission of your own',
    });
  if (row.userId !== actor.userId && !isAdmin(actor))
    throw new ApiError('FORBIDDEN', 'the submission belongs to somebody else', {
      field: 'input.id',
      value: id,
      allowed: 'a submission of your own',
    });
  return row;
}

/** A new submission of the same variant and seeds whose runs are a new generation. Refuses while the newest one still runs. */
export async function rerunSubmission(ctx: Context, input: RerunSubmissionInput): Promise<Submission> {
  const actor = requireScope(ctx.actor, 'submit');
  const first = await own(ctx, actor, input.id);
  const entry = (await ctx.loaders.entry.byId.load(first.entryId))!.row;
  const benchmark = (await ctx.loaders.benchmark.byId.load(entry.benchmarkId))!;
  // Read before the transaction: the embedded database has one connection, which the transaction holds.
  const mine = await ctx.loaders.submission.runs.load(first.id);
  const seeds = [...new Set([...benchmark.seeds, ...mine.map(({ run }) => run.seed)])].sort((a, b) => a - b);
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(
      tx,
      { userId: actor.userId, operation: 'rerunSubmission', key: input.idempotencyKey, input: { id: input.id } },
      async () => {
        if (first.withdrawnAt)
          refuse({
            code: 'WITHDRAWN',
            message: 'the submission was withdrawn',
            field: 'input.id',
            value: input.id,
            allowed: 'submitVariant',
          });
        if (entry.claim === 'REPORTED')
          refuse({
            code: 'REPORTED_ONLY',
            message: 'reported numbers were not computed here, so nothing can be run again',
            field: 'input.id',
            value: input.id,
            allowed: 'a submission that was scored here',
          });
        if (!benchmark.isOpen)
          refuse({
            code: 'BENCHMARK_SUPERSEDED',
            message: `${benchmark.key}@${benchmark.version} is closed to new runs`,
            field: 'input.id',
            value: input.id,
            allowed: 'a submission to a newest version',
          });
        await tx.execute(sql`select id from entries where id = ${entry.id} for update`);
        const newest = await newestGeneration(tx, entry.id);
        const runs = await tx
          .select()
          .from(schema.runs)
          .where(and(eq(schema.runs.entryId, entry.id), eq(schema.runs.generation, newest)));
        if (runs.some(({ state }) => state === 'QUEUED' || state === 'RUNNING'))
          refuse({
            code: 'STILL_RUNNING',
            message: 'the newest generation has not ended',
            field: 'input.id',
            value: input.id,
            allowed: 'a submission whose runs have ended',
          });
        const event = { kind: 'RERUN', message: `generation ${newest + 1} of ${entry.label}` } as const;
        return store(tx, actor, [
          {
            entryId: entry.id,
            benchmarkId: entry.benchmarkId,
            generation: newest + 1,
            seeds,
            input: first.input,
            note: first.note,
            event,
          },
        ]);
      },
    ),
  );
  return (await announce(ctx, ids))[0]!;
}

/** Takes a submission back. Its waiting runs end unless another live submission points to them; a row with no live submission leaves the board. */
export async function withdrawSubmission(ctx: Context, input: WithdrawSubmissionInput): Promise<Submission> {
  const actor = requireScope(ctx.actor, 'submit');
  const row = await own(ctx, actor, input.id);
  if ((input.reason?.length ?? 0) > 500)
    refuse({
      code: 'PARAM_RANGE',
      message: 'reason is longer than 500 characters',
      field: 'input.reason',
      value: input.reason!.length,
      allowed: 'at most 500 characters',
    });
  if (row.withdrawnAt) return toSubmission(row);
  const entry = (await ctx.loaders.entry.byId.load(row.entryId))!.row;
  const orphaned = await ctx.platform.db.transaction(async (tx) => {
    await tx
      .update(submissions)
      .set({ withdrawnAt: new Date(), withdrawnReason: input.reason ?? null })
      .where(eq(submissions.id, row.id));
    const message = `${entry.label} withdrawn${input.reason ? `: ${input.reason}` : ''}`;
    await recordEvent(tx, {
      kind: 'WITHDRAWN',
      message,
      actorId: actor.userId,
      benchmarkId: entry.benchmarkId,
      entryId: entry.id,
    });
    await recomputeEntries(tx, [entry.id]);
    return rowsOf<{ id: string }>(
      tx,
      sql`select r.id from runs r join submission_runs sr on sr.run_id = r.id
        where sr.submission_id = ${row.id} and r.state in ('QUEUED', 'RUNNING') and not exists (
          select 1 from submission_runs o join submissions s on s.id = o.submission_id where o.run_id = r.id and s.withdrawn_at is null)`,
    );
  });
  for (const { id } of orphaned) await cancelRun(ctx.platform, id, actor.userId);
  return (await announce(ctx, [row.id]))[0]!;
}
