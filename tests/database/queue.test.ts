/** The life of runs in the database: queued, claimed in a fair order, finished once, fenced, requeued, given up, cancelled. */
import { schema } from '@touchstone/db';
import { getBenchmark, summarise } from '@touchstone/eval/meta';
import { asc, eq } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { syncCatalogue } from '../../apps/api/src/jobs/catalogue.js';
import { type Claimed, claimRun, type LastServed } from '../../apps/api/src/jobs/claim.js';
import { finishRun } from '../../apps/api/src/jobs/finish.js';
import { nextQueuePosition, queuePosition } from '../../apps/api/src/jobs/queue-state.js';
import { cancelRun, endAttempt } from '../../apps/api/src/jobs/runs.js';
import { readSeries, storeCoarse, storeSeries } from '../../apps/api/src/jobs/series.js';
import { rebuildSummaries } from '../../apps/api/src/jobs/summary.js';
import { heartbeat, leave, settle, storeLog } from '../../apps/api/src/jobs/workers.js';
import { onBothEngines } from './engines.js';
import { addUser, addWorker, resultOf, submit, type TestUser } from './installation.js';

const BENCHMARK = 'letter-retrieval';
const seeds = getBenchmark(BENCHMARK).protocol.seeds;

onBothEngines('the queue', ({ get }) => {
  let ann: TestUser;
  let bob: TestUser;
  let worker: Awaited<ReturnType<typeof addWorker>>;
  const served: LastServed = new Map();

  beforeAll(async () => {
    ann = await addUser(get(), 'ann');
    bob = await addUser(get(), 'bob');
    worker = await addWorker(get(), ann);
  });

  const db = () => get().platform.db;
  const claim = (limit = 64) => claimRun(db(), worker, served, limit);
  const fence = ({ run }: Claimed) => ({ workerId: worker.id, runId: run.id, attempt: run.attempt });
  const row = async (id: string) => (await db().select().from(schema.runs).where(eq(schema.runs.id, id)))[0]!;
  const entryOf = async (id: string) => (await db().select().from(schema.entries).where(eq(schema.entries.id, id)))[0]!;
  const finish = async (claimed: Claimed, value: number) =>
    finishRun(get().platform, fence(claimed), resultOf(claimed, value));
  const fail = (claimed: Claimed, reason: Parameters<typeof endAttempt>[2]) =>
    settle(get().platform, fence(claimed), (tx, run) => endAttempt(tx, run, reason, 'it broke'));
  const drain = async () => {
    for (let next = await claim(); next; next = await claim()) await finish(next, 0.5);
  };

  it('loads the catalogue again without changing a row', async () => {
    const rows = () => db().select().from(schema.benchmarks).orderBy(asc(schema.benchmarks.id));
    const before = await rows();
    expect(before.length).toBeGreaterThan(3);
    await syncCatalogue(get().platform);
    expect(await rows()).toEqual(before);
  });

  it('points a second submission of a variant to the same runs', async () => {
    const first = await submit(get(), ann.userId, BENCHMARK, { method: 'triplet', params: { margin: 0.1 } });
    const again = await submit(get(), bob.userId, BENCHMARK, { method: 'triplet', params: { margin: 0.1 } });
    expect(again.entry.id).toBe(first.entry.id);
    expect(again.runs.map((run) => run.id)).toEqual(first.runs.map((run) => run.id));
    expect(first.runs.map((run) => run.seed)).toEqual([...seeds]);
    await drain();
  });

  it('computes the summary from the scores in seed order and ranks only a complete entry', async () => {
    const { entry, runs } = await submit(get(), ann.userId, BENCHMARK, {
      method: 'multi-similarity',
      params: { alpha: 3 },
    });
    const values = [0.31, 0.1 + 0.2, 0.33, 0.295, 0.3];
    for (const [i, expected] of runs.entries()) {
      const claimed = (await claim())!;
      expect(claimed.run.id).toBe(expected.id);
      await finish(claimed, values[i]!);
      const state = await entryOf(entry.id);
      expect(state.complete).toBe(i === runs.length - 1);
      expect(state.unrankedReason).toBe(i === runs.length - 1 ? null : `${i + 1} of 5 seeds have finished`);
    }
    const [summary] = await db().select().from(schema.summaries).where(eq(schema.summaries.entryId, entry.id));
    const reference = summarise(values);
    expect(summary).toMatchObject({
      n: 5,
      mean: reference.mean,
      deviation: reference.deviation,
      low: reference.interval!.low,
    });
  });

  it('answers a repeated result as the first and refuses one of an older attempt', async () => {
    await submit(get(), ann.userId, BENCHMARK, { method: 'contrastive', params: { margin: 0.5 } }, { seeds: [0] });
    const lost = (await claim())!;
    await fail(lost, 'CRASHED');
    const claimed = (await claim())!;
    expect(claimed.run).toMatchObject({ id: lost.run.id, attempt: 2 });
    await expect(finish(lost, 0.9)).rejects.toMatchObject({ code: 'STALE_ATTEMPT' });
    expect(await finish(claimed, 0.4)).toEqual({ state: 'SUCCEEDED', duplicate: false });
    expect(await finish(claimed, 0.4)).toEqual({ state: 'SUCCEEDED', duplicate: true });
    const scores = await db().select().from(schema.scores).where(eq(schema.scores.runId, claimed.run.id));
    expect(new Set(scores.map((score) => score.value))).toEqual(new Set([0.4]));
  });

  it('refuses a result whose receipt does not fit', async () => {
    const { runs } = await submit(
      get(),
      ann.userId,
      BENCHMARK,
      { method: 'contrastive', params: { margin: 0.5 } },
      { seeds: [1] },
    );
    const claimed = (await claim())!;
    const report = resultOf(claimed, 0.4);
    const forged = { ...report, scores: { ...report.scores, map_at_r: 0.99 } };
    await expect(finishRun(get().platform, fence(claimed), forged)).rejects.toMatchObject({ code: 'RESULT_INVALID' });
    const other = { ...report, receipt: { ...report.receipt, seed: 7 } };
    await expect(finishRun(get().platform, fence(claimed), other)).rejects.toMatchObject({ code: 'RESULT_INVALID' });
    expect((await row(runs[0]!.id)).state).toBe('RUNNING');
    await finish(claimed, 0.4);
  });

  it('queues a lost run again while attempts are left, then fails it with the reason', async () => {
    const { entry, runs } = await submit(get(), ann.userId, BENCHMARK, {
      method: 'contrastive',
      params: { margin: 0.7 },
    });
    for (const attempt of [1, 2, 3]) {
      const claimed = (await claim())!;
      expect(claimed.run).toMatchObject({ id: runs[0]!.id, attempt });
      await fail(claimed, 'CRASHED');
    }
    expect(await row(runs[0]!.id)).toMatchObject({ state: 'FAILED', reason: 'CRASHED', attempt: 3 });
    expect((await row(runs[0]!.id)).message).toContain('attempt 3 of 3');
    const other = (await claim())!;
    await fail(other, 'NON_FINITE');
    expect(await row(other.run.id)).toMatchObject({ state: 'FAILED', reason: 'NON_FINITE', attempt: 1 });
    await drain();
    expect(await entryOf(entry.id)).toMatchObject({
      complete: false,
      unrankedReason: '3 of 5: seed 0 CRASHED, seed 1 NON_FINITE',
    });
    const events = await db().select().from(schema.events).where(eq(schema.events.runId, runs[0]!.id));
    expect(events.map((event) => event.kind).sort()).toEqual(['RUN_FAILED', 'RUN_REQUEUED', 'RUN_REQUEUED']);
  });

  it('keeps the newest complete generation on the board while a newer one is under way', async () => {
    const input = { method: 'contrastive', params: { margin: 0.8 } };
    const { entry } = await submit(get(), ann.userId, BENCHMARK, input);
    await drain();
    await submit(get(), ann.userId, BENCHMARK, input, { generation: 2 });
    const claimed = (await claim())!;
    await finish(claimed, 0.9);
    expect(await entryOf(entry.id)).toMatchObject({ generation: 1, complete: true });
    await drain();
    expect(await entryOf(entry.id)).toMatchObject({ generation: 2, complete: true });
  });

  it('cancels a waiting run at once, a running one by its worker, and queues it again when asked for anew', async () => {
    const input = { method: 'contrastive', params: { margin: 0.9 } };
    const { runs } = await submit(get(), ann.userId, BENCHMARK, input, { seeds: [0, 1] });
    expect(await cancelRun(get().platform, runs[1]!.id, ann.userId)).toMatchObject({
      state: 'CANCELLED',
      reason: 'CANCELLED_BY_USER',
    });
    const claimed = (await claim())!;
    expect(await cancelRun(get().platform, runs[0]!.id, ann.userId)).toMatchObject({
      state: 'RUNNING',
      cancelRequested: true,
    });
    const beat = { draining: false, runs: [{ id: claimed.run.id, attempt: claimed.run.attempt }] };
    expect(await heartbeat(get().platform, worker, beat)).toEqual({ cancel: [claimed.run.id], lost: [] });
    expect(await finish(claimed, 0.4)).toMatchObject({ state: 'CANCELLED' });
    const again = await submit(get(), ann.userId, BENCHMARK, input, { seeds: [0, 1] });
    expect(again.runs.map((run) => run.state)).toEqual(['QUEUED', 'QUEUED']);
    await drain();
    expect((await row(runs[0]!.id)).state).toBe('SUCCEEDED');
  });

  it('takes turns between users, people before the system, and bounds the runs of one user', async () => {
    const many = await submit(get(), ann.userId, BENCHMARK, { method: 'triplet', params: { margin: 0.11 } });
    const system = await submit(
      get(),
      null,
      BENCHMARK,
      { method: 'triplet', params: { margin: 0.12 } },
      { priority: 10 },
    );
    await finish((await claim())!, 0.5);
    const one = await submit(
      get(),
      bob.userId,
      BENCHMARK,
      { method: 'triplet', params: { margin: 0.13 } },
      { seeds: [0] },
    );
    expect(await queuePosition(db(), one.runs[0]!.id)).toBeLessThanOrEqual(2);
    expect(await queuePosition(db(), system.runs[0]!.id)).toBe(6);
    expect(await nextQueuePosition(db(), bob.userId)).toBeLessThanOrEqual(4);
    expect((await claim())!.run.id).toBe(one.runs[0]!.id);
    // Bob has one running and ann none: her turn, twice; then her limit of two leaves only the system's runs.
    expect((await claim(2))!.run.entryId).toBe(many.entry.id);
    expect((await claim(2))!.run.entryId).toBe(many.entry.id);
    expect((await claim(2))!.run.entryId).toBe(system.entry.id);
    await leave(get().platform, worker);
    expect(await row(one.runs[0]!.id)).toMatchObject({ state: 'QUEUED', attempt: 1, maxAttempts: 4 });
    await drain();
  });

  it('gives no run to a worker that lacks the dataset or has other code, and says so', async () => {
    const { runs } = await submit(
      get(),
      ann.userId,
      BENCHMARK,
      { method: 'triplet', params: { margin: 0.21 } },
      { seeds: [0] },
    );
    await leave(get().platform, worker);
    await get().dispatcher.tick();
    expect((await row(runs[0]!.id)).waitingReason).toMatch(/^no worker is online since \d{4}-/);

    const bare = await addWorker(get(), bob, { name: 'bare', datasets: ['digits'] });
    expect(await claimRun(db(), bare, served, 64)).toBeNull();
    await get().dispatcher.tick();
    expect((await row(runs[0]!.id)).waitingReason).toContain('touchstone data pull letter-recognition');
    await leave(get().platform, bare);

    const { benchmarks } = bare.registry;
    const foreign = { ...bare.registry, benchmarks: { ...benchmarks, 'letter-retrieval@1': '0'.repeat(64) } };
    const older = await addWorker(get(), bob, { name: 'older', registry: foreign });
    expect(older.refusal).toBeNull();
    expect(await claimRun(db(), older, served, 64)).toBeNull();
    await get().dispatcher.tick();
    expect((await row(runs[0]!.id)).waitingReason).toContain("with this server's hash");
    await leave(get().platform, older);

    worker = await addWorker(get(), ann);
    await get().dispatcher.tick();
    expect((await row(runs[0]!.id)).waitingReason).toBeNull();
    await drain();
  });

  it('takes back the runs of a worker that began anew, and those it never received', async () => {
    const { runs } = await submit(
      get(),
      ann.userId,
      BENCHMARK,
      { method: 'triplet', params: { margin: 0.22 } },
      { seeds: [0] },
    );
    await claim();
    worker = await addWorker(get(), ann);
    expect(await row(runs[0]!.id)).toMatchObject({ state: 'QUEUED', attempt: 1 });
    await claim();
    await db()
      .update(schema.runs)
      .set({ startedAt: new Date(Date.now() - 60_000) })
      .where(eq(schema.runs.id, runs[0]!.id));
    await heartbeat(get().platform, worker, { draining: false, runs: [] });
    expect(await row(runs[0]!.id)).toMatchObject({ state: 'QUEUED', attempt: 2, maxAttempts: 4 });
    await drain();
  });

  it('stores log lines and series batches once, and reads long series by their coarse level', async () => {
    const { runs } = await submit(
      get(),
      ann.userId,
      BENCHMARK,
      { method: 'triplet', params: { margin: 0.23 } },
      { seeds: [0] },
    );
    const runId = runs[0]!.id;
    const at = new Date().toISOString();
    const lines = ['a', 'b', 'c'].map((line) => ({ at, level: 'info' as const, line }));
    await db().transaction(async (tx) => {
      for (const from of [0, 0]) await storeLog(tx, runId, { attempt: 1, from, lines });
      await storeLog(tx, runId, { attempt: 1, from: 3, lines: [{ at, level: 'error', line: 'nul \0 byte' }] });
    });
    const kept = await db().select().from(schema.logs).where(eq(schema.logs.runId, runId)).orderBy(asc(schema.logs.id));
    expect(kept.map((line) => line.line)).toEqual(['a', 'b', 'c', 'nul \uFFFD byte']);

    const points = Array.from({ length: 5000 }, (_, i) => ({ key: 'loss', step: i + 1, value: Math.sin(i / 50) }));
    await db().transaction(async (tx) => {
      for (const chunk of [0, 0, 1])
        await storeSeries(tx, { runId, attempt: 1, chunk }, points.slice(chunk * 2500, chunk * 2500 + 2500));
    });
    const [fine] = await readSeries(db(), [runId], ['loss'], 100);
    expect(fine!.points).toHaveLength(100);
    await db().transaction((tx) => storeCoarse(tx, runId, 1));
    const [coarse] = await readSeries(db(), [runId], null, 100);
    expect(coarse!.points.length).toBeLessThanOrEqual(100);
    expect(coarse!.points.at(-1)!.step).toBe(5000);
    expect(Math.max(...coarse!.points.map((p) => p.max))).toBe(Math.max(...points.map((p) => p.value)));
    const [whole] = await readSeries(db(), [runId], ['loss'], 10_000);
    expect(whole!.points.map((p) => p.value)).toEqual(points.map((p) => p.value));
    await drain();
  });

  it('rebuilds every summary to the same bits', async () => {
    const read = async () => ({
      summaries: await db()
        .select()
        .from(schema.summaries)
        .orderBy(asc(schema.summaries.entryId), asc(schema.summaries.scoreKey)),
      entries: (await db().select().from(schema.entries).orderBy(asc(schema.entries.id))).map((e) => ({
        ...e,
        updatedAt: null,
      })),
    });
    const before = await read();
    expect(before.summaries.length).toBeGreaterThan(10);
    await db().update(schema.summaries).set({ mean: 0, quantised: 0 });
    await db().update(schema.entries).set({ complete: false, unrankedReason: 'spoilt' });
    await rebuildSummaries(db());
    expect(await read()).toEqual(before);
  });
});
