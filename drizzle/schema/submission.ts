/** What a person sent. The same variant sent twice points to the same runs. */
import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './account.js';
import { benchmarks } from './benchmark.js';
import { at, id } from './columns.js';
import { entries } from './entry.js';
import { runs } from './run.js';

export const submissions = pgTable(
  'submissions',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    entryId: uuid('entry_id')
      .notNull()
      .references(() => entries.id),
    generation: integer('generation').notNull(),
    input: jsonb('input').notNull(),
    note: text('note'),
    createdAt: at('created_at').notNull(),
    withdrawnAt: at('withdrawn_at'),
    withdrawnReason: text('withdrawn_reason'),
  },
  (t) => [index('submissions_user').on(t.userId, t.id), index('submissions_entry').on(t.entryId)],
);

export const submissionRuns = pgTable(
  'submission_runs',
  {
    submissionId: uuid('submission_id')
      .notNull()
      .references(() => submissions.id),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id),
  },
  (t) => [primaryKey({ columns: [t.submissionId, t.runId] }), index('submission_runs_run').on(t.runId)],
);

/** Files of predictions: announced, sent once to a signed address, then named by submissions. */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    benchmarkId: uuid('benchmark_id')
      .notNull()
      .references(() => benchmarks.id),
    fileName: text('file_name').notNull(),
    bytes: doublePrecision('bytes').notNull(),
    sha256: text('sha256').notNull(),
    /** ISSUED | RECEIVING | STORED | REFUSED */
    state: text('state').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [index('uploads_user').on(t.userId, t.state)],
);
