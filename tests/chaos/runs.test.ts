/** Children and workers that die in the middle of a run, over HTTP, from other processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryHashes } from '@touchstone/eval/meta';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WorkerClient } from '../../apps/api/src/worker/client.js';
import { PROTOCOL_VERSION } from '../../apps/api/src/worker/protocol.js';
import {
  type Client,
  descendants,
  endAll,
  isAlive,
  type Server,
  type Spawned,
  startServer,
  startWorker,
  until,
} from './processes.js';

// A loaded machine trains several times slower, and children have the lowest priority.
vi.setConfig({ testTimeout: 180_000 });
const home = mkdtempSync(join(tmpdir(), 'touchstone-chaos-'));
const workerHome = { TOUCHSTONE_HOME: join(home, 'worker') };
/** Long enough to be broken in the middle. */
const LONG = 'letter-retrieval';
const SHORT = 'digits-smoke';
let server: Server;
let client: Client;
let worker: Spawned;
let margin = 0.3;

/** One run of a variant that nobody has sent. */
const oneRun = async () => (await client.submit(LONG, 'triplet', { margin: (margin += 0.001) }, [0]))[0]!;
const childOf = (parent: Spawned) => until(() => descendants(parent.pid)[0], 5_000, 'a child');
const linesOf = (attempt: number, run: { logs: readonly { attempt: number; line: string }[] }) =>
  run.logs.filter((line) => line.attempt === attempt).map((line) => line.line);

beforeAll(async () => {
  server = await startServer(home);
  client = server.client;
  worker = await startWorker(client, 'first', workerHome);
});
afterAll(async () => {
  await worker?.stop();
  await server?.stop();
  endAll();
  rmSync(home, { recursive: true, force: true });
});

describe('a run whose process is killed', () => {
  it('is queued again once, finished, has one final state, and keeps both logs', async () => {
    const id = await oneRun();
    await client.training(id);
    process.kill(await childOf(worker), 'SIGKILL');
    const run = await client.inState(id, ['SUCCEEDED', 'FAILED'], 120_000);
    expect(run).toMatchObject({ state: 'SUCCEEDED', attempt: 2, reason: null });
    expect(run.scores.length).toBeGreaterThan(0);
    expect(linesOf(1, run)).toEqual(['attempt 1 begins on worker first']);
    expect(linesOf(2, run)[0]).toBe('attempt 2 begins on worker first');
  });

  it('fails with the reason when its attempts are spent', async () => {
    const id = await oneRun();
    for (const attempt of [1, 2, 3]) {
      await until(async () => (await client.run(id)).attempt === attempt, 20_000, `attempt ${attempt}`);
      const pid = await childOf(worker);
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid), 5_000, 'the end of the child');
    }
    const run = await client.inState(id, ['SUCCEEDED', 'FAILED'], 30_000);
    expect(run).toMatchObject({ state: 'FAILED', reason: 'CRASHED', attempt: 3, scores: [] });
    expect(run.message).toContain('SIGKILL');
    expect(run.message).toContain('attempt 3 of 3');
    expect(new Set(run.logs.map((line) => line.attempt))).toEqual(new Set([1, 2, 3]));
  });

  it('stops within a second or so when it is cancelled', async () => {
    const id = await oneRun();
    await client.training(id);
    const pid = await childOf(worker);
    const begun = Date.now();
    await client.cancel(id);
    await until(() => !isAlive(pid), 10_000, 'the end of the child');
    expect(Date.now() - begun).toBeLessThan(2_500);
    expect(await client.inState(id, ['CANCELLED', 'SUCCEEDED', 'FAILED'], 10_000)).toMatchObject({
      state: 'CANCELLED',
      reason: 'CANCELLED_BY_USER',
      attempt: 1,
    });
  });
});

describe('workers of other processes', () => {
  it('are given no run whose data or code they do not have, and the submitter reads why', async () => {
    const [id] = await client.submit('mnist-5k', 'cross-entropy', {}, [7]);
    const reason = await until(async () => (await client.run(id!)).waitingReason, 10_000, 'a reason');
    expect(reason).toContain('no worker has the dataset mnist');
    expect(reason).toContain('touchstone data pull mnist');
    await client.cancel(id!);

    const registry = registryHashes();
    const http = new WorkerClient(client.api, client.token);
    const foreign = { ...registry.benchmarks, [`${LONG}@1`]: 'f'.repeat(64) };
    const body = {
      protocol: PROTOCOL_VERSION,
      name: 'other-code',
      backends: ['wasm'],
      datasets: ['letter-recognition'],
      memoryBytes: 1e9,
      capacity: 1,
    };
    const { workerId } = await http.register({ ...body, registry: { ...registry, benchmarks: foreign } });
    await worker.stop();
    const waiting = await oneRun();
    const answer = await http.claim(workerId, { waitMs: 500, datasets: body.datasets }, new AbortController().signal);
    expect(answer).toEqual({ run: null });
    expect(await until(async () => (await client.run(waiting)).waitingReason, 10_000, 'a reason')).toContain(
      "with this server's hash",
    );
    await http.leave(workerId);

    worker = await startWorker(client, 'first', workerHome);
    await client.inState(waiting, ['SUCCEEDED'], 120_000);
  });

  it('share the queue, and one finishes what another one that was killed had begun', async () => {
    const second = await startWorker(client, 'second', workerHome);
    const ids = await client.submit(SHORT, 'label-smoothing', { epsilon: 0.31 }, [0, 1, 2, 3]);
    const done = await Promise.all(ids.map((id) => client.inState(id, ['SUCCEEDED', 'FAILED'], 120_000)));
    expect(done.map((run) => [run.state, run.attempt])).toEqual(done.map(() => ['SUCCEEDED', 1]));
    expect(new Set(done.map((run) => run.worker))).toEqual(new Set(['first', 'second']));

    const both = await client.submit(LONG, 'triplet', { margin: 0.77 }, [0, 1]);
    const begun = await Promise.all(both.map((id) => client.training(id)));
    const lost = begun.find((run) => run.worker === 'second')!;
    const child = await childOf(second);
    await second.kill();
    await until(() => !isAlive(child), 20_000, 'the child to notice that its worker is gone');
    const run = await client.inState(lost.id, ['SUCCEEDED', 'FAILED'], 120_000);
    expect(run).toMatchObject({ state: 'SUCCEEDED', attempt: 2, worker: 'first' });
    expect(linesOf(1, run)).toEqual(['attempt 1 begins on worker second']);
    expect(linesOf(2, run)[0]).toBe('attempt 2 begins on worker first');
    for (const id of both) expect((await client.run(id)).state).toBe('SUCCEEDED');
  });

  it('finish their run when they are asked to end', async () => {
    const id = await oneRun();
    await client.training(id);
    expect(await worker.stop()).toBe(0);
    expect(await client.run(id)).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
    worker = await startWorker(client, 'first', workerHome);
  });

  it('go on when the server restarts in the middle of their run', async () => {
    const id = await oneRun();
    await client.training(id);
    await server.kill();
    server = await startServer(home, { port: Number(new URL(client.api).port) });
    const run = await client.inState(id, ['SUCCEEDED', 'FAILED'], 120_000);
    expect(run).toMatchObject({ state: 'SUCCEEDED', attempt: 1, worker: 'first' });
  });
});
