/** Raw statements on either database; both drivers return `{ rows }`. */
import type { Database } from '@touchstone/db';
import type { SQL } from 'drizzle-orm';

export type Executor = Pick<Database, 'execute' | 'select' | 'insert' | 'update' | 'delete'>;

export async function rowsOf<T>(db: Pick<Database, 'execute'>, statement: SQL): Promise<T[]> {
  const result = (await db.execute(statement)) as unknown as { rows: T[] };
  return result.rows;
}

/** Drivers give raw timestamps as text or as Date. */
export const toDate = (value: unknown): Date | null =>
  value === null || value === undefined ? null : new Date(value as string | Date);
