/** A create with a key seen before returns what it made then; another input under the same key is refused. */
import { schema, type Database } from '@touchstone/db';
import { hashJson } from '@touchstone/eval/meta';
import { and, eq } from 'drizzle-orm';
import { refuse } from './user-error.js';
import { uuidv7 } from './uuid.js';

const { idempotencyKeys } = schema;

export interface Attempt {
  readonly userId: string;
  readonly operation: string;
  readonly key: string | null | undefined;
  /** What was asked, without the key. */
  readonly input: unknown;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/**
 * Runs `create` inside the caller's transaction, or returns the ids that the first attempt made. Two attempts at once are
 * put in a row by the unique index. Refuses IDEMPOTENCY_MISMATCH.
 */
export async function once(
  tx: Database,
  attempt: Attempt,
  create: () => Promise<readonly string[]>,
): Promise<{ ids: readonly string[]; replayed: boolean }> {
  const { userId, operation, key, input } = attempt;
  if (key === null || key === undefined) return { ids: await create(), replayed: false };
  if (key.length < 1 || key.length > 200)
    refuse({
      code: 'PARAM_RANGE',
      message: 'idempotencyKey must have 1 to 200 characters',
      field: 'input.idempotencyKey',
      value: key,
      allowed: '1 to 200 characters',
    });
  const inputHash = hashJson(plain(input));
  const id = uuidv7();
  const [mine] = await tx
    .insert(idempotencyKeys)
    .values({ id, userId, operation, key, inputHash, createdAt: new Date() })
    .onConflictDoNothing()
    .returning({ id: idempotencyKeys.id });
  if (mine) {
    const ids = await create();
    await tx
      .update(idempotencyKeys)
      .set({ result: [...ids] })
      .where(eq(idempotencyKeys.id, id));
    return { ids, replayed: false };
  }
  const [first] = await tx
    .select()
    .from(idempotencyKeys)
    .where(
      and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.operation, operation), eq(idempotencyKeys.key, key)),
    );
  if (first?.inputHash !== inputHash)
    refuse({
      code: 'IDEMPOTENCY_MISMATCH',
      message: 'this key was used with another input',
      field: 'input.idempotencyKey',
      value: key,
      allowed: 'a new key, or the same input',
    });
  return { ids: first.result, replayed: true };
}
