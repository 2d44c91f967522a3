/** The worker's side of the protocol: one method a route, retried while the server or its database is away. */
import { randomInt } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type {
  ClaimAnswer,
  ClaimBody,
  FailBody,
  FileBody,
  HandBackBody,
  HeartbeatAnswer,
  HeartbeatBody,
  LogBody,
  Refusal,
  RegisterAnswer,
  RegisterBody,
  ResultBody,
  SeriesBody,
} from './protocol.js';

/** The server answered and refused; retrying would not help. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** The attempt is no longer ours: nothing more is to be said about it. */
  get isOver(): boolean {
    return ['STALE_ATTEMPT', 'RUN_UNKNOWN', 'WORKER_UNKNOWN'].includes(this.code);
  }
}

/** The server could not be reached, or is in no state to answer. */
export class ServerAway extends Error {
  override readonly name = 'ServerAway';
}

const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 4_000;
/** A file that takes longer is asked for again. */
const FILE_MS = 600_000;

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal?.aborted ? 0 : ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Repeats `call` while the server is away, with growing pauses, until it answers or `signal` aborts (then it throws). */
export async function persist<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  onAway?: (error: Error) => void,
): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ServerAway) || signal.aborted) throw error;
      onAway?.(error);
      // Workers that lost the same server do not come back in step.
      await sleep((wait * randomInt(75, 125)) / 100, signal);
    }
  }
}

export class WorkerClient {
  private readonly base: string;

  constructor(
    server: string,
    private readonly token: string,
  ) {
    this.base = `${server.replace(/\/+$/, '')}/worker`;
  }

  register = (body: RegisterBody) => this.post<RegisterAnswer>('/register', body);
  claim = (worker: string, body: ClaimBody, signal: AbortSignal) =>
    this.post<ClaimAnswer>(`/${worker}/claim`, body, body.waitMs + 10_000, signal);
  heartbeat = (worker: string, body: HeartbeatBody) => this.post<HeartbeatAnswer>(`/${worker}/heartbeat`, body, 5_000);
  leave = (worker: string) => this.post<unknown>(`/${worker}/leave`, {}, 3_000);
  log = (worker: string, run: string, body: LogBody) => this.post<unknown>(`/${worker}/runs/${run}/log`, body);
  series = (worker: string, run: string, body: SeriesBody) => this.post<unknown>(`/${worker}/runs/${run}/series`, body);
  result = (worker: string, run: string, body: ResultBody) =>
    this.post<{ state: string }>(`/${worker}/runs/${run}/result`, body, 60_000);
  fail = (worker: string, run: string, body: FailBody) =>
    this.post<{ state: string }>(`/${worker}/runs/${run}/fail`, body);
  handBack = (worker: string, run: string, body: HandBackBody) =>
    this.post<unknown>(`/${worker}/runs/${run}/hand-back`, body, 3_000);

  /** Writes a file of the run's predictions to `path`, anew. Throws as the other calls do, and what the disk throws. */
  async file(worker: string, run: string, body: FileBody, path: string, signal: AbortSignal): Promise<void> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(FILE_MS)]);
    const response = await this.send(`/${worker}/runs/${run}/file`, body, bounded);
    if (!response.ok) throw this.refusal(response.status, await this.heard(response.text()));
    await pipeline(this.chunks(response), createWriteStream(path));
  }

  /** What breaks off on the way is asked for again; what the disk refuses is not. */
  private async *chunks({ body }: Response): AsyncIterable<Uint8Array> {
    const reader = body!.getReader();
    for (;;) {
      const { done, value } = await this.heard(reader.read());
      if (done) return;
      yield value;
    }
  }

  private async heard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw new ServerAway(`${this.base} does not answer: ${reasonOf(error)}`, { cause: error });
    }
  }

  private send(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    return this.heard(
      fetch(`${this.base}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
        body: JSON.stringify(body),
        signal,
      }),
    );
  }

  /** Throws ServerRefused for an answer that will stay the same, ServerAway for one that may not. */
  private async post<T>(path: string, body: unknown, timeoutMs = 15_000, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await this.send(path, body, signal ? AbortSignal.any([signal, timeout]) : timeout);
    const text = await this.heard(response.text());
    if (response.ok) return JSON.parse(text) as T;
    throw this.refusal(response.status, text);
  }

  private refusal(status: number, text: string): ServerAway | ServerRefused {
    const { code, message } = refusalIn(text) ?? { code: 'HTTP', message: `HTTP ${status}` };
    if (status >= 500 || status === 429) return new ServerAway(`${this.base}: ${message}`);
    return new ServerRefused(status, code, message);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

function refusalIn(text: string): Refusal['error'] | null {
  try {
    return (JSON.parse(text) as Refusal).error ?? null;
  } catch {
    return null;
  }
}
