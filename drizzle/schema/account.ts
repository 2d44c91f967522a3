/** Who may do what: users, and tokens of which only a hash is stored. */
import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, id } from './columns.js';

export const users = pgTable('users', {
  id: id(),
  name: text('name').notNull().unique(),
  /** owner | member */
  role: text('role').notNull(),
  createdAt: at('created_at').notNull(),
});

export const tokens = pgTable(
  'tokens',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    /** First characters, for people to recognise it by. */
    prefix: text('prefix').notNull(),
    /** Hex SHA-256 of the secret (256 bits of entropy, so a fast hash is enough). */
    hash: text('hash').notNull(),
    /** read | submit | admin | worker */
    scopes: text('scopes').array().notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'),
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('tokens_hash').on(t.hash), index('tokens_user').on(t.userId)],
);

/** A create with a key seen before returns what it made then; another input under the same key is refused. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    operation: text('operation').notNull(),
    key: text('key').notNull(),
    inputHash: text('input_hash').notNull(),
    /** Ids of what was made. */
    result: text('result')
      .array()
      .notNull()
      .default(sql`'{}'`),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('idempotency_user_operation_key').on(t.userId, t.operation, t.key)],
);
