/** Addresses that only this installation can have made: HMAC-SHA-256 under a secret kept in the database. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Database, schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';

const KEY = 'upload-secret';

export type UploadRow = typeof schema.uploads.$inferSelect;
type Signed = Pick<UploadRow, 'id' | 'bytes' | 'sha256' | 'expiresAt'>;

const secrets = new WeakMap<Database, string>();

/** Drawn at the first use, the same for every server of a database. */
async function secretOf(db: Database): Promise<string> {
  const known = secrets.get(db);
  if (known) return known;
  await db
    .insert(schema.settings)
    .values({ key: KEY, value: randomBytes(32).toString('hex') })
    .onConflictDoNothing();
  const [row] = await db.select().from(schema.settings).where(eq(schema.settings.key, KEY));
  const secret = row!.value as string;
  secrets.set(db, secret);
  return secret;
}

export async function signatureOf(db: Database, { id, bytes, sha256, expiresAt }: Signed): Promise<string> {
  const text = ['PUT', id, bytes, sha256, expiresAt.getTime()].join('\n');
  return createHmac('sha256', await secretOf(db))
    .update(text)
    .digest('base64url');
}

export async function isSignedBy(db: Database, upload: Signed, signature: string): Promise<boolean> {
  const expected = Buffer.from(await signatureOf(db, upload));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
