/** The whole tree killed in the middle of its work, and started again on the same folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Client, descendants, endAll, isAlive, launch, startServer, until } from './processes.js';

vi.setConfig({ testTimeout: 180_000 });
const home = mkdtempSync(join(tmpdir(), 'touchstone-tree-'));
const BENCHMARK = 'digits-smoke';

afterAll(() => {
  endAll();
  rmSync(home, { recursive: true, force: true });
});

const board = (client: Client) =>
  client.query(`{ leaderboard(benchmark: "${BENCHMARK}", first: 100) { edges { node {
    label mean deviation n unrankedReason interval { low high } summaries { scoreKey mean deviation n } } } } }`);

describe('the process tree', () => {
  it('loses nothing that was acknowledged, goes on after kill -9, and drains on SIGTERM', async () => {
    const first = await startServer(home, { worker: true });
    const acknowledged: string[] = [];
    let submitting = true;
    const submissions = (async () => {
      for (let i = 0; submitting && i < 60; i++)
        try {
          acknowledged.push(
            ...(await first.client.submit(BENCHMARK, 'label-smoothing', { epsilon: 0.2 + i / 1000 }, [0])),
          );
        } catch {
          // The server was killed under this one: it was not acknowledged.
        }
    })();
    await until(() => acknowledged.length >= 4, 60_000, 'some submissions');
    await until(async () => (await first.client.run(acknowledged[0]!)).state === 'RUNNING', 60_000, 'a run');
    const tree = descendants(first.pid);
    expect(tree.length).toBeGreaterThanOrEqual(2);
    await first.kill();
    submitting = false;
    await submissions;
    await until(() => tree.every((pid) => !isAlive(pid)), 20_000, 'the children to notice that their parent is gone');

    const second = await startServer(home, { worker: true });
    expect(second.readyMs).toBeLessThan(15_000);
    const { client } = second;
    for (const id of acknowledged) expect((await client.run(id)).id).toBe(id);
    const kept = acknowledged.slice(0, 3);
    const runs = await Promise.all(kept.map((id) => client.inState(id, ['SUCCEEDED', 'FAILED', 'CANCELLED'], 120_000)));
    for (const run of runs) {
      expect(run.state).toBe('SUCCEEDED');
      expect(run.attempt).toBeLessThanOrEqual(2);
    }
    expect(runs[0]!.attempt).toBe(2);
    for (const id of acknowledged.slice(3)) await client.cancel(id);
    await until(
      async () =>
        (await Promise.all(acknowledged.map((id) => client.run(id)))).every(
          (run) => !['QUEUED', 'RUNNING'].includes(run.state),
        ),
      60_000,
      'every run to end',
    );

    const refused = launch(
      'start',
      { web: false, worker: false, demo: false },
      { TOUCHSTONE_HOME: home, TOUCHSTONE_API_PORT: '0' },
    );
    expect(await refused.exited).toBeGreaterThan(0);
    expect(refused.output()).toContain(`is in use by process ${second.pid} since`);
    const rebuildRefused = launch('rebuild', {}, { TOUCHSTONE_HOME: home });
    expect(await rebuildRefused.exited).toBeGreaterThan(0);
    expect(rebuildRefused.output()).toContain('FOLDER_IN_USE');

    const before = await board(client);
    const running = descendants(second.pid);
    const begun = Date.now();
    expect(await second.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(11_000);
    expect(running.filter(isAlive)).toEqual([]);

    const rebuilt = launch('rebuild', { json: true }, { TOUCHSTONE_HOME: home });
    expect(await rebuilt.exited).toBe(0);
    expect((JSON.parse(rebuilt.output()) as { entries: number }).entries).toBeGreaterThanOrEqual(acknowledged.length);
    const third = await startServer(home);
    expect(await board(third.client)).toEqual(before);
    await third.stop();
  });

  it('starts a local worker again that was killed, and its run at once', async () => {
    const server = await startServer(home, { worker: true });
    const { client } = server;
    const [id] = await client.submit('letter-retrieval', 'triplet', { margin: 0.55 }, [0]);
    await client.training(id!);
    const [worker] = descendants(server.pid);
    const begun = Date.now();
    process.kill(worker!, 'SIGKILL');
    await until(async () => (await client.run(id!)).attempt === 2, 30_000, 'the second attempt');
    // Sooner than a lease ends: the new worker has the old one's name.
    expect(Date.now() - begun).toBeLessThan(14_000);
    expect(await client.inState(id!, ['SUCCEEDED', 'FAILED'], 120_000)).toMatchObject({
      state: 'SUCCEEDED',
      attempt: 2,
    });
    await server.stop();
  });

  it('names the port that is taken and the variable that chooses another', async () => {
    const holder = await startServer(home);
    const other = mkdtempSync(join(tmpdir(), 'touchstone-port-'));
    const port = new URL(holder.client.api).port;
    const refused = launch(
      'start',
      { web: false, worker: false },
      { TOUCHSTONE_HOME: other, TOUCHSTONE_API_PORT: port },
    );
    expect(await refused.exited).toBeGreaterThan(0);
    expect(refused.output()).toContain(
      `port ${port} is in use by another program; choose another with TOUCHSTONE_API_PORT=<port>`,
    );
    rmSync(other, { recursive: true, force: true });
    await holder.stop();
  });
});
