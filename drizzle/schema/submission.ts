/** What a person sent. The same variant sent twice points to the same runs. */
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './account.js';
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
