/** One run in a process of its own, which can be bounded and killed whatever its code does. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ChildMessage, ParentMessage, RunReason, RunRequest, RunResult, TuningRecord } from '../core/types.js';

export interface ForkOptions {
  readonly onMessage?: (message: ChildMessage) => void;
  /** Resident bytes above which the child is killed; default 2 GiB. */
  readonly memoryLimitBytes?: number;
  /** Default ten minutes, which a tuned variant without a record may need. */
  readonly timeLimitMs?: number;
  /** How long the child may be silent; default 30 s. It speaks twice a second unless its code blocks it. */
  readonly heartbeatMs?: number;
  readonly tuning?: TuningRecord;
  /** Where the files of a predictions variant lie, in its order. */
  readonly files?: readonly string[];
  /** Arguments of node for the child, e.g. `--import` of a module that provides a method. */
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface ForkFailure {
  readonly reason: RunReason;
  readonly message: string;
  readonly step?: number;
  readonly lastLogLines: readonly string[];
}

export type ForkOutcome =
  | { readonly result: RunResult; readonly failure?: undefined }
  | { readonly result?: undefined; readonly failure: ForkFailure };

export interface ForkedRun {
  /** Never rejects. */
  readonly promise: Promise<ForkOutcome>;
  readonly pid: number | undefined;
  /** Ends the child within a second; the outcome is CANCELLED_BY_USER unless it had ended before. */
  cancel(): void;
}

const WATCH_MS = 200;
const GRACE_MS = 400;
const KEPT_LINES = 50;
const PAGE_BYTES = 4096;
const HEAP_EXHAUSTED = /heap out of memory|Allocation failed|out of memory/i;

/** The compiled entry: children start from dist, also when this file runs from src under a test runner. */
function childEntry(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../../dist/child.js' : '../child.js', here));
}

/** Asked from outside, because a blocked child cannot say it; null where the system does not tell. */
function residentBytes(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return null;
  }
}

/** Starts a run in a fresh child at lower priority and watches it. */
export function forkRun(request: RunRequest, options: ForkOptions = {}): ForkedRun {
  return new Watch(request, options);
}

class Watch implements ForkedRun {
  readonly promise: Promise<ForkOutcome>;
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly started = performance.now();
  private heard = performance.now();
  private verdict: { reason: RunReason; message: string; step?: number } | undefined;
  private result: RunResult | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    request: RunRequest,
    private readonly options: ForkOptions,
  ) {
    this.child = fork(childEntry(), [], {
      serialization: 'advanced',
      execArgv: [...(options.execArgv ?? [])],
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.follow(this.child.stdout, 'info');
    this.follow(this.child.stderr, 'error');
    this.child.on('message', (message) => this.hear(message as ChildMessage));
    this.promise = new Promise((resolve) => {
      let settled = false;
      const settle = (code: number | null, signal: string | null): void => {
        if (settled) return;
        settled = true;
        clearInterval(this.timer);
        resolve(this.outcome(code, signal));
      };
      this.child.on('error', (error) => {
        this.verdict ??= { reason: 'CRASHED', message: `the child did not start: ${error.message}` };
        settle(null, null);
      });
      this.child.on('close', settle);
    });
    this.timer = setInterval(() => this.look(), WATCH_MS);
    this.timer.unref();
    const { tuning, files } = options;
    this.send({ type: 'run', request, ...(tuning ? { tuning } : {}), ...(files ? { files } : {}) });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  cancel(): void {
    if (this.verdict || this.result) return;
    this.verdict = { reason: 'CANCELLED_BY_USER', message: 'cancelled' };
    this.send({ type: 'cancel' });
    setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS).unref();
  }

  private send(message: ParentMessage): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private follow(stream: Readable | null, level: 'info' | 'error'): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => this.hear({ type: 'log', level, line }));
  }

  private hear(message: ChildMessage): void {
    this.heard = performance.now();
    if (message.type === 'log') {
      this.lines.push(message.line);
      if (this.lines.length > KEPT_LINES) this.lines.shift();
    }
    if (message.type === 'result') this.result = message.result;
    if (message.type === 'failed') this.verdict ??= message;
    if (message.type === 'heartbeat') this.bound(message.residentBytes);
    this.options.onMessage?.(message);
  }

  private bound(bytes: number): void {
    const { memoryLimitBytes = 2 * 1024 ** 3 } = this.options;
    if (bytes > memoryLimitBytes)
      this.end(
        'OUT_OF_MEMORY',
        `resident memory ${mebibytes(bytes)} is above the limit of ${mebibytes(memoryLimitBytes)}`,
      );
  }

  private look(): void {
    const { timeLimitMs = 600_000, heartbeatMs = 30_000 } = this.options;
    const now = performance.now();
    if (now - this.started > timeLimitMs) this.end('TIME_LIMIT', `no result within ${timeLimitMs / 1000} s`);
    else if (now - this.heard > heartbeatMs)
      this.end('HEARTBEAT_LOST', `the run was silent for ${heartbeatMs / 1000} s: its code blocks the process`);
    else if (this.child.pid !== undefined) this.bound(residentBytes(this.child.pid) ?? 0);
  }

  private end(reason: RunReason, message: string): void {
    if (this.verdict || this.result) return;
    this.verdict = { reason, message };
    this.child.kill('SIGKILL');
  }

  private outcome(code: number | null, signal: string | null): ForkOutcome {
    if (this.result) return { result: this.result };
    const exhausted = this.lines.some((line) => HEAP_EXHAUSTED.test(line));
    const { reason, message, step } = this.verdict ?? {
      reason: exhausted ? ('OUT_OF_MEMORY' as const) : ('CRASHED' as const),
      message: `the child ended with ${signal ?? `code ${code}`} and no result`,
      step: undefined,
    };
    return { failure: { reason, message, ...(step === undefined ? {} : { step }), lastLogLines: [...this.lines] } };
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
