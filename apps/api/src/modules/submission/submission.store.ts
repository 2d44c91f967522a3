/** Storing submissions with their runs, in the caller's transaction. */
import { schema, type Database } from '@touchstone/db';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import { createRuns, PRIORITY } from '../../jobs/enqueue.js';
import { upsertEntry, type EntryRow } from '../../jobs/entries.js';
import { recomputeEntries } from '../../jobs/summary.js';
import type { Actor } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { LIMITS } from '../../lib/limits.js';
import { createLoaders } from '../../lib/loaders.js';
import { refuse } from '../../lib/user-error.js';
import { uuidv7 } from '../../lib/uuid.js';
import { toSubmission } from './submission.service.js';
import type { Submission, SubmissionRow } from './submission.type.js';
import type { Checked } from './submission.validate.js';

const { submissions, submissionRuns } = schema;

export interface Order {
  readonly entryId: string;
  readonly benchmarkId: string;
  readonly generation: number;
  readonly seeds: readonly number[];
  readonly input: unknown;
  readonly note: string | null;
  readonly event: { readonly kind: 'SUBMITTED' | 'RERUN'; readonly message: string };
}

/** One person's waiting runs are bounded, so that a script gone wild fills no disk. */
async function requireRoom(tx: Database, actor: Actor, more: number): Promise<void> {
  const [row] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(schema.runs)
    .where(
      and(
        eq(schema.runs.userId, actor.userId),
        eq(schema.runs.state, 'QUEUED'),
        // What the platform scores again by itself takes no room from anybody.
        eq(schema.runs.priority, PRIORITY.people),
      ),
    );
  if ((row?.n ?? 0) + more > LIMITS.waitingRuns)
    refuse({
      code: 'QUEUE_FULL',
      message: `${row!.n} of your runs wait already`,
      field: 'input',
      value: more,
      allowed: `at most ${LIMITS.waitingRuns} waiting runs of one person`,
    });
}

/** Submissions with their runs; rows of one table go in one statement. Returns their ids in order. */
export async function store(tx: Database, actor: Actor, orders: readonly Order[]): Promise<string[]> {
  await requireRoom(
    tx,
    actor,
    orders.reduce((n, { seeds }) => n + seeds.length, 0),
  );
  const createdAt = new Date();
  const rows = orders.map(({ entryId, generation, input, note }): SubmissionRow => ({
    id: uuidv7(),
    userId: actor.userId,
    entryId,
    generation,
    input,
    note,
    createdAt,
    withdrawnAt: null,
    withdrawnReason: null,
  }));
  const links: { submissionId: string; runId: string }[] = [];
  for (const [i, { entryId, generation, seeds }] of orders.entries()) {
    const runs = await createRuns(tx, { entryId, seeds, userId: actor.userId, generation });
    links.push(...runs.map((run) => ({ submissionId: rows[i]!.id, runId: run.id })));
  }
  await tx.insert(submissions).values(rows);
  await tx.insert(submissionRuns).values(links);
  await tx.insert(schema.events).values(
    orders.map(({ event, benchmarkId, entryId }) => ({
      ...event,
      id: uuidv7(),
      at: createdAt,
      actorId: actor.userId,
      benchmarkId,
      entryId,
    })),
  );
  await recomputeEntries(
    tx,
    orders.map(({ entryId }) => entryId),
  );
  return rows.map(({ id }) => id);
}

/** The same variant points to the same entry and runs, whoever sent it first. */
export async function storeVariants(
  tx: Database,
  actor: Actor,
  sent: readonly { readonly checked: Checked; readonly input: unknown }[],
): Promise<string[]> {
  const entries: EntryRow[] = [];
  for (const { checked } of sent) {
    const { variant, variantHash, division } = checked.resolved;
    const benchmark = checked.benchmark.row;
    entries.push(await upsertEntry(tx, { benchmark, claim: 'RERUN', division, variant, variantHash }));
  }
  const newest = await tx
    .select({ entryId: schema.runs.entryId, generation: max(schema.runs.generation) })
    .from(schema.runs)
    .where(
      inArray(
        schema.runs.entryId,
        entries.map(({ id }) => id),
      ),
    )
    .groupBy(schema.runs.entryId);
  const generations = new Map(newest.map(({ entryId, generation }) => [entryId, generation]));
  const orders = sent.map(({ checked, input }, i): Order => {
    const { benchmark, resolved, seeds, note } = checked;
    const entryId = entries[i]!.id;
    const message = `${resolved.label} submitted to ${resolved.division}`;
    return {
      entryId,
      benchmarkId: benchmark.row.id,
      generation: generations.get(entryId) ?? 1,
      seeds,
      input,
      note,
      event: { kind: 'SUBMITTED', message },
    };
  });
  return store(tx, actor, orders);
}

/** After the commit: what this request read before is stale, and others should hear of it. */
export async function announce(ctx: Context, ids: readonly string[]): Promise<Submission[]> {
  ctx.loaders = createLoaders(ctx.platform);
  const rows = (await ctx.loaders.submission.byId.loadMany([...ids])).filter(
    (row): row is SubmissionRow => row !== null && !(row instanceof Error),
  );
  const entries = await Promise.all(
    [...new Set(rows.map((row) => row.entryId))].map((id) => ctx.loaders.entry.byId.load(id)),
  );
  const boards = await Promise.all(
    [...new Set(entries.map((entry) => entry!.row.benchmarkId))].map((id) => ctx.loaders.benchmark.byId.load(id)),
  );
  for (const board of boards) ctx.platform.bus.publish('board', board!.key);
  ctx.platform.wakeDispatcher();
  return rows.map(toSubmission);
}
