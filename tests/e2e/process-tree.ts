/** Starts Touchstone as a person does and tells what it printed and which processes it made. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  readonly process: ChildProcess;
  readonly api: string;
  readonly site: string;
  readonly signIn: string;
  /** From spawn to the line `ready:`. */
  readonly readyMs: number;
  output(): string;
  exited: Promise<number | null>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface StartOptions {
  home: string;
  apiPort: number;
  webPort: number;
  args?: string[];
  env?: Record<string, string>;
}

export function spawnStart(options: StartOptions): {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['packages/cli/bin/touchstone.mjs', 'start', ...(options.args ?? ['--demo'])], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TOUCHSTONE_HOME: options.home,
      TOUCHSTONE_API_PORT: String(options.apiPort),
      TOUCHSTONE_WEB_PORT: String(options.webPort),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  return { child, output: () => text, exited };
}

export async function start(options: StartOptions, limitMs = 120_000): Promise<Started> {
  const begun = Date.now();
  const { child, output, exited } = spawnStart(options);
  let gone = false;
  void exited.then(() => (gone = true));
  for (;;) {
    const ready = /ready: api (http\S+)\/graphql, site (http\S+)/.exec(output());
    const signIn = /(http\S+\/sign-in\?code=\S+)/.exec(output());
    if (ready?.[1] && ready[2] && signIn?.[1])
      return {
        process: child,
        api: ready[1],
        site: ready[2],
        signIn: signIn[1],
        readyMs: Date.now() - begun,
        output,
        exited,
      };
    if (gone) throw new Error(`ended before it was ready:\n${output()}`);
    if (Date.now() - begun > limitMs) {
      child.kill('SIGKILL');
      throw new Error(`not ready within ${limitMs} ms:\n${output()}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Every living process below `pid`, from /proc. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const [child, parent] of parents)
      if (parent === next) {
        found.push(child);
        queue.push(child);
      }
  return found;
}

export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export async function until<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs: number,
  what: string,
): Promise<T> {
  const begun = Date.now();
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() - begun > limitMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
