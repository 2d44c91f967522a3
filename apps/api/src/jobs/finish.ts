/** A result becomes scores, outcomes, receipt and a new summary, once. */
import { inflateSync } from 'node:zlib';
import { type Database, schema } from '@touchstone/db';
import {
  outputOf,
  type Protocol,
  type Receipt,
  scoreOutputs,
  type TuningRecord,
  type Variant,
  verifyReceipt,
} from '@touchstone/eval/meta';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Platform } from '../platform.js';
import type { RunRow } from './enqueue.js';
import { recordEvent } from './events.js';
import { noteLabels } from './labels.js';
import { announce, type Ended, endAttempt, lockRun } from './runs.js';
import { checkSketches, checkUnits } from './report-units.js';
import { ReportRefused } from './report-refused.js';
import { storeCoarse } from './series.js';
import { recomputeEntry } from './summary.js';

export interface ResultReport {
  readonly scores: Readonly<Record<string, number>>;
  /** Score key → zlib-compressed little-endian float64, base64. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Score key → encoded bootstrap sketch, base64. */
  readonly sketches: Readonly<Record<string, string>>;
  /** zlib-compressed JSON of the test units' names and groups, base64. */
  readonly units: string | null;
  readonly convergence: 'CONVERGED' | 'NOT_CONVERGED';
  readonly tuning: TuningRecord | null;
  readonly resources: Readonly<{ wallMs: number; cpuMs: number; peakBytes: number; flops: number }>;
  readonly receipt: Receipt;
  readonly contended: boolean;
}

export { ReportRefused };

/** Who reports on which attempt; anything but the current attempt of that worker is refused. */
export interface Fence {
  readonly workerId: string;
  readonly runId: string;
  readonly attempt: number;
}

/** The run, locked, if this worker still runs this attempt of it. Throws ReportRefused. */
export async function fenced(tx: Database, fence: Fence): Promise<RunRow> {
  const run = await lockRun(tx, fence.runId);
  if (!run) throw new ReportRefused('RUN_UNKNOWN', `there is no run ${fence.runId}`);
  if (run.state !== 'RUNNING' || run.attempt !== fence.attempt || run.workerId !== fence.workerId)
    throw new ReportRefused(
      'STALE_ATTEMPT',
      `attempt ${fence.attempt} is over: the run is ${run.state} in attempt ${run.attempt}`,
    );
  return run;
}

/** A file of the predictions that this attempt scores. Throws ReportRefused. */
export async function predictionFile(
  { db }: Platform,
  fence: Fence,
  position: number,
): Promise<{ readonly name: string; readonly sha256: string }> {
  const entryId = await db.transaction(async (tx) => (await fenced(tx, fence)).entryId);
  const [entry] = await db
    .select({ variant: schema.entries.variant })
    .from(schema.entries)
    .where(eq(schema.entries.id, entryId));
  const file = (entry?.variant as Variant | undefined)?.predictions?.files[position];
  if (!file) throw new ReportRefused('RUN_UNKNOWN', `run ${fence.runId} has no file ${position}`);
  return file;
}

const MAX_OUTCOME_BYTES = 64 * 1024 * 1024;

function unitsOf(key: string, bytes: Uint8Array): number {
  try {
    const size = inflateSync(bytes, { maxOutputLength: MAX_OUTCOME_BYTES }).byteLength;
    if (size % 8 === 0) return size / 8;
  } catch {
    // Told below, like a size that is no whole number of values.
  }
  throw new ReportRefused(
    'RESULT_INVALID',
    `outcomes.${key} is no compressed float64 array of at most ${MAX_OUTCOME_BYTES} bytes`,
  );
}

function checkReceipt(
  report: ResultReport,
  run: RunRow,
  entry: { variantHash: string },
  benchmark: { hash: string; protocol: unknown },
): void {
  const { receipt, scores } = report;
  const refuse = (message: string): never => {
    throw new ReportRefused('RESULT_INVALID', message);
  };
  const check = verifyReceipt(receipt);
  if (!check.valid) refuse(`the receipt does not verify: ${check.problems.join('; ')}`);
  if (receipt.benchmarkHash !== benchmark.hash) refuse('the receipt is of another benchmark');
  if (receipt.variantHash !== entry.variantHash) refuse('the receipt is of another variant');
  if (receipt.seed !== run.seed) refuse(`the receipt is of seed ${receipt.seed}, the run of seed ${run.seed}`);
  const protocol = benchmark.protocol as Protocol;
  const expected = scoreOutputs(protocol)
    .map((output) => output.key)
    .sort();
  const given = Object.keys(scores).sort();
  const unnamed = protocol.outputs && given.find((key) => !outputOf(protocol, key));
  if (unnamed !== undefined) refuse(`the score ${unnamed} is none of the benchmark's`);
  if (!protocol.outputs && expected.join() !== given.join())
    refuse(`the scores are ${given.join(', ')}, the benchmark has ${expected.join(', ')}`);
  for (const key of given)
    if (!Object.is(scores[key], receipt.scores[key])) refuse(`score ${key} differs from the receipt`);
}

