import { schema, type Database } from '@touchstone/db';
import { eq, inArray } from 'drizzle-orm';
import { byId, grouped } from '../../lib/batch.js';
import { toRun } from '../run/run.loader.js';

const { runs, submissionRuns, submissions, users } = schema;

export function submissionLoaders(db: Database) {
  return {
    byId: byId(
      (ids) =>
        db
          .select()
          .from(submissions)
          .where(inArray(submissions.id, [...ids])),
      (row) => row.id,
    ),
    runs: grouped(
      async (ids) => {
        const rows = await db
          .select({ submissionId: submissionRuns.submissionId, run: runs })
          .from(submissionRuns)
          .innerJoin(runs, eq(runs.id, submissionRuns.runId))
          .where(inArray(submissionRuns.submissionId, [...ids]))
          .orderBy(runs.seed);
        return rows.map(({ submissionId, run }) => ({ submissionId, run: toRun(run) }));
      },
      (row) => row.submissionId,
    ),
    userName: byId(
      (ids) =>
        db
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(inArray(users.id, [...ids])),
      (row) => row.id,
    ),
  };
}
