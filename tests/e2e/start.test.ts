/** Starting, starting again, stopping: one tree of processes that never outlives its parent and never loses what it kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants, freePort, isAlive, spawnStart, start, type StartOptions, until } from './process-tree.js';

const home = mkdtempSync(join(tmpdir(), 'touchstone-start-'));
let options: StartOptions;

beforeAll(async () => {
  options = { home, apiPort: await freePort(), webPort: await freePort(), args: ['--no-demo'] };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('touchstone start', () => {
  it('is ready, refuses a second start on the same folder, and leaves no process behind on Ctrl-C', async () => {
    const first = await start(options);
    const tree = descendants(first.process.pid ?? 0);
    expect(tree.length).toBeGreaterThanOrEqual(2);

    const second = spawnStart({ ...options, apiPort: await freePort(), webPort: await freePort() });
    expect(await second.exited).not.toBe(0);
    expect(second.output()).toMatch(/in use/i);

    first.process.kill('SIGINT');
    await first.exited;
    await until(() => tree.every((pid) => !isAlive(pid)), 5000, 'the end of every child');
  });

  it('says which port is taken and by which variable to choose another', async () => {
    const holder = await start(options);
    const other = mkdtempSync(join(tmpdir(), 'touchstone-port-'));
    const refused = spawnStart({ ...options, home: other, webPort: await freePort() });
    expect(await refused.exited).not.toBe(0);
    expect(refused.output()).toContain(String(options.apiPort));
    expect(refused.output()).toContain('TOUCHSTONE_API_PORT');
    rmSync(other, { recursive: true, force: true });

    const tree = descendants(holder.process.pid ?? 0);
    holder.process.kill('SIGKILL');
    await until(() => tree.every((pid) => !isAlive(pid)), 10_000, 'children to notice that their parent is gone');
  });

  it('starts again on what was kept', async () => {
    const again = await start(options);
    expect(await (await fetch(`${again.api}/livez`)).status).toBe(200);
    const tree = descendants(again.process.pid ?? 0);
    again.process.kill('SIGTERM');
    await again.exited;
    await until(() => tree.every((pid) => !isAlive(pid)), 5000, 'the end of every child');
  });
});