/** Whether a shipped run of the same entry and seed has the same scores, bit for bit; undefined when none was shipped. */
async function compareWithShipped(
  tx: Database,
  run: RunRow,
  scores: ResultReport['scores'],
): Promise<boolean | undefined> {
  const { runs } = schema;
  const [shipped] = await tx
    .select({ id: runs.id, receipt: runs.receipt })
    .from(runs)
    .where(and(eq(runs.entryId, run.entryId), eq(runs.seed, run.seed), eq(runs.shipped, true), ne(runs.id, run.id)));
  if (!shipped) return undefined;
  const theirs = (shipped.receipt as Receipt).scores;
  const equal =
    Object.keys(theirs).length === Object.keys(scores).length &&
    Object.entries(theirs).every(([key, value]) => Object.is(scores[key], value));
  await tx.update(runs).set({ rederivedEqual: equal }).where(eq(runs.id, shipped.id));
  return equal;
}

/**
 * Stores a result and ends the run. The same report again is answered as the first time (`duplicate`). A run whose
 * cancellation was asked for ends cancelled all the same. Throws ReportRefused and leaves everything as it was.
 */
export async function finishRun(
  platform: Platform,
  fence: Fence,
  report: ResultReport,
): Promise<{ state: string; duplicate: boolean }> {
  const sketches = checkSketches(report);
  const stored: { key: string; units: number; blob: string }[] = [];
  for (const [key, text] of Object.entries(report.outcomes)) {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    stored.push({ key, units: unitsOf(key, bytes), blob: await platform.blobs.put(bytes, 'outcomes') });
  }
  const units = checkUnits(report.units, stored);
  const unitBlob = units && (await platform.blobs.put(units, 'units'));
  const outcome = await platform.db.transaction(async (tx): Promise<Ended | RunRow> => {
    const known = await lockRun(tx, fence.runId);
    if (
      known?.state === 'SUCCEEDED' &&
      known.attempt === fence.attempt &&
      known.receiptDigest === report.receipt.digest
    )
      return known;
    const run = await fenced(tx, fence);
    const [owner] = await tx
      .select({ entry: schema.entries, benchmark: schema.benchmarks })
      .from(schema.entries)
      .innerJoin(schema.benchmarks, eq(schema.benchmarks.id, schema.entries.benchmarkId))
      .where(eq(schema.entries.id, run.entryId));
    if (!owner) throw new ReportRefused('RUN_UNKNOWN', `run ${run.id} has no entry`);
    checkReceipt(report, run, owner.entry, owner.benchmark);
    if (run.cancelRequested) return await endAttempt(tx, run, 'CANCELLED_BY_USER', 'cancelled while it ran');
    const scores = Object.entries(report.scores).map(([key, value]) => ({ runId: run.id, key, value }));
    await tx.insert(schema.scores).values(scores);
    if (stored.length > 0) await tx.insert(schema.outcomes).values(stored.map((item) => ({ runId: run.id, ...item })));
    if (sketches.length > 0)
      await tx.insert(schema.sketches).values(sketches.map((item) => ({ runId: run.id, ...item })));
    await storeCoarse(tx, run.id, run.attempt);
    if (report.tuning) await storeTuning(tx, report.tuning);
    const equal = await compareWithShipped(tx, run, report.scores);
    const { wallMs, cpuMs, peakBytes, flops } = report.resources;
    const [ended] = await tx
      .update(schema.runs)
      .set({
        state: 'SUCCEEDED',
        reason: null,
        message: null,
        workerId: fence.workerId,
        leaseUntil: null,
        receipt: report.receipt,
        receiptDigest: report.receipt.digest,
        convergence: report.convergence,
        edge: report.receipt.tuned?.edge ?? false,
        contended: report.contended,
        finishedAt: new Date(),
        wallMs,
        cpuMs,
        peakBytes,
        flops,
        unitBlob,
      })
      .where(eq(schema.runs.id, run.id))
      .returning();
    const about = { benchmarkId: owner.benchmark.id, entryId: run.entryId, runId: run.id };
    const others = await noteLabels(tx, owner.benchmark, report.receipt);
    const message = `${owner.entry.label}: seed ${run.seed} ${others ?? 'scored'}`;
    await recordEvent(tx, { kind: 'SCORED', message, ...about });
    if (equal !== undefined)
      await recordEvent(tx, {
        kind: 'REDERIVED',
        message: `${owner.entry.label}: shipped seed ${run.seed} re-derived here: ${equal ? 'equal' : 'DIFFERENT'}`,
        ...about,
      });
    await recomputeEntry(tx, run.entryId);
    return { run: ended!, board: owner.benchmark.key };
  });
  if (!('board' in outcome)) return { state: outcome.state, duplicate: true };
  announce(platform, outcome);
  return { state: outcome.run.state, duplicate: false };
}

/** A record is a pure function of its key, so a known one is never replaced. */
async function storeTuning(tx: Database, record: TuningRecord): Promise<void> {
  await tx.execute(sql`
    insert into tuning_records (benchmark_hash, variant_hash, record, created_at)
    values (${record.benchmarkHash}, ${record.variantHash}, ${JSON.stringify(record)}::jsonb, ${new Date().toISOString()}::timestamptz)
    on conflict do nothing`);
}
