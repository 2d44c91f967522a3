/**
 * The worker: claims runs from a server over HTTP, executes each in a forked child, and tells the server everything. It
 * outlives restarts of the server and works from behind NAT. (`@touchstone/api/worker`)
 */
import { hostname, totalmem } from 'node:os';
import {
  datasetState,
  labelFolder,
  listDatasets,
  listPredictionBenchmarks,
  registryHashes,
} from '@touchstone/eval/meta';
import { persist, ServerAway, ServerRefused, sleep, WorkerClient } from './client.js';
import { BEAT_MS, PROTOCOL_VERSION } from './protocol.js';
import { Session, type SessionLimits } from './session.js';
import { watchdogArguments } from './watchdog.js';

export interface WorkerOptions extends SessionLimits {
  /** Address of the API, e.g. http://127.0.0.1:4000. */
  readonly server: string;
  /** A token with the scope `worker`. */
  readonly token: string;
  readonly capacity?: number;
  /** Default: host name and pid. A worker that registers under the name of an earlier one of the same user replaces it. */
  readonly name?: string;
  /** How long a stopping worker lets its runs go on before it hands them back, ms. */
  readonly drainMs?: number;
  readonly onLine?: (line: string) => void;
}

export interface RunningWorker {
  /** Drains: claims nothing more, lets runs finish for `drainMs`, hands the rest back, says goodbye. */
  stop(): Promise<void>;
  /** Kills the children at once; for a process that is about to end itself. */
  kill(): void;
  /** Settles when the worker has ended; rejects when the server will never have it (a bad token). */
  readonly done: Promise<void>;
}

const CLAIM_WAIT_MS = 20_000;
/** Only a bound: a run that ends says so at once. */
const FREE_WAIT_MS = 60_000;
/** A claim that is answered so fast with nothing was not waited for. */
const REFUSED_MS = 2_000;
const DATASETS_FRESH_MS = 10_000;
const BACKENDS = ['wasm'];

/** Keys of datasets, and names of folders of official labels. */
async function datasetsPresent(): Promise<string[]> {
  const states = await Promise.all(
    listDatasets().map(async (dataset) => ({ key: dataset.key, state: (await datasetState(dataset)).state })),
  );
  const labels = listPredictionBenchmarks().flatMap(({ scoring }) =>
    (scoring?.datasets ?? []).filter((name) => labelFolder(name)),
  );
  const present = states.filter(({ state }) => state === 'BUNDLED' || state === 'PRESENT').map(({ key }) => key);
  return [...new Set([...present, ...labels])];
}

