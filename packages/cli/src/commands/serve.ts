/** `start`, `worker`, `db rebuild`: entry points of the API, each in a child process. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { openSession } from '../remote/session.js';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The child leads a process group of its own, so that Ctrl-C reaches it once, through here; the channel between the two
 * closes when this process dies, which the child takes as SIGTERM.
 */
function launch(name: 'start' | 'worker' | 'rebuild', options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  // The options hold a token, which the arguments of a process would show to everybody on the machine.
  const child = spawn(process.execPath, ['--enable-source-maps', LAUNCHER, name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
    env: { ...process.env, TOUCHSTONE_LAUNCH: JSON.stringify(options) },
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward);
      const known = (Object.values(EXIT) as readonly number[]).includes(code ?? -1);
      resolve(signal === null && known ? (code as ExitCode) : EXIT.failed);
    });
  });
}

interface StartOptions {
  readonly demo?: boolean;
  readonly web: boolean;
  readonly worker: boolean;
}

export function start({ demo = false, web, worker: local }: StartOptions, _io: Io): Promise<ExitCode> {
  return launch('start', { demo, web, worker: local });
}

interface WorkerOptions {
  readonly server?: string;
  readonly token?: string;
  readonly name?: string;
  readonly capacity: string;
}

export async function worker(options: WorkerOptions, _io: Io): Promise<ExitCode> {
  const capacity = Number(options.capacity);
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > 64)
    throw new CliError('USAGE', '--capacity is out of range', {
      field: '--capacity',
      value: options.capacity,
      allowed: '1 to 64',
    });
  const session = await openSession(options.server);
  const token = options.token ?? session.token;
  if (!token)
    throw new CliError('UNAUTHENTICATED', 'a worker needs a token', {
      field: '--token',
      allowed: 'a token with the scope worker',
    });
  return launch('worker', { server: session.url, token, name: options.name, capacity });
}

export function rebuild(options: { readonly json?: boolean }, _io: Io): Promise<ExitCode> {
  return launch('rebuild', { json: options.json ?? false });
}
