/** One claimed run on its way: its child, and what the child says, in order, to the server. */
import { deflateSync } from 'node:zlib';
import {
  type ChildMessage,
  type ForkedRun,
  type ForkOptions,
  type ForkOutcome,
  forkRun,
  type RunResult,
} from '@touchstone/eval';
import { persist, ServerRefused, type WorkerClient } from './client.js';
import { forkPredictions } from './predictions.js';
import {
  type ClaimedRun,
  type HeartbeatBody,
  LIMITS,
  type LogBody,
  type ResultBody,
  type SeriesBody,
} from './protocol.js';

export interface SessionLimits {
  readonly memoryLimitBytes?: number;
  readonly timeLimitMs?: number;
}

export interface SessionOptions extends SessionLimits {
  readonly client: WorkerClient;
  readonly workerId: string;
  readonly workerName: string;
  readonly execArgv: readonly string[];
  /** Runs beside others on this worker: its time is not comparable. */
  readonly contended: () => boolean;
}

const FLUSH_MS = 250;

export class Session {
  /** Settles when nothing is left to be said; never rejects. */
  readonly done: Promise<void>;
  private readonly fork: ForkedRun;
  private readonly ending = new AbortController();
  private readonly lines: LogBody['lines'] = [];
  private readonly points: SeriesBody['points'] = [];
  private sentLines = 0;
  private streamedPoints = 0;
  private chunk = 0;
  private latest: HeartbeatBody['runs'][number]['progress'];
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout;
  private contended = false;
  /** The server wants to hear nothing more. */
  private over = false;
  private handingBack = false;

  constructor(
    readonly claimed: ClaimedRun,
    private readonly options: SessionOptions,
  ) {
    const { memoryLimitBytes, timeLimitMs, execArgv } = options;
    const forkOptions: ForkOptions = {
      onMessage: (message) => this.hear(message),
      execArgv,
      ...(memoryLimitBytes ? { memoryLimitBytes } : {}),
      ...(timeLimitMs ? { timeLimitMs } : {}),
      ...(claimed.tuning ? { tuning: claimed.tuning } : {}),
    };
    this.fork = claimed.request.variant.predictions
      ? forkPredictions(claimed, options, forkOptions)
      : forkRun(claimed.request, forkOptions);
    this.log('info', `attempt ${claimed.attempt} begins on worker ${options.workerName}`);
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.done = this.fork.promise.then((outcome) => this.end(outcome));
  }

  get pid(): number | undefined {
    return this.fork.pid;
  }

  /** For the next heartbeat; progress is told once. */
  beat(): HeartbeatBody['runs'][number] {
    const progress = this.latest;
    this.latest = undefined;
    this.contended ||= this.options.contended();
    return { id: this.claimed.id, attempt: this.claimed.attempt, ...(progress ? { progress } : {}) };
  }

  /** Ends the child; the server hears that it was cancelled. */
  cancel(): void {
    this.fork.cancel();
  }

  /** Ends the child and says nothing more: the attempt is no longer ours. */
  abandon(): void {
    this.over = true;
    this.ending.abort();
    this.fork.cancel();
  }

  /** Ends the child and gives the run back to the queue, within a bounded time. */
  async handBack(message: string): Promise<void> {
    if (this.over) return await this.done;
    this.handingBack = true;
    this.fork.cancel();
    await this.fork.promise;
    this.ending.abort();
    await this.done;
    if (this.over) return;
    const { client, workerId } = this.options;
    await client.handBack(workerId, this.claimed.id, { attempt: this.claimed.attempt, message }).catch(() => undefined);
  }

  private hear(message: ChildMessage): void {
    if (message.type === 'progress') {
      const { phase, step, steps, loss, stepsPerSecond, etaMs } = message;
      const known = (value: number) => (Number.isFinite(value) ? value : 0);
      this.latest = {
        phase,
        step,
        steps,
        loss: loss !== null && Number.isFinite(loss) ? loss : null,
        stepsPerSecond: known(stepsPerSecond),
        etaMs: known(etaMs),
      };
    } else if (message.type === 'series') {
      this.streamedPoints += message.points.length;
      this.keep(message.points);
    } else if (message.type === 'log') this.log(message.level, message.line);
  }