class Worker implements RunningWorker {
  readonly done: Promise<void>;
  private readonly client: WorkerClient;
  private readonly sessions = new Map<string, Session>();
  private readonly stopping = new AbortController();
  private readonly ended = new AbortController();
  private readonly capacity: number;
  private readonly name: string;
  private id = '';
  private datasets: { keys: string[]; at: number } = { keys: [], at: 0 };
  private freed: () => void = () => undefined;
  private away = false;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: WorkerOptions) {
    this.client = new WorkerClient(options.server, options.token);
    this.capacity = options.capacity ?? 1;
    this.name = options.name ?? `${hostname()}-${process.pid}`;
    this.done = this.live();
  }

  stop(): Promise<void> {
    this.stopped ??= this.drain();
    return this.stopped;
  }

  kill(): void {
    for (const { pid } of this.sessions.values())
      try {
        if (pid) process.kill(pid, 'SIGKILL');
      } catch {
        // It had ended.
      }
  }

  private say(line: string): void {
    this.options.onLine?.(line);
  }

  private async live(): Promise<void> {
    try {
      await this.register();
    } catch (error) {
      // Stopped before the server was ever there: nothing was begun.
      if (this.stopping.signal.aborted && error instanceof ServerAway) return;
      throw error;
    }
    const beats = this.beats();
    try {
      await this.claims();
    } finally {
      if (this.stopped) await this.stopped;
      else {
        for (const session of this.sessions.values()) session.abandon();
        this.ended.abort();
      }
      await beats;
    }
  }

  private async register(): Promise<void> {
    this.datasets = { keys: await datasetsPresent(), at: Date.now() };
    const body = {
      protocol: PROTOCOL_VERSION,
      name: this.name,
      backends: BACKENDS,
      datasets: this.datasets.keys,
      // An unlimited control group reports a number larger than any machine.
      memoryBytes: Math.min(process.constrainedMemory?.() || Infinity, totalmem()),
      capacity: this.capacity,
      registry: registryHashes(),
    };
    const { workerId, refusal } = await this.insist(() => this.client.register(body));
    this.id = workerId;
    this.say(
      refusal
        ? `worker ${this.name}: the server gives it no runs: ${refusal}`
        : `worker ${this.name}: ready for runs from ${this.options.server}`,
    );
  }

  /** Repeats while the server is away, and says so once. */
  private async insist<T>(call: () => Promise<T>): Promise<T> {
    const answer = await persist(call, this.stopping.signal, (error) => {
      if (!this.away) this.say(`worker ${this.name}: ${error.message}; trying on`);
      this.away = true;
    });
    if (this.away) this.say(`worker ${this.name}: the server answers again`);
    this.away = false;
    return answer;
  }

  private async claims(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.sessions.size >= this.capacity) {
        const waited = new AbortController();
        this.freed = () => waited.abort();
        await sleep(FREE_WAIT_MS, AbortSignal.any([signal, waited.signal]));
        continue;
      }
      if (Date.now() - this.datasets.at > DATASETS_FRESH_MS)
        this.datasets = { keys: await datasetsPresent(), at: Date.now() };
      try {
        const asked = Date.now();
        const body = { waitMs: CLAIM_WAIT_MS, datasets: this.datasets.keys };
        const { run } = await this.insist(() => this.client.claim(this.id, body, signal));
        if (run) this.begin(run);
        // Nothing at once means refused: it asks again, at leisure, in case the server changes its mind.
        else if (Date.now() - asked < REFUSED_MS) await sleep(REFUSED_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServerRefused)) throw error;
        if (error.code !== 'WORKER_UNKNOWN') throw error;
        await this.startAnew();
      }
    }
  }

  /** The server's database knows us no longer. */
  private async startAnew(): Promise<void> {
    for (const session of this.sessions.values()) session.abandon();
    await this.register();
  }

  private begin(run: ConstructorParameters<typeof Session>[0]): void {
    const session = new Session(run, {
      client: this.client,
      workerId: this.id,
      workerName: this.name,
      execArgv: watchdogArguments(),
      contended: () => this.sessions.size > 1,
      ...(this.options.memoryLimitBytes ? { memoryLimitBytes: this.options.memoryLimitBytes } : {}),
      ...(this.options.timeLimitMs ? { timeLimitMs: this.options.timeLimitMs } : {}),
    });
    this.sessions.set(run.id, session);
    this.say(
      `worker ${this.name}: ${run.request.benchmark} seed ${run.request.seed}, attempt ${run.attempt}, ${session.pid ? `process ${session.pid}` : 'fetching its files'}`,
    );
    void session.done.then(() => {
      if (this.sessions.get(run.id) === session) this.sessions.delete(run.id);
      this.freed();
    });
  }

  private async beats(): Promise<void> {
    while (!this.ended.signal.aborted) {
      const runs = [...this.sessions.values()].map((session) => session.beat());
      try {
        const { cancel, lost } = await this.client.heartbeat(this.id, { draining: this.stopping.signal.aborted, runs });
        for (const id of cancel) this.sessions.get(id)?.cancel();
        for (const id of lost) this.sessions.get(id)?.abandon();
      } catch (error) {
        if (!(error instanceof ServerAway) && !(error instanceof ServerRefused)) throw error;
      }
      await sleep(this.sessions.size > 0 ? BEAT_MS.working : BEAT_MS.idle, this.ended.signal);
    }
  }

  private async drain(): Promise<void> {
    this.stopping.abort();
    const { drainMs = 600_000 } = this.options;
    const running = [...this.sessions.values()];
    if (running.length > 0)
      this.say(`worker ${this.name}: finishing ${running.length} run${running.length > 1 ? 's' : ''}`);
    const enough = new AbortController();
    await Promise.race([Promise.all(running.map((session) => session.done)), sleep(drainMs, enough.signal)]);
    enough.abort();
    await Promise.all([...this.sessions.values()].map((session) => session.handBack(`worker ${this.name} stopped`)));
    this.ended.abort();
    if (this.id) await this.client.leave(this.id).catch(() => undefined);
  }
}

/** Registers with the server and works until stopped. */
export function runWorker(options: WorkerOptions): RunningWorker {
  return new Worker(options);
}

/** The command `touchstone worker`: works until SIGINT or SIGTERM, then drains; a second signal hands back at once. */
export async function worker(options: WorkerOptions): Promise<void> {
  // What a run's process has no business with.
  for (const name of ['TOUCHSTONE_TOKEN', 'TOUCHSTONE_OWNER_TOKEN', 'DATABASE_URL']) delete process.env[name];
  const running = runWorker({ onLine: (line) => process.stdout.write(`${line}\n`), ...options });
  let signals = 0;
  const onSignal = () => {
    if (++signals > 1) process.exit(1);
    void running.stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  await running.done;
  process.exit(0);
}
