import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { getBenchmark } from '../core/registry.js';
import type { ChildMessage, RunRequest } from '../core/types.js';
import { resolveVariant } from '../core/variant.js';
import type { ForkOptions, ForkOutcome } from './fork.js';
import { forkRun } from './fork.js';
import { requestFor, runVariant } from './run.js';

// Children are plain node on compiled code; the registry of the parent knows nothing of the fixture.
const fixture = new URL('./fixtures/misbehave.mjs', import.meta.url).href;
const smoke = getBenchmark('digits-smoke');
const { variant } = resolveVariant(smoke, {});

function misbehaving(mode: string): RunRequest {
  const objective = { method: 'misbehave', version: 1, params: { mode } };
  return requestFor(smoke, { ...variant, components: { ...variant.components, objective } }, 0);
}

const failing = (mode: string, options: ForkOptions = {}): Promise<ForkOutcome> =>
  forkRun(misbehaving(mode), { ...options, execArgv: ['--import', fixture, ...(options.execArgv ?? [])] }).promise;

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

beforeAll(() => {
  if (!existsSync(fileURLToPath(new URL('../../dist/child.js', import.meta.url))))
    throw new Error('packages/eval is not built: run `npm run build` first');
});

describe('forkRun', () => {
  it('gives the bits of a run in this process, with the machine loaded', async () => {
    const request = requestFor(smoke, variant, 3);
    const messages: ChildMessage[] = [];
    const [child, rival] = [
      forkRun(request, { onMessage: (m) => messages.push(m) }),
      forkRun(requestFor(smoke, variant, 4)),
    ];
    const here = await runVariant(request);
    const [{ result }] = await Promise.all([child.promise, rival.promise]);
    expect(result?.receipt.digest).toBe(here.receipt.digest);
    expect(result?.scores).toEqual(here.scores);
    expect(result?.outcomes['accuracy']).toEqual(here.outcomes['accuracy']);
    expect(messages.some((m) => m.type === 'progress' && m.phase === 'training')).toBe(true);
    expect(messages.flatMap((m) => (m.type === 'series' ? m.points : []))).toEqual(result?.series);
  });

  it('reports a thrown error with the last lines of its log', async () => {
    const { failure } = await failing('throw');
    expect(failure).toMatchObject({ reason: 'METHOD_ERROR', message: expect.stringContaining('the method broke') });
    expect(failure?.lastLogLines).toContain('step 5');
  });

  it('reports the step of a loss that is not a number', async () => {
    const { failure } = await failing('nan');
    expect(failure).toMatchObject({ reason: 'NON_FINITE', step: 5 });
  });

  it('ends an endless loop by its silence', async () => {
    const { failure } = await failing('loop', { heartbeatMs: 3000 });
    expect(failure).toMatchObject({ reason: 'HEARTBEAT_LOST' });
    expect(failure?.lastLogLines).toContain('step 5');
  });

  it('ends an endless loop by its time', async () => {
    expect((await failing('loop', { timeLimitMs: 3000 })).failure).toMatchObject({ reason: 'TIME_LIMIT' });
  });

  it('ends a child above its memory', async () => {
    const { failure } = await failing('memory', { memoryLimitBytes: 600 * 1024 ** 2 });
    expect(failure).toMatchObject({ reason: 'OUT_OF_MEMORY', message: expect.stringContaining('600 MiB') });
  });

  it('knows an exhausted heap', async () => {
    const { failure } = await failing('heap', { execArgv: ['--max-old-space-size=200'] });
    expect(failure).toMatchObject({ reason: 'OUT_OF_MEMORY' });
  });

  it('reports a child that left', async () => {
    expect((await failing('exit')).failure).toMatchObject({
      reason: 'CRASHED',
      message: expect.stringContaining('code 7'),
    });
  });

  it('refuses a request for another protocol', async () => {
    const { failure } = await forkRun({ ...requestFor(smoke, variant, 0), benchmarkHash: 'f'.repeat(64) }).promise;
    expect(failure).toMatchObject({ reason: 'REGISTRY_MISMATCH' });
  });

  it('leaves no child behind when the parent is killed, even a blocked one', async () => {
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const source = `
      const { forkRun } = await import(${url('../../dist/engine/fork.js')});
      const run = forkRun(${JSON.stringify(misbehaving('loop'))}, {
        execArgv: ['--import', ${JSON.stringify(fixture)}],
        onMessage: (m) => m.line === 'step 5' && console.log(run.pid),
      });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => alive(pid), { timeout: 5000 }).toBe(false);
  });

  it('stops within a second when cancelled, even a blocked child', async () => {
    const run = forkRun(misbehaving('loop'), { execArgv: ['--import', fixture] });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const from = performance.now();
    run.cancel();
    expect((await run.promise).failure).toMatchObject({ reason: 'CANCELLED_BY_USER' });
    expect(performance.now() - from).toBeLessThan(1000);
    expect(alive(run.pid!)).toBe(false);
  });
});
