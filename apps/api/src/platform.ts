/** What every part of the API process shares; built once at start (or by a test) and passed explicitly. */
import type { Readable } from 'node:stream';
import type { Database } from '@touchstone/db';
import type { Logger } from 'pino';
import type { Dispatcher } from './jobs/dispatcher.js';

export interface Config {
  /** Folder of everything this installation keeps. */
  readonly home: string;
  readonly host: string;
  readonly apiPort: number;
  readonly webPort: number;
  readonly databaseUrl: string | null;
  /** Present when the operator preset it. */
  readonly ownerToken: string | null;
}

/** What changed, for subscriptions and pollers inside this process. */
export interface Bus {
  publish(topic: 'run', runId: string): void;
  publish(topic: 'board', benchmarkKey: string): void;
  subscribe(topic: 'run' | 'board', key: string): AsyncIterable<string>;
}

/** Content-addressed bytes. */
export interface BlobStore {
  put(bytes: Uint8Array, kind: string): Promise<string>;
  get(sha256: string): Promise<Uint8Array>;
  /** Takes in a stream of announced length and hash without holding it in memory. Anything else is refused, and leaves nothing. */
  receive(source: AsyncIterable<Uint8Array>, expected: { bytes: number; sha256: string }, kind: string): Promise<void>;
  /** Its content as a stream; its hash is not looked at. */
  open(sha256: string): Promise<{ readonly bytes: number; readonly content: Readable }>;
  /** Removes it where `isUnneeded` says so while nobody can store the same bytes. Returns whether it did. */
  discard(sha256: string, isUnneeded: (tx: Database) => Promise<boolean>): Promise<boolean>;
}

export interface Platform {
  readonly config: Config;
  readonly db: Database;
  /** Shown in serverInfo: "PGlite" or "PostgreSQL 15.x". */
  readonly databaseName: string;
  readonly bus: Bus;
  readonly blobs: BlobStore;
  readonly log: Logger;
  readonly startedAt: Date;
  /** Hands runs to workers. */
  readonly dispatcher: Pick<Dispatcher, 'claim'>;
  /** Asks the dispatcher to look again soon; cheap, coalesced. */
  wakeDispatcher(): void;
  /** State of the demonstration in words, for serverInfo. */
  demoState(): string;
}
