/** Workers as the database knows them: registered, heard of, gone. */
import { createHash } from 'node:crypto';
import { type Database, schema } from '@touchstone/db';
import { and, eq, inArray, ne } from 'drizzle-orm';
import { uuidv7 } from '../lib/uuid.js';
import type { Platform } from '../platform.js';
import {
  PROTOCOL_VERSION,
  type HeartbeatAnswer,
  type HeartbeatBody,
  type LogBody,
  type RegisterBody,
} from '../worker/protocol.js';
import { LEASE_MS, leaseFromNow } from './claim.js';
import type { RunRow } from './enqueue.js';
import { type Fence, fenced, ReportRefused } from './finish.js';
import type { WorkerRow } from './queue-state.js';
import { announce, type Ended, endAttempt, handBack, lockRun } from './runs.js';

/** A lease is written anew only when so much of it is used, or every beat would be a write. */
const RENEW_MS = 3_000;
/** A run younger than this may still be on its way to the worker. */
const DELIVERY_MS = 5_000;

async function refusalOf(db: Database, body: RegisterBody): Promise<string | null> {
  if (body.protocol !== PROTOCOL_VERSION)
    return `it speaks protocol ${body.protocol}, this server ${PROTOCOL_VERSION}: install this server's version`;
  const current = await db
    .select({ key: schema.benchmarks.key, version: schema.benchmarks.version, hash: schema.benchmarks.hash })
    .from(schema.benchmarks)
    .where(eq(schema.benchmarks.current, true));
  const shared = current.some((row) => body.registry.benchmarks[`${row.key}@${row.version}`] === row.hash);
  return shared || current.length === 0
    ? null
    : `its code (${body.registry.code}) has no benchmark with this server's hash: install this server's version`;
}

/** Runs of a worker that is gone, taken back at once. */
async function takeBack(
  platform: Platform,
  workerIds: readonly string[],
  settleRun: (tx: Database, run: RunRow) => Promise<Ended>,
): Promise<void> {
  if (workerIds.length === 0) return;
  const { runs } = schema;
  const left = await platform.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.state, 'RUNNING'), inArray(runs.workerId, [...workerIds])));
  for (const { id } of left) {
    const ended = await platform.db.transaction(async (tx): Promise<Ended | null> => {
      const run = await lockRun(tx, id);
      if (run?.state !== 'RUNNING' || !run.workerId || !workerIds.includes(run.workerId)) return null;
      return await settleRun(tx, run);
    });
    if (ended) announce(platform, ended);
  }
}

/**
 * A worker introduces itself. One that comes under the name of an earlier one of the same user replaces it: what that one
 * had is queued again without waiting for its lease.
 */
export async function registerWorker(
  platform: Platform,
  owner: { readonly userId: string; readonly tokenId: string },
  body: RegisterBody,
): Promise<WorkerRow> {
  const { workers, tokens } = schema;
  const earlier = await platform.db
    .select({ id: workers.id })
    .from(workers)
    .innerJoin(tokens, eq(tokens.id, workers.tokenId))
    .where(and(eq(workers.name, body.name), eq(tokens.userId, owner.userId)));
  const replaced = earlier.map((worker) => worker.id);
  if (replaced.length > 0)
    await platform.db
      .update(workers)
      .set({ state: 'OFFLINE' })
      .where(and(inArray(workers.id, replaced), ne(workers.state, 'OFFLINE')));
  const now = new Date();
  const row: WorkerRow = {
    id: uuidv7(),
    name: body.name,
    tokenId: owner.tokenId,
    backends: body.backends,
    datasets: body.datasets,
    memoryBytes: body.memoryBytes,
    capacity: body.capacity,
    codeVersion: body.registry.code,
    registry: body.registry,
    lastSeenAt: now,
    startedAt: now,
    state: 'ONLINE',
    refusal: await refusalOf(platform.db, body),
  };
  await platform.db.insert(workers).values(row);
  await takeBack(platform, replaced, (tx, run) => endAttempt(tx, run, 'WORKER_LOST', `worker ${body.name} began anew`));
  platform.wakeDispatcher();
  return row;
}

