/** Opens everything that the parts of the API process share, and closes it again. */
import { join } from 'node:path';
import { type OpenDatabase, openDatabase } from '@touchstone/db';
import { type Logger, pino } from 'pino';
import { createBlobStore } from './jobs/blobs.js';
import { createBus } from './jobs/bus.js';
import { DEFAULT_USER_LIMIT, Dispatcher } from './jobs/dispatcher.js';
import type { Config, Platform } from './platform.js';

export interface OpenPlatform {
  readonly platform: Platform;
  readonly dispatcher: Dispatcher;
  readonly engine: OpenDatabase['engine'];
  /** Stops the dispatcher and closes the database. */
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly config: Config;
  readonly log?: Logger;
  readonly userLimit?: number;
  readonly demoState?: () => string;
}

/** Opens and migrates the database. The dispatcher is made but not started. Throws FolderInUseError. */
export async function createPlatform(options: PlatformOptions): Promise<OpenPlatform> {
  const { config } = options;
  const log = options.log ?? pino({ level: process.env['TOUCHSTONE_LOG_LEVEL'] ?? 'warn' }, pino.destination(2));
  const database = await openDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl,
    onConnectionError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const dispatcher: Dispatcher = new Dispatcher(() => platform, options.userLimit ?? DEFAULT_USER_LIMIT);
  const platform: Platform = {
    config,
    db: database.db,
    databaseName: database.name,
    bus: createBus(),
    blobs: createBlobStore(join(config.home, 'blobs'), database.db),
    log,
    startedAt: new Date(),
    dispatcher,
    wakeDispatcher: () => dispatcher.wake(),
    demoState: options.demoState ?? (() => 'off'),
  };
  return {
    platform,
    dispatcher,
    engine: database.engine,
    close: async () => {
      await dispatcher.stop();
      await database.close();
    },
  };
}
