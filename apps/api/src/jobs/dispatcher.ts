/**
 * Watches over the queue inside the API process: takes runs back from workers that fell silent, says in words why a run
 * waits, and wakes the workers that wait for one.
 */
import { EventEmitter } from 'node:events';
import { type Database, schema } from '@touchstone/db';
import { and, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import type { Platform } from '../platform.js';
import { type Claimed, claimRun, LEASE_MS, type LastServed, leaseFromNow } from './claim.js';
import { lastWorkerSeen, onlineWorkers, WORKER_SILENCE_MS } from './queue-state.js';
import { type Abilities, reasonForWaiting, requirementsOfEntries } from './requirements.js';
import { announce, type Ended, endAttempt, lockRun } from './runs.js';

const TICK_MS = 1_000;
/** Runs of one user at once, over all workers. */
export const DEFAULT_USER_LIMIT = 64;

type DispatcherPlatform = Pick<Platform, 'db' | 'bus' | 'log' | 'wakeDispatcher'>;

export class Dispatcher {
  private readonly news = new EventEmitter().setMaxListeners(0);
  private readonly lastServed: LastServed = new Map();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private lastTick = 0;
  private stopped = false;
  private broken = false;

  constructor(
    private readonly platform: () => DispatcherPlatform,
    private readonly userLimit = DEFAULT_USER_LIMIT,
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Looks again soon; calls in between are one. */
  wake(): void {
    this.news.emit('work');
    if (!this.stopped && !this.working) this.schedule(20);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.news.emit('work');
    await this.working;
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.working = this.tick()
        .then(() => this.recovered())
        .catch((error: unknown) => this.failed(error))
        .finally(() => {
          this.working = undefined;
          if (!this.stopped) this.schedule(TICK_MS);
        });
    }, ms).unref();
  }

  private failed(error: unknown): void {
    if (!this.broken) this.platform().log.error({ err: error }, 'dispatcher: the database does not answer; trying on');
    this.broken = true;
  }

  private recovered(): void {
    if (this.broken) this.platform().log.info('dispatcher: the database answers again');
    this.broken = false;
  }

  /** One round; public so that tests need no timer. */
  async tick(): Promise<void> {
    const platform = this.platform();
    const now = Date.now();
    // After a pause (a restart, a suspended machine, a lost database) the workers could not renew: they get another lease.
    if (now - this.lastTick > LEASE_MS / 2) await renewAll(platform.db);
    else await expireLeases(platform);
    await markSilentWorkers(platform.db);
    await explainWaiting(platform.db);
    this.lastTick = now;
    this.news.emit('work');
  }

  /** The next run for a worker, waiting up to `waitMs` for one to come. */
  async claim(
    worker: Abilities & { readonly id: string },
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Claimed | null> {
    const until = Date.now() + waitMs;
    for (;;) {
      if (this.stopped || signal.aborted) return null;
      // Listening begins before the look, so that news in between is not lost.
      const news = this.nextNews(Math.min(TICK_MS, until - Date.now()), signal);
      const claimed = await claimRun(this.platform().db, worker, this.lastServed, this.userLimit);
      if (claimed || Date.now() >= until) return claimed;
      await news;
    }
  }

  private async nextNews(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.news.off('work', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(ms, 0));
      this.news.once('work', done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

async function renewAll(db: Database): Promise<void> {
  await db.update(schema.runs).set({ leaseUntil: leaseFromNow() }).where(eq(schema.runs.state, 'RUNNING'));
  await db
    .update(schema.workers)
    .set({ lastSeenAt: new Date() })
    .where(inArray(schema.workers.state, ['ONLINE', 'DRAINING']));
}

async function expireLeases(platform: DispatcherPlatform): Promise<void> {
  const { runs, workers } = schema;
  const expired = await platform.db
    .select({ id: runs.id, worker: workers.name })
    .from(runs)
    .leftJoin(workers, eq(workers.id, runs.workerId))
    .where(and(eq(runs.state, 'RUNNING'), lt(runs.leaseUntil, new Date())));
  for (const { id, worker } of expired) {
    const ended = await platform.db.transaction(async (tx): Promise<Ended | null> => {
      const run = await lockRun(tx, id);
      if (run?.state !== 'RUNNING' || !run.leaseUntil || run.leaseUntil.getTime() > Date.now()) return null;
      return await endAttempt(
        tx,
        run,
        'WORKER_LOST',
        `worker ${worker ?? 'unknown'} gave no sign of life for ${LEASE_MS / 1000} s`,
      );
    });
    if (ended) announce(platform, ended);
  }
}

async function markSilentWorkers(db: Database): Promise<void> {
  const { workers } = schema;
  const before = new Date(Date.now() - WORKER_SILENCE_MS);
  await db
    .update(workers)
    .set({ state: 'OFFLINE' })
    .where(and(inArray(workers.state, ['ONLINE', 'DRAINING']), lt(workers.lastSeenAt, before)));
}

/** Writes the reason beside every waiting run that nobody can take, and clears it where somebody can. */
async function explainWaiting(db: Database): Promise<void> {
  const { runs } = schema;
  const waiting = await rowsOf<{ entry_id: string }>(
    db,
    sql`select distinct entry_id from runs where state = 'QUEUED'`,
  );
  if (waiting.length === 0) return;
  const online = await onlineWorkers(db);
  const lastSeen = online.length > 0 ? null : await lastWorkerSeen(db);
  const byReason = new Map<string, string[]>();
  const free: string[] = [];
  for (const [id, needs] of await requirementsOfEntries(
    db,
    waiting.map((row) => row.entry_id),
  )) {
    const reason = reasonForWaiting(needs, online, lastSeen);
    if (reason === null) free.push(id);
    else byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  const queued = (ids: string[]) => and(eq(runs.state, 'QUEUED'), inArray(runs.entryId, ids));
  if (free.length > 0)
    await db
      .update(runs)
      .set({ waitingReason: null })
      .where(and(queued(free), isNotNull(runs.waitingReason)));
  for (const [reason, ids] of byReason)
    await db
      .update(runs)
      .set({ waitingReason: reason })
      .where(and(queued(ids), sql`${runs.waitingReason} is distinct from ${reason}`));
}
