/** What happened, who works, and what bytes are kept. */
import { doublePrecision, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './account.js';
import { benchmarks } from './benchmark.js';
import { at, id } from './columns.js';
import { entries } from './entry.js';
import { runs } from './run.js';

/** Append-only. */
export const events = pgTable(
  'events',
  {
    id: id(),
    at: at('at').notNull(),
    kind: text('kind').notNull(),
    message: text('message').notNull(),
    actorId: uuid('actor_id').references(() => users.id),
    benchmarkId: uuid('benchmark_id').references(() => benchmarks.id),
    entryId: uuid('entry_id').references(() => entries.id),
    runId: uuid('run_id').references(() => runs.id),
  },
  (t) => [index('events_benchmark').on(t.benchmarkId, t.id), index('events_entry').on(t.entryId, t.id)],
);

export const workers = pgTable('workers', {
  id: id(),
  name: text('name').notNull(),
  tokenId: uuid('token_id'),
  backends: text('backends').array().notNull(),
  datasets: text('datasets').array().notNull(),
  memoryBytes: doublePrecision('memory_bytes').notNull(),
  capacity: integer('capacity').notNull(),
  codeVersion: text('code_version').notNull(),
  registry: jsonb('registry').notNull(),
  lastSeenAt: at('last_seen_at').notNull(),
  startedAt: at('started_at').notNull(),
  /** ONLINE | DRAINING | OFFLINE */
  state: text('state').notNull(),
  /** Why it is given no runs, in words. */
  refusal: text('refusal'),
});

/** Content-addressed bytes live in the blob store; this remembers size and kind. */
export const blobs = pgTable('blobs', {
  sha256: text('sha256').primaryKey(),
  size: doublePrecision('size').notNull(),
  kind: text('kind').notNull(),
  createdAt: at('created_at').notNull(),
});

/** Small facts of this installation: schema of the catalogue, demonstration state. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
});
