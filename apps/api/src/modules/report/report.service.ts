/**
 * Published numbers become an entry with claim REPORTED. Summaries are always recomputed from the scores of runs, so the numbers
 * hang on a run too: ended, never claimed by a worker, without receipt, cost or outcomes, and its message says what it is.
 */
import { type Database, schema } from '@touchstone/db';
import { type Variant, variantHash } from '@touchstone/eval/meta';
import { and, eq } from 'drizzle-orm';
import { type EntryRow, upsertEntry } from '../../jobs/entries.js';
import { recordEvent } from '../../jobs/events.js';
import { recomputeEntry } from '../../jobs/summary.js';
import { type Actor, requireScope } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { once } from '../../lib/idempotency.js';
import { refuse } from '../../lib/user-error.js';
import { uuidv7 } from '../../lib/uuid.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { announce } from '../submission/submission.store.js';
import type { Submission } from '../submission/submission.type.js';
import { openBenchmark } from '../submission/submission.validate.js';
import type { ReportResultsInput } from './report.input.js';
import { checkReport, type Report } from './report.validate.js';

const REPORTED_MESSAGE = 'reported: published numbers, nothing ran here';

async function requireReportable(ctx: Context, name: string): Promise<Benchmark> {
  const benchmark = await openBenchmark(ctx, name);
  if (benchmark.track === 'predictions') return benchmark;
  return refuse({
    code: 'WRONG_TRACK',
    message: `${benchmark.key} ranks what it has trained; it takes no reported numbers`,
    field: 'input.benchmark',
    value: name,
    allowed: 'a benchmark of the predictions track',
  });
}

/** The run that carries the numbers; the same report again finds it. */
async function numbersOf(tx: Database, entry: EntryRow, actor: Actor, { scores }: Report): Promise<string> {
  const { runs } = schema;
  const now = new Date();
  const [made] = await tx
    .insert(runs)
    .values({
      id: uuidv7(),
      entryId: entry.id,
      userId: actor.userId,
      seed: 0,
      state: 'SUCCEEDED',
      message: REPORTED_MESSAGE,
      createdAt: now,
      finishedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: runs.id });
  if (made) {
    await tx.insert(schema.scores).values(scores.map(({ key, value }) => ({ runId: made.id, key, value })));
    return made.id;
  }
  const [known] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.entryId, entry.id), eq(runs.seed, 0), eq(runs.generation, 1)));
  return known!.id;
}

async function storeReport(
  tx: Database,
  actor: Actor,
  benchmark: Benchmark,
  report: Report,
  input: unknown,
): Promise<string> {
  const { name, scores, source } = report;
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    reported: { name, url: source.url, scores },
  };
  const entry = await upsertEntry(tx, {
    benchmark: benchmark.row,
    claim: 'REPORTED',
    division: 'OPEN',
    variant,
    variantHash: variantHash(variant),
    label: name,
    source,
  });
  // A row that was taken back returns with what is said of its source now.
  if (entry.withdrawn) await tx.update(schema.entries).set({ source }).where(eq(schema.entries.id, entry.id));
  const runId = await numbersOf(tx, entry, actor, report);
  const id = uuidv7();
  await tx.insert(schema.submissions).values({
    id,
    userId: actor.userId,
    entryId: entry.id,
    generation: 1,
    input,
    note: null,
    createdAt: new Date(),
  });
  await tx.insert(schema.submissionRuns).values({ submissionId: id, runId });
  await recordEvent(tx, {
    kind: 'REPORTED',
    message: `${name}: numbers reported from ${new URL(source.url).host}`,
    actorId: actor.userId,
    benchmarkId: benchmark.row.id,
    entryId: entry.id,
  });
  await recomputeEntry(tx, entry.id);
  return id;
}

/** Throws UNAUTHENTICATED, FORBIDDEN; Refused with every reason. The same numbers from the same source again are the same entry. */
export async function reportResults(ctx: Context, input: ReportResultsInput): Promise<Submission> {
  const actor = requireScope(ctx.actor, 'submit');
  const benchmark = await requireReportable(ctx, input.benchmark);
  const report = checkReport(benchmark, input);
  const { idempotencyKey: key, ...asked } = input;
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(tx, { userId: actor.userId, operation: 'reportResults', key, input: asked }, async () => [
      await storeReport(tx, actor, benchmark, report, asked),
    ]),
  );
  return (await announce(ctx, ids))[0]!;
}
