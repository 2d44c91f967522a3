/**
 * One process tree that is a whole installation: database, API, dispatcher, a local worker and the site.
 * (`@touchstone/api/start`)
 */
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockFolder, schema } from '@touchstone/db';
import { and, eq, isNull } from 'drizzle-orm';
import { ConfigError, readConfig, userLimit, workerCapacity } from './config.js';
import { createPlatform, type OpenPlatform } from './create-platform.js';
import { type Demo, startDemo } from './demo.js';
import { syncCatalogue } from './jobs/catalogue.js';
import { type Housekeeping, startHousekeeping } from './jobs/housekeeping.js';
import { syncShippedOutcomes } from './jobs/shipped-outcomes.js';
import { createSignInCode, ensureOwner, issueToken } from './lib/auth.js';
import type { Config, Platform } from './platform.js';
import { type Api, createApi } from './server.js';
import { Supervised } from './supervisor.js';

export interface StartOptions {
  /** Train the demonstration. Default false. */
  readonly demo?: boolean;
  /** Serve the site. Default true. */
  readonly web?: boolean;
  /** Run a local worker. Default true. */
  readonly worker?: boolean;
}

const here = dirname(fileURLToPath(import.meta.url));
const siteFolder = join(here, '..', '..', 'web');
const WORKER_TOKEN = 'local worker';
const SHUTDOWN_MS = 10_000;

/** Reachable from this machine, whatever address the server listens on. */
const reachable = (host: string) =>
  ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

function portError(error: NodeJS.ErrnoException, host: string, port: number, variable: string): Error {
  if (error.code === 'EADDRINUSE')
    return new ConfigError(
      'PORT_IN_USE',
      `port ${port} is in use by another program; choose another with ${variable}=<port>`,
    );
  if (error.code === 'EACCES')
    return new ConfigError(
      'PORT_IN_USE',
      `port ${port} may not be opened by this user; choose another with ${variable}=<port>`,
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new ConfigError('HOST_UNAVAILABLE', `TOUCHSTONE_HOST is "${host}", which is no address of this machine`);
  return error;
}

/** A port that is free now: the given one, or any for 0. Throws ConfigError naming port and variable. */
async function freePort(host: string, port: number, variable: string): Promise<number> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port, variable)));
      probe.listen(port, host, resolve);
    });
    return (probe.address() as { port: number }).port;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

async function listen(api: Api, { host, apiPort }: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    api.httpServer.once('error', (error: NodeJS.ErrnoException) =>
      reject(portError(error, host, apiPort, 'TOUCHSTONE_API_PORT')),
    );
    api.httpServer.listen(apiPort, host, resolve);
  });
  return (api.httpServer.address() as { port: number }).port;
}

/** A fresh token at every start; those of earlier starts end. */
async function workerToken(platform: Platform, userId: string): Promise<string> {
  const { tokens } = schema;
  return await platform.db.transaction(async (tx) => {
    await tx
      .update(tokens)
      .set({ revokedAt: new Date() })
      .where(and(eq(tokens.userId, userId), eq(tokens.name, WORKER_TOKEN), isNull(tokens.revokedAt)));
    const { secret } = await issueToken(tx, { userId, name: WORKER_TOKEN, scopes: ['worker'], expiresAt: null });
    return secret;
  });
}

class Tree {
  private readonly children: Supervised[] = [];
  private open: OpenPlatform | undefined;
  private api: Api | undefined;
  private demo: Demo | undefined;
  private housekeeping: Housekeeping | undefined;
  private lock: { release(): void } | undefined;
  private ending: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private filling: Promise<unknown> | undefined;

  constructor(private readonly options: StartOptions) {}

