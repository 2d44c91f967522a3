/** Servers and workers as real processes, started through the command line's own launcher, and ways to look at them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../packages/cli/bin/launch.mjs', import.meta.url));

export interface Spawned {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): string;
  readonly exited: Promise<number | null>;
  /** kill -9, and the end of the process. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

const living = new Set<ChildProcess>();

/** Ends what a failed test left behind. */
export function endAll(): void {
  for (const child of living) child.kill('SIGKILL');
}

export function launch(name: string, options: object, env: Record<string, string>): Spawned {
  const child = spawn(process.execPath, [launcher, name], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NODE_OPTIONS: '',
      DATABASE_URL: '',
      ...env,
      TOUCHSTONE_LAUNCH: JSON.stringify(options),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      living.delete(child);
      resolve(code);
    }),
  );
  return {
    child,
    pid: child.pid ?? 0,
    output: () => text,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return await exited;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function until<T>(
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  limitMs: number,
  what: string,
): Promise<T> {
  const begun = Date.now();
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() - begun > limitMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Living processes below `pid`, nearest first. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const found: number[] = [];
  for (let queue = children.get(pid) ?? []; queue.length > 0;) {
    found.push(...queue);
    queue = queue.flatMap((id) => children.get(id) ?? []);
  }
  return found;
}

export interface RunView {
  readonly id: string;
  readonly seed: number;
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly attempt: number;
  readonly worker: string | null;
  readonly waitingReason: string | null;
  readonly progress: { readonly phase: string; readonly step: number } | null;
  readonly scores: readonly { readonly key: string; readonly value: number }[];
  readonly logs: readonly { readonly attempt: number; readonly line: string }[];
}

const RUN = `id seed state reason message attempt worker waitingReason progress { phase step } scores { key value } logs { attempt line }`;

/** The public API with a token. */
export class Client {
  constructor(
    readonly api: string,
    readonly token: string,
  ) {}

  async query<T>(query: string, variables: object = {}): Promise<T> {
    const response = await fetch(`${this.api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(20_000),
    });
    const { data, errors } = (await response.json()) as {
      data?: T;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    if (errors?.[0] || !data)
      throw Object.assign(new Error(errors?.[0]?.message ?? 'no data'), { code: errors?.[0]?.extensions?.code });
    return data;
  }

  async submit(benchmark: string, method: string, params: object, seeds: readonly number[]): Promise<string[]> {
    const { submitVariant } = await this.query<{
      submitVariant: { submission: { runs: { id: string }[] } | null; userErrors: { message: string }[] };
    }>(
      `mutation ($input: SubmitVariantInput!) { submitVariant(input: $input) { submission { runs { id } } userErrors { message } } }`,
      { input: { benchmark, method, params, seeds } },
    );
    if (!submitVariant.submission) throw new Error(submitVariant.userErrors.map((error) => error.message).join('; '));
    return submitVariant.submission.runs.map((run) => run.id);
  }

  async run(id: string): Promise<RunView> {
    return (await this.query<{ run: RunView }>(`query ($id: ID!) { run(id: $id) { ${RUN} } }`, { id })).run;
  }

  async cancel(id: string): Promise<void> {
    await this.query(`mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { state } userErrors { message } } }`, {
      id,
    });
  }

  inState(id: string, states: readonly string[], limitMs: number): Promise<RunView> {
    return until(
      async () => {
        const run = await this.run(id);
        return states.includes(run.state) && run;
      },
      limitMs,
      `run ${id} to be ${states.join(' or ')}`,
    );
  }

  /** A run that trains: the moment to break something. */
  training(id: string, attempt = 1): Promise<RunView> {
    return until(
      async () => {
        const run = await this.run(id);
        if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(run.state))
          throw new Error(`too late: ${run.state} ${run.message}`);
        return run.state === 'RUNNING' && run.attempt === attempt && run.progress?.phase === 'training' && run;
      },
      120_000,
      `attempt ${attempt} of run ${id} to train`,
    );
  }
}

export interface Server extends Spawned {
  readonly client: Client;
  readonly readyMs: number;
}

export async function startServer(
  home: string,
  options: { worker?: boolean; port?: number; env?: Record<string, string> } = {},
): Promise<Server> {
  const port = options.port ?? (await freePort());
  const begun = Date.now();
  const spawned = launch(
    'start',
    { web: false, worker: options.worker ?? false, demo: false },
    { TOUCHSTONE_HOME: home, TOUCHSTONE_API_PORT: String(port), TOUCHSTONE_DATA: '', ...options.env },
  );
  let code: number | null | undefined;
  void spawned.exited.then((value) => (code = value));
  const api = await until(
    () => {
      if (code !== undefined) throw new Error(`the server ended with code ${code}:\n${spawned.output()}`);
      return /ready: api (http\S+)\/graphql/.exec(spawned.output())?.[1];
    },
    60_000,
    'the server to be ready',
  );
  const token = readFileSync(join(home, 'owner-token'), 'utf8').trim();
  return { ...spawned, client: new Client(api, token), readyMs: Date.now() - begun };
}

export async function startWorker(client: Client, name: string, env: Record<string, string> = {}): Promise<Spawned> {
  const worker = launch(
    'worker',
    { server: client.api, token: client.token, name, capacity: 1 },
    { TOUCHSTONE_DATA: '', ...env },
  );
  await until(
    () => worker.output().includes('ready for runs') || worker.output().includes('gives it no runs'),
    30_000,
    `worker ${name}`,
  );
  return worker;
}
