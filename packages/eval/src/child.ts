/** Entry of a forked process: one run, told and answered over the process channel (`@touchstone/eval/child`). */
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ChildMessage, ParentMessage, RunResult } from './core/types.js';
import { failureOf } from './engine/failure.js';

const NICE = 10;
const HEARTBEAT_MS = 500;
const STACK_LINES = 12;

const cancellation = new AbortController();

function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

async function resultOf({ request, tuning, files }: Extract<ParentMessage, { type: 'run' }>): Promise<RunResult> {
  const onMessage = (message: ChildMessage): void => void send(message);
  const { signal } = cancellation;
  // Each is loaded only where it is needed: scoring files takes no tensor backend.
  if (request.variant.predictions) {
    const { scoreVariant } = await import('./engine/score-run.js');
    return scoreVariant(request, files ?? [], { onMessage, signal });
  }
  const { runVariant } = await import('./engine/run.js');
  return runVariant(request, { onMessage, signal, tuning });
}

async function answer(message: Extract<ParentMessage, { type: 'run' }>): Promise<void> {
  try {
    const result = await resultOf(message);
    await send({ type: 'result', result });
  } catch (error) {
    const failure = failureOf(error);
    const origin = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const stack = origin instanceof Error ? (origin.stack ?? '').split('\n').slice(0, STACK_LINES) : [];
    if (failure.reason === 'METHOD_ERROR' || failure.reason === 'INTERNAL')
      for (const line of stack) await send({ type: 'log', level: 'error', line });
    else await send({ type: 'log', level: 'error', line: failure.message });
    await send({ type: 'failed', ...failure });
  }
  process.exit(0);
}

/** A thread that a blocked event loop does not block: it ends the process when another one adopts it. */
const WATCHDOG = `
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 500);
`;

if (process.send) {
  new Worker(WATCHDOG, { eval: true, execArgv: [] }).unref();
  try {
    setPriority(NICE);
  } catch {
    // A system that refuses a lower priority still runs the child, at the usual one.
  }
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ParentMessage) => {
    if (message.type === 'cancel') cancellation.abort();
    else void answer(message);
  });
  setInterval(() => void send({ type: 'heartbeat', residentBytes: process.memoryUsage.rss() }), HEARTBEAT_MS);
} else {
  console.error('This module is started by a process that forks it and sends it a run.');
  process.exitCode = 2;
}
