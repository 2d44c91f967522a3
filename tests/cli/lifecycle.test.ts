/** Starting, refusing and ending: exit codes, and that no process outlives its command. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.js';
import { touchstone } from './touchstone.js';

/** Processes whose environment names the folder: everything that a start of it has made. */
function processesOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`TOUCHSTONE_HOME=${home}`);
      } catch {
        // It ended while we looked, or is not ours.
        return false;
      }
    })
    .map(Number);
}

async function untilNone(home: string, limitMs: number): Promise<number[]> {
  const begun = Date.now();
  for (;;) {
    const left = processesOf(home);
    if (left.length === 0 || Date.now() - begun > limitMs) return left;
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe('while a server runs', () => {
  let server: Server;
  beforeAll(async () => (server = await startServer()), 300_000);
  afterAll(() => server?.stop());

  it('a second start and a rebuild on its folder are refused', async () => {
    const env = { TOUCHSTONE_HOME: server.home, TOUCHSTONE_API_PORT: '0' };
    for (const args of [
      ['start', '--no-demo', '--no-web'],
      ['db', 'rebuild'],
    ])
      expect(await touchstone(args, { env })).toMatchObject({
        code: 4,
        stderr: expect.stringMatching(/^error FOLDER_IN_USE: .*in use.*\n$/),
      });
  });

  it('a worker with a bad token is refused', async () => {
    const ended = await touchstone(['worker', '--server', server.url, '--token', 'tst_wrong'], {
      env: { TOUCHSTONE_HOME: `${server.home}-w` },
    });
    expect(ended.code).toBeGreaterThan(0);
    expect(ended.stderr).toMatch(/^error [A-Z_]+: /);
  });
});

describe('ending', () => {
  it('Ctrl-C drains, exits 0 and leaves no process; what was kept is there at the next start', async () => {
    const server = await startServer();
    const { home } = server;
    expect(processesOf(home).length).toBeGreaterThanOrEqual(3);
    server.process.kill('SIGINT');
    expect(await server.exited).toBe(0);
    expect(await untilNone(home, 5_000)).toEqual([]);
    const rebuilt = await touchstone(['db', 'rebuild', '--json'], { env: { TOUCHSTONE_HOME: home } });
    expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"entries":\d+\}\n$/) });
    rmSync(home, { recursive: true, force: true });
  }, 180_000);

  it('killing the command takes the whole tree along', async () => {
    const server = await startServer();
    server.process.kill('SIGKILL');
    await server.exited;
    expect(await untilNone(server.home, 15_000)).toEqual([]);
    rmSync(server.home, { recursive: true, force: true });
  }, 180_000);
});

describe('a start that cannot be', () => {
  it('says which port is in use and how to choose another', async () => {
    const blocker = createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const { port } = blocker.address() as { port: number };
    const home = join(tmpdir(), `touchstone-port-${process.pid}`);
    const ended = await touchstone(['start', '--no-demo', '--no-web'], {
      env: { TOUCHSTONE_HOME: home, TOUCHSTONE_API_PORT: String(port) },
    });
    blocker.close();
    rmSync(home, { recursive: true, force: true });
    expect(ended).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(new RegExp(`error PORT_IN_USE: port ${port} .*TOUCHSTONE_API_PORT`)),
    });
  }, 120_000);
});
