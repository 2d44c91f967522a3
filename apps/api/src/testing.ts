/** A whole installation in a temporary folder, for tests: real database, catalogue, server and tokens; no worker. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { createPlatform } from './create-platform.js';
import { syncCatalogue } from './jobs/catalogue.js';
import { recomputeEntries } from './jobs/summary.js';
import { ensureOwner, issueToken, type Scope } from './lib/auth.js';
import { uuidv7 } from './lib/uuid.js';
import type { Platform } from './platform.js';
import { createApi } from './server.js';

export interface Answer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface TestServer {
  readonly platform: Platform;
  readonly url: string;
  readonly ownerToken: string;
  /** Sends one operation by POST; `token` null sends none. */
  query<T = Record<string, never>>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    token?: string | null,
  ): Promise<Answer<T>>;
  /** A user with one token. */
  member(
    name: string,
    scopes?: readonly Scope[],
    expiresAt?: Date,
  ): Promise<{ readonly userId: string; readonly token: string; readonly tokenId: string }>;
  close(): Promise<void>;
}

export interface TestOptions {
  /** Address of a PostgreSQL; default: PGlite. */
  readonly databaseUrl?: string;
  /** Leave out the shipped results. */
  readonly bare?: boolean;
  readonly ownerToken?: string;
}

/** Starts one on a free port of the loopback. */
export async function startTestServer(options: TestOptions = {}): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'touchstone-api-'));
  const open = await createPlatform({
    config: {
      home,
      host: '127.0.0.1',
      apiPort: 0,
      webPort: 0,
      databaseUrl: options.databaseUrl ?? null,
      ownerToken: options.ownerToken ?? null,
    },
    log: pino({ level: process.env['TOUCHSTONE_LOG_LEVEL'] ?? 'silent' }),
  });
  const { platform } = open;
  // Nobody works here, and its rounds would be counted among the statements of a request.
  await open.dispatcher.stop();
  await syncCatalogue(platform);
  if (options.bare) await clearResults(platform);
  const { token: ownerToken } = await ensureOwner(platform);
  const api = await createApi(platform);
  await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(api.httpServer.address() as AddressInfo).port}`;
  return {
    platform,
    url,
    ownerToken,
    async query(query, variables = {}, token = null) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as object) } as never;
    },
    async member(name, scopes = ['read', 'submit'], expiresAt) {
      const userId = uuidv7();
      await platform.db.insert(schema.users).values({ id: userId, name, role: 'member', createdAt: new Date() });
      const { secret, row } = await issueToken(platform.db, {
        userId,
        name: 'test',
        scopes,
        expiresAt: expiresAt ?? null,
      });
      return { userId, token: secret, tokenId: row.id };
    },
    async close() {
      await api.close();
      await open.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function clearResults({ db }: Platform): Promise<void> {
  await db.delete(schema.events);
  await db.delete(schema.runs);
  await db.delete(schema.entries);
}

/** Ends runs as a worker would: `score` gives the values of a seed, null lets it fail as NON_FINITE. */
export async function finishRuns(
  { db }: Platform,
  entryId: string,
  score: (seed: number) => Readonly<Record<string, number>> | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const runs = await tx.select().from(schema.runs).where(eq(schema.runs.entryId, entryId));
    for (const run of runs.filter(({ state }) => state === 'QUEUED' || state === 'RUNNING')) {
      const values = score(run.seed);
      const ended = values
        ? { state: 'SUCCEEDED', wallMs: 1000 }
        : { state: 'FAILED', reason: 'NON_FINITE', message: 'the loss became NaN at step 7' };
      await tx
        .update(schema.runs)
        .set({ ...ended, attempt: 1, startedAt: new Date(), finishedAt: new Date() })
        .where(eq(schema.runs.id, run.id));
      const rows = Object.entries(values ?? {}).map(([key, value]) => ({ runId: run.id, key, value }));
      if (rows.length > 0) await tx.insert(schema.scores).values(rows);
    }
    await recomputeEntries(tx, [entryId]);
  });
}

/** SQL statements that the work sends; transactions' begin and commit count too. */
export async function countStatements<T>(
  { db }: Platform,
  work: () => Promise<T>,
): Promise<{ result: T; statements: number }> {
  const client = (db as unknown as { $client: { query: (...args: unknown[]) => unknown } }).$client;
  const original = client.query;
  let statements = 0;
  client.query = (...args) => {
    statements++;
    return original.apply(client, args);
  };
  try {
    return { result: await work(), statements };
  } finally {
    client.query = original;
  }
}