/** The worker's row when this token registered it; null else. */
export async function findWorker(db: Database, workerId: string, tokenId: string): Promise<WorkerRow | null> {
  const [row] = await db.select().from(schema.workers).where(eq(schema.workers.id, workerId));
  return row?.tokenId === tokenId ? row : null;
}

/** Renews leases, stores progress, and tells which runs to cancel and which are no longer the worker's. */
export async function heartbeat(platform: Platform, worker: WorkerRow, body: HeartbeatBody): Promise<HeartbeatAnswer> {
  const { db } = platform;
  const { runs, workers } = schema;
  const state = body.draining ? 'DRAINING' : 'ONLINE';
  const now = Date.now();
  if (worker.state !== state || now - worker.lastSeenAt.getTime() > RENEW_MS)
    await db
      .update(workers)
      .set({ state, lastSeenAt: new Date(now) })
      .where(eq(workers.id, worker.id));
  const mine = await db
    .select()
    .from(runs)
    .where(and(eq(runs.state, 'RUNNING'), eq(runs.workerId, worker.id)));
  const byId = new Map(mine.map((run) => [run.id, run]));
  const reported = new Set(body.runs.map((run) => run.id));
  const lost: string[] = [];
  for (const { id, attempt, progress } of body.runs) {
    const run = byId.get(id);
    if (run?.attempt !== attempt) {
      lost.push(id);
      continue;
    }
    const renew = !run.leaseUntil || run.leaseUntil.getTime() - now < LEASE_MS - RENEW_MS;
    if (!progress && !renew) continue;
    await db
      .update(runs)
      .set({
        leaseUntil: leaseFromNow(),
        ...(progress ? { progress: { ...progress, at: new Date(now).toISOString() } } : {}),
      })
      .where(and(eq(runs.id, id), eq(runs.state, 'RUNNING'), eq(runs.attempt, attempt)));
    if (progress) platform.bus.publish('run', id);
  }
  for (const run of mine)
    if (!reported.has(run.id) && run.startedAt && now - run.startedAt.getTime() > DELIVERY_MS)
      await settle(platform, { workerId: worker.id, runId: run.id, attempt: run.attempt }, (tx, locked) =>
        handBack(tx, locked, `worker ${worker.name} never received it`),
      ).catch(ignoreStale);
  return { cancel: mine.filter((run) => run.cancelRequested && reported.has(run.id)).map((run) => run.id), lost };
}

function ignoreStale(error: unknown): void {
  if (!(error instanceof ReportRefused)) throw error;
}

/** A fenced change of one run, announced after it has committed. */
export async function settle(
  platform: Platform,
  fence: Fence,
  change: (tx: Database, run: Awaited<ReturnType<typeof fenced>>) => Promise<Ended>,
): Promise<Ended> {
  const ended = await platform.db.transaction(async (tx) => change(tx, await fenced(tx, fence)));
  announce(platform, ended);
  return ended;
}

/** Says goodbye: nothing runs here any more. */
export async function leave(platform: Platform, worker: WorkerRow): Promise<void> {
  await platform.db
    .update(schema.workers)
    .set({ state: 'OFFLINE', lastSeenAt: new Date() })
    .where(eq(schema.workers.id, worker.id));
  await takeBack(platform, [worker.id], (tx, run) => handBack(tx, run, `worker ${worker.name} left`));
}

/** Ids that sort by attempt and position and are the same for the same line, so that a repeated batch adds nothing. */
function lineId(runId: string, attempt: number, index: number): string {
  const bytes = createHash('sha256').update(runId).digest().subarray(0, 16);
  bytes.writeUInt16BE(attempt & 0xffff, 0);
  bytes.writeUInt32BE(index, 2);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export async function storeLog(tx: Database, runId: string, body: LogBody): Promise<void> {
  await tx
    .insert(schema.logs)
    .values(
      body.lines.map(({ at, level, line }, i) => ({
        id: lineId(runId, body.attempt, body.from + i),
        runId,
        attempt: body.attempt,
        at: new Date(at),
        level,
        line: line.replaceAll('\0', '\uFFFD'),
      })),
    )
    .onConflictDoNothing();
}
