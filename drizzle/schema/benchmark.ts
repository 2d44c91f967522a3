/** Protocols as JSON, so that old boards stay readable when the code has moved on. */
import { boolean, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, id } from './columns.js';

export const benchmarks = pgTable(
  'benchmarks',
  {
    id: id(),
    key: text('key').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    title: text('title').notNull(),
    protocol: jsonb('protocol').notNull(),
    /** False when a newer version exists or the code no longer defines it. */
    current: boolean('current').notNull(),
    /** Digest of the official label files behind the newest scores; null before the first. */
    labelRevision: text('label_revision'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('benchmarks_key_version').on(t.key, t.version), uniqueIndex('benchmarks_hash').on(t.hash)],
);