  async up(): Promise<void> {
    const { demo = false, web = true, worker = true } = this.options;
    const config = readConfig();
    // Refused before anything is opened.
    workerCapacity(1);
    if (web && !existsSync(join(siteFolder, '.next', 'BUILD_ID')))
      throw new ConfigError('SITE_MISSING', 'the site is not built: run `npm run build`, or start with --no-web');
    // PGlite locks the folder itself; beside PostgreSQL it still holds blobs and the owner's token.
    if (config.databaseUrl) this.lock = await lockFolder(config.home);
    this.open = await createPlatform({ config, userLimit: userLimit(), demoState: () => this.demo?.state() ?? 'off' });
    const { platform, dispatcher } = this.open;
    const webPort = web ? await freePort(config.host, config.webPort, 'TOUCHSTONE_WEB_PORT') : null;
    await freePort(config.host, config.apiPort, 'TOUCHSTONE_API_PORT');
    await syncCatalogue(platform);
    const owner = await ensureOwner(platform);
    this.api = await createApi(platform);
    const apiPort = await listen(this.api, config);
    dispatcher.start();
    this.housekeeping = startHousekeeping(platform);

    const address = `http://${reachable(config.host)}:${apiPort}`;
    const site = webPort === null ? null : this.startSite(config, webPort, address);
    if (demo) this.demo = await startDemo(platform, (line) => this.print(line));
    // Times are comparable with one run at a time; a demonstration is there to be seen soon.
    const usual = this.demo && !this.demo.finished() ? Math.min(2, availableParallelism()) : 1;
    if (worker) this.startWorker(platform, address, await workerToken(platform, owner.userId), workerCapacity(usual));
    await site?.ready;

    const siteAddress = webPort === null ? null : `http://${reachable(config.host)}:${webPort}`;
    this.print(`ready: api ${address}/graphql${siteAddress ? `, site ${siteAddress}` : ''}`);
    if (siteAddress) this.print(`sign in: ${siteAddress}/sign-in?code=${await createSignInCode(platform)}`);
    this.filling = syncShippedOutcomes(platform, this.stopping.signal).catch((error: unknown) =>
      platform.log.error({ err: error }, 'outcomes of the reference results could not be stored'),
    );
  }

  private print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  private startSite(config: Config, port: number, api: string): Supervised {
    const complain = (line: string) => process.stderr.write(`${line}\n`);
    const site = new Supervised({
      name: 'the site',
      file: join(siteFolder, 'server.mjs'),
      env: {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        TOUCHSTONE_HOST: config.host,
        TOUCHSTONE_WEB_PORT: String(port),
        TOUCHSTONE_URL: api,
        // Only the API opens the database.
        DATABASE_URL: '',
        TOUCHSTONE_OWNER_TOKEN: '',
      },
      graceMs: 3_000,
      onLine: (line) => this.open?.platform.log.info({ site: line }),
      isReady: (message) => (message as { type?: unknown } | null)?.type === 'ready',
      onRestart: complain,
    });
    this.children.push(site);
    return site;
  }

  private startWorker(platform: Platform, server: string, token: string, capacity: number): void {
    const worker = new Supervised({
      name: 'the local worker',
      file: join(here, 'worker', 'local.js'),
      env: {
        TOUCHSTONE_WORKER_SERVER: server,
        TOUCHSTONE_WORKER_TOKEN: token,
        TOUCHSTONE_WORKER_CAPACITY: String(capacity),
        // A worker never has the database or the owner's token.
        DATABASE_URL: '',
        TOUCHSTONE_OWNER_TOKEN: '',
      },
      graceMs: 8_000,
      onLine: (line) => platform.log.info({ worker: line }),
      onRestart: (line) => platform.log.warn(line),
    });
    this.children.push(worker);
  }

  /** Drains: the site and the worker end, then the API, then the database. Bounded; safe to call twice. */
  down(): Promise<void> {
    this.ending ??= this.close();
    return this.ending;
  }

  private async close(): Promise<void> {
    const late = setTimeout(() => {
      for (const child of this.children) child.kill();
      process.exit(1);
    }, SHUTDOWN_MS);
    this.demo?.stop();
    this.stopping.abort();
    await this.filling;
    await Promise.all(this.children.map((child) => child.stop()));
    await this.api?.close();
    await this.housekeeping?.stop();
    await this.open?.close();
    this.lock?.release();
    clearTimeout(late);
  }

  killNow(): void {
    for (const child of this.children) child.kill();
  }
}

/** Starts everything and resolves when it is ready. Throws ConfigError, FolderInUseError, CatalogueConflictError. */
export async function start(options: StartOptions = {}): Promise<void> {
  const tree = new Tree(options);
  let signals = 0;
  const onSignal = () => {
    if (++signals > 1) {
      tree.killNow();
      process.exit(1);
    }
    tree.down().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`error while stopping: ${error instanceof Error ? error.message : String(error)}\n`);
        tree.killNow();
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    await tree.up();
  } catch (error) {
    if (signals > 0) return;
    await tree.down();
    throw error;
  }
}
