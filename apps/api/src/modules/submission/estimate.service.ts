/** What a submission would cost, without storing anything. */
import { schema, type Database } from '@touchstone/db';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { nextQueuePosition } from '../../jobs/queue-state.js';
import type { Context } from '../../lib/context.js';
import { rowsOf } from '../../lib/sql.js';
import { Refused, toUserError } from '../../lib/user-error.js';
import { waitingReasonOf } from '../run/run.service.js';
import type { SubmitVariantInput } from './submission.input.js';
import type { Estimate } from './submission.type.js';
import { checkVariant, type Checked } from './submission.validate.js';

/** Median of the runs of the same method on the board, else of every run on it. */
async function secondsPerRun(ctx: Context, { benchmark, resolved }: Checked): Promise<number | null> {
  const [row] = await rowsOf<{ own: number | null; every: number | null }>(
    ctx.platform.db,
    sql`select percentile_cont(0.5) within group (order by r.wall_ms) filter (where e.method_key = ${resolved.ranked.method}) as own,
        percentile_cont(0.5) within group (order by r.wall_ms) as every
      from runs r join entries e on e.id = r.entry_id
      where e.benchmark_id = ${benchmark.row.id} and e.division = ${resolved.division} and r.state = 'SUCCEEDED' and e.reference is distinct from 'UNTRAINED'`,
  );
  const ms = row?.own ?? row?.every ?? null;
  return ms === null ? null : ms / 1000;
}

/** Runs of the entry that exist, by seed; for estimates. */
async function existingSeeds(db: Database, { benchmark, resolved, seeds }: Checked): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`count(distinct ${schema.runs.seed})::int` })
    .from(schema.runs)
    .innerJoin(schema.entries, eq(schema.entries.id, schema.runs.entryId))
    .where(
      and(
        eq(schema.entries.benchmarkId, benchmark.row.id),
        eq(schema.entries.claim, 'RERUN'),
        eq(schema.entries.division, resolved.division),
        eq(schema.entries.variantHash, resolved.variantHash),
        inArray(schema.runs.seed, [...seeds]),
        sql`${schema.runs.state} <> 'CANCELLED'`,
      ),
    );
  return row?.n ?? 0;
}

export async function estimate(ctx: Context, input: SubmitVariantInput): Promise<Estimate> {
  try {
    const checked = await checkVariant(ctx, input);
    const { seeds, benchmark, resolved } = checked;
    return {
      valid: true,
      userErrors: [],
      variantHash: resolved.variantHash,
      division: resolved.division,
      secondsPerRun: await secondsPerRun(ctx, checked),
      runs: seeds.length,
      newRuns: seeds.length - (await existingSeeds(ctx.platform.db, checked)),
      queuePosition: (await nextQueuePosition(ctx.platform.db, ctx.actor?.userId ?? null)) - 1,
      waitingReason: await waitingReasonOf(ctx, benchmark, resolved.variant),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      valid: false,
      userErrors: error.refusals.map(toUserError),
      variantHash: null,
      division: null,
      secondsPerRun: null,
      runs: 0,
      newRuns: 0,
      queuePosition: 0,
      waitingReason: null,
    };
  }
}