  private log(level: 'info' | 'warn' | 'error', line: string): void {
    const position = this.sentLines + this.lines.length;
    if (position > LIMITS.linesPerAttempt) return;
    const text = position === LIMITS.linesPerAttempt ? 'the log is full; what follows was not kept' : line;
    this.lines.push({ at: new Date().toISOString(), level, line: text.slice(0, LIMITS.lineLength) });
  }

  private keep(points: readonly SeriesBody['points'][number][]): void {
    for (const point of points) if (Number.isFinite(point.value)) this.points.push(point);
  }

  private flush(): void {
    if (this.flushing || this.over || (this.lines.length === 0 && this.points.length === 0)) return;
    this.flushing = this.send()
      .catch((error: unknown) => this.failed(error))
      .finally(() => (this.flushing = undefined));
  }

  /** Sends what is buffered; a batch leaves its buffer when the server has stored it. */
  private async send(): Promise<void> {
    const { client, workerId } = this.options;
    const { id, attempt } = this.claimed;
    while (this.lines.length > 0) {
      const lines = this.lines.slice(0, LIMITS.linesPerBatch);
      await this.insist(() => client.log(workerId, id, { attempt, from: this.sentLines, lines }));
      this.lines.splice(0, lines.length);
      this.sentLines += lines.length;
    }
    while (this.points.length > 0 && this.chunk <= LIMITS.chunksPerAttempt) {
      const points = this.points.slice(0, LIMITS.pointsPerBatch);
      await this.insist(() => client.series(workerId, id, { attempt, chunk: this.chunk, points }));
      this.points.splice(0, points.length);
      this.chunk++;
    }
  }

  private insist<T>(call: () => Promise<T>): Promise<T> {
    return persist(call, this.ending.signal);
  }

  private failed(error: unknown): void {
    if (!(error instanceof ServerRefused)) return;
    if (error.isOver) this.abandon();
    else this.log('error', `the server refused a report: ${error.message}`);
  }

  /** Logs and series first, the final state last. */
  private async end(outcome: ForkOutcome): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.flushing;
      if (this.over) return;
      if (outcome.result) this.keep(outcome.result.series.slice(this.streamedPoints));
      await this.send();
      if (this.handingBack && !outcome.result) return;
      await this.report(outcome);
      // Told: what a hand-back would say is settled.
      this.over = true;
    } catch (error) {
      if (error instanceof ServerRefused && error.isOver) this.over = true;
    }
  }

  private async report(outcome: ForkOutcome): Promise<void> {
    const { client, workerId } = this.options;
    const { id, attempt } = this.claimed;
    const fail = (reason: NonNullable<ForkOutcome['failure']>['reason'], message: string) =>
      this.insist(() => client.fail(workerId, id, { attempt, reason, message: message.slice(0, 4_000) }));
    if (outcome.failure) {
      await fail(outcome.failure.reason, outcome.failure.message);
      return;
    }
    try {
      const body = packed(outcome.result, attempt, this.contended);
      await this.insist(() => client.result(workerId, id, body));
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.isOver) throw error;
      await fail('INTERNAL', `the server refused the result: ${error.message}`);
    }
  }
}

function packed(result: RunResult, attempt: number, contended: boolean): ResultBody {
  const { scores, outcomes, sketches, units, convergence, tuning, resources, receipt } = result;
  const compressed = Object.entries(outcomes).map(([key, values]) => [
    key,
    deflateSync(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).toString('base64'),
  ]);
  return {
    attempt,
    scores,
    outcomes: Object.fromEntries(compressed) as ResultBody['outcomes'],
    sketches: Object.fromEntries(
      Object.entries(sketches).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]),
    ),
    units: units && deflateSync(JSON.stringify(units)).toString('base64'),
    convergence,
    tuning: tuning as ResultBody['tuning'],
    resources,
    receipt: receipt as unknown as ResultBody['receipt'],
    contended,
  };
}
