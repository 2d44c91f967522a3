/** A PostgreSQL that goes away in the middle: the API says so and lives, the run goes on, nothing acknowledged is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { startCluster } from '../database/postgres.js';
import { endAll, isAlive, startServer, startWorker, until } from './processes.js';

vi.setConfig({ testTimeout: 180_000 });
const cluster = await startCluster();
const home = mkdtempSync(join(tmpdir(), 'touchstone-away-'));

afterAll(() => {
  endAll();
  cluster?.remove();
  rmSync(home, { recursive: true, force: true });
});

it.skipIf(!cluster)('survives a restart of PostgreSQL in the middle of a run', async () => {
  const server = await startServer(home, { env: { DATABASE_URL: cluster!.createDatabase('away') } });
  const { client } = server;
  const worker = await startWorker(client, 'steady', { TOUCHSTONE_HOME: join(home, 'worker') });
  const [id] = await client.submit('letter-retrieval', 'triplet', { margin: 0.35 }, [0]);
  await client.training(id!);

  cluster!.stop('immediate');
  await expect(client.run(id!)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect((await fetch(`${client.api}/livez`)).status).toBe(200);
  expect((await fetch(`${client.api}/readyz`)).status).toBe(503);
  expect(isAlive(server.pid)).toBe(true);
  // Long enough for the worker to have something to say that nobody takes.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  cluster!.start();

  await until(async () => (await fetch(`${client.api}/readyz`)).status === 200, 20_000, 'the server to recover');
  const run = await client.inState(id!, ['SUCCEEDED', 'FAILED', 'CANCELLED'], 120_000);
  expect(run).toMatchObject({ state: 'SUCCEEDED', attempt: 1, worker: 'steady' });
  expect(run.logs[0]?.line).toBe('attempt 1 begins on worker steady');
  expect(await worker.stop()).toBe(0);
  expect(await server.stop()).toBe(0);
});
