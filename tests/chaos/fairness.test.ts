/** 500 runs of one user wait; another user's run starts after at most two run lengths all the same. */
import type { AddressInfo } from 'node:net';
import { schema } from '@touchstone/db';
import { asc, eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Api, createApi } from '../../apps/api/src/server.js';
import { addUser, type Installation, openInstallation, submit } from '../database/installation.js';
import { Client, endAll, type Spawned, startWorker, until } from './processes.js';

vi.setConfig({ testTimeout: 120_000 });
const BENCHMARK = 'digits-smoke';
let installation: Installation;
let api: Api;
let worker: Spawned | undefined;

beforeAll(async () => {
  installation = await openInstallation(null);
  api = await createApi(installation.platform);
  await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
  installation.dispatcher.start();
});
afterAll(async () => {
  await worker?.stop();
  endAll();
  await api?.close();
  await installation?.remove();
});

it('does not let one user block another, nor the demonstration either of them', async () => {
  const { db } = installation.platform;
  const busy = await addUser(installation, 'busy');
  const other = await addUser(installation, 'other');
  const demo = await submit(installation, null, BENCHMARK, { method: 'focal', params: { gamma: 3 } }, { priority: 10 });
  for (let i = 0; i < 100; i++)
    await submit(installation, busy.userId, BENCHMARK, {
      method: 'label-smoothing',
      params: { epsilon: 0.3 + i / 1000 },
    });

  const started = () =>
    db.select().from(schema.runs).where(isNotNull(schema.runs.startedAt)).orderBy(asc(schema.runs.startedAt));
  const address = `http://127.0.0.1:${(api.httpServer.address() as AddressInfo).port}`;
  worker = await startWorker(new Client(address, busy.secret), 'only', { TOUCHSTONE_HOME: installation.home });
  await until(async () => (await started()).length >= 2, 60_000, 'the first user to be served');
  const before = (await started()).length;
  const { runs } = await submit(
    installation,
    other.userId,
    BENCHMARK,
    { method: 'focal', params: { gamma: 1.5 } },
    { seeds: [0] },
  );
  const mine = runs[0]!.id;
  await until(async () => (await started()).some((run) => run.id === mine), 60_000, "the other user's run to start");
  const position = (await started()).findIndex((run) => run.id === mine);
  expect(position - before).toBeLessThanOrEqual(1);

  const waiting = await db.select().from(schema.runs).where(eq(schema.runs.state, 'QUEUED'));
  expect(waiting.length).toBeGreaterThan(480);
  for (const run of demo.runs) expect(waiting.map((each) => each.id)).toContain(run.id);
});
