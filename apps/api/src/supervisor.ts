/** The children of a local start: the worker and the site. Restarted when they break, ended with the tree. */
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildPlan {
  readonly name: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to end when asked, ms; then it is killed. */
  readonly graceMs: number;
  readonly onLine: (line: string) => void;
  /** Resolves `ready` at the first message for which this is true; without it, at the start. */
  readonly isReady?: (message: unknown) => boolean;
  readonly onRestart?: (line: string) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived so long is not in a loop of failures. */
const HEALTHY_MS = 60_000;

export class Supervised {
  /** Rejects when the child ends before it was ready. */
  readonly ready: Promise<void>;
  private child: ChildProcess | undefined;
  private stopping = false;
  private pause = FIRST_PAUSE_MS;
  private timer: NodeJS.Timeout | undefined;
  private becameReady!: () => void;
  private neverReady!: (error: Error) => void;
  private wasReady = false;

  constructor(private readonly plan: ChildPlan) {
    this.ready = new Promise((resolve, reject) => {
      this.becameReady = resolve;
      this.neverReady = reject;
    });
    // Whoever does not wait for it hears of a failure through the restarts.
    this.ready.catch(() => undefined);
    this.begin();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  private begin(): void {
    const { name, file, env, isReady, onLine, onRestart } = this.plan;
    const begun = Date.now();
    const child = fork(file, [], {
      env: { ...process.env, ...env },
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    const last: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          if (last.push(line) > 20) last.shift();
          onLine(line);
        });
    child.on('message', (message) => {
      if (isReady?.(message)) this.nowReady();
    });
    if (!isReady) child.once('spawn', () => this.nowReady());
    child.once('error', (error) => this.neverReady(error));
    child.once('exit', (code, signal) => {
      this.child = undefined;
      if (this.stopping) return;
      const how = signal ?? `code ${code}`;
      if (!this.wasReady) this.neverReady(new Error(`${name} ended with ${how}\n${last.join('\n')}`));
      if (Date.now() - begun > HEALTHY_MS) this.pause = FIRST_PAUSE_MS;
      onRestart?.(`${name} ended with ${how}; starting it again`);
      this.timer = setTimeout(() => this.begin(), this.pause).unref();
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    });
  }

  private nowReady(): void {
    this.wasReady = true;
    this.becameReady();
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), this.plan.graceMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  kill(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }
}
