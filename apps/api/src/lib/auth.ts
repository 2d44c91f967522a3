/** Who is asking: bearer tokens, of which only a hash is stored, and single-use sign-in codes. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { schema, type Database } from '@touchstone/db';
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Platform } from '../platform.js';
import { ApiError } from './errors.js';
import { uuidv7 } from './uuid.js';

const { tokens, users } = schema;

export const SCOPES = ['read', 'submit', 'admin', 'worker'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly role: 'owner' | 'member';
  readonly scopes: readonly Scope[];
  readonly tokenId: string;
}

export type TokenRow = typeof tokens.$inferSelect;
type Writer = Pick<Database, 'insert'>;

const PREFIX = 'tst_';
const FORM = /^tst_[0-9a-f]{72}$/;
const PREFIX_SHOWN = PREFIX.length + 8;
const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0');

/** 256 random bits with a prefix that secret scanners find and a checksum that spots typing errors offline. */
export function newSecret(): string {
  const body = randomBytes(32).toString('hex');
  return `${PREFIX}${body}${checksum(body)}`;
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** False for a token of our form whose checksum does not fit: it cannot be in the database. */
export function looksGenuine(secret: string): boolean {
  return !FORM.test(secret) || secret.slice(-8) === checksum(secret.slice(PREFIX.length, -8));
}

export interface NewToken {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
  /** Given by the operator; otherwise drawn. */
  readonly secret?: string;
}

/** Stores a new token. The secret is returned this once. */
export async function issueToken(tx: Writer, { userId, name, scopes, expiresAt, secret = newSecret() }: NewToken) {
  const row: TokenRow = {
    id: uuidv7(),
    userId,
    name,
    prefix: secret.slice(0, PREFIX_SHOWN),
    hash: hashSecret(secret),
    scopes: [...scopes],
    createdAt: new Date(),
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  };
  await tx.insert(tokens).values(row);
  return { secret, row };
}

const LAST_USED_STEP_MS = 60_000;
const refused = (message: string) =>
  new ApiError('UNAUTHENTICATED', message, {
    field: 'Authorization',
    allowed: 'Bearer <token>, or no header for public reads',
  });

/** The actor of an Authorization header; null without one. Throws UNAUTHENTICATED for anything but a live token. */
export async function authenticate(db: Database, header: string | undefined): Promise<Actor | null> {
  if (header === undefined || header === '') return null;
  const secret = /^Bearer +(\S{1,512})$/i.exec(header)?.[1];
  if (!secret || !looksGenuine(secret)) throw refused('the token is malformed');
  const hash = hashSecret(secret);
  const [found] = await db
    .select({ token: tokens, user: users })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(eq(tokens.hash, hash));
  if (!found || !timingSafeEqual(Buffer.from(found.token.hash), Buffer.from(hash)))
    throw refused('the token is unknown');
  const { token, user } = found;
  const now = Date.now();
  if (token.revokedAt) throw refused('the token was revoked');
  if (token.expiresAt && token.expiresAt.getTime() <= now) throw refused('the token has expired');
  if (!token.lastUsedAt || now - token.lastUsedAt.getTime() > LAST_USED_STEP_MS)
    await db
      .update(tokens)
      .set({ lastUsedAt: new Date(now) })
      .where(eq(tokens.id, token.id));
  return {
    userId: user.id,
    name: user.name,
    role: user.role === 'owner' ? 'owner' : 'member',
    scopes: token.scopes.filter((scope): scope is Scope => SCOPES.includes(scope as Scope)),
    tokenId: token.id,
  };
}

/** The actor, who must hold the scope. Throws UNAUTHENTICATED or FORBIDDEN. */
export function requireScope(actor: Actor | null, scope: Scope): Actor {
  if (!actor)
    throw new ApiError('UNAUTHENTICATED', `this needs a token with scope ${scope}`, {
      field: 'Authorization',
      allowed: `Bearer <token> with scope ${scope}`,
    });
  if (!actor.scopes.includes(scope))
    throw new ApiError('FORBIDDEN', `the token lacks the scope ${scope}`, {
      field: 'scopes',
      value: actor.scopes,
      allowed: scope,
    });
  return actor;
}

/** Owners with the admin scope act on everybody's objects; others on their own. */
export const isAdmin = (actor: Actor | null): boolean =>
  actor !== null && actor.role === 'owner' && actor.scopes.includes('admin');

const OWNER = 'owner';
const OWNER_TOKEN = 'owner token';

export const ownerTokenPath = (home: string) => join(home, 'owner-token');

/**
 * The owner and his token, created at the first start. The token is TOUCHSTONE_OWNER_TOKEN where preset, else the one in
 * TOUCHSTONE_HOME/owner-token, else a new one; the file (mode 600) always holds the live one, and an earlier one is revoked.
 */
export async function ensureOwner(platform: Platform): Promise<{ token: string; userId: string }> {
  const { db, config, log } = platform;
  const path = ownerTokenPath(config.home);
  const kept = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (config.ownerToken !== null && config.ownerToken.length < 32)
    log.warn(
      'TOUCHSTONE_OWNER_TOKEN is shorter than 32 characters: choose a longer one where others can reach this server',
    );
  const secret = config.ownerToken || kept || newSecret();
  const userId = await db.transaction(async (tx) => {
    await tx
      .insert(users)
      .values({ id: uuidv7(), name: OWNER, role: 'owner', createdAt: new Date() })
      .onConflictDoNothing();
    const [owner] = await tx.select().from(users).where(eq(users.name, OWNER));
    const hash = hashSecret(secret);
    const [live] = await tx.select().from(tokens).where(eq(tokens.hash, hash));
    if (!live) await issueToken(tx, { userId: owner!.id, name: OWNER_TOKEN, scopes: SCOPES, expiresAt: null, secret });
    else if (live.revokedAt) await tx.update(tokens).set({ revokedAt: null }).where(eq(tokens.id, live.id));
    await tx
      .update(tokens)
      .set({ revokedAt: sql`now()` })
      .where(
        and(
          eq(tokens.name, OWNER_TOKEN),
          eq(tokens.userId, owner!.id),
          ne(tokens.hash, hash),
          isNull(tokens.revokedAt),
        ),
      );
    return owner!.id;
  });
  await mkdir(config.home, { recursive: true });
  if (kept !== secret) await writeFile(path, `${secret}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return { token: secret, userId };
}

const CODE_LIFE_MS = 10 * 60_000;
const SESSION_LIFE_MS = 30 * 24 * 3600_000;
const codes = new WeakMap<Platform, Map<string, { readonly userId: string; readonly expires: number }>>();

async function ownerId(platform: Platform): Promise<string> {
  const [owner] = await platform.db.select({ id: users.id }).from(users).where(eq(users.name, OWNER));
  return owner?.id ?? (await ensureOwner(platform)).userId;
}

/** A code that signs a user (default: the owner) in once within ten minutes. It lives in memory: a restart voids it. */
export async function createSignInCode(platform: Platform, userId?: string): Promise<string> {
  const code = randomBytes(24).toString('base64url');
  const known = codes.get(platform) ?? new Map();
  codes.set(platform, known);
  for (const [hash, { expires }] of known) if (expires <= Date.now()) known.delete(hash);
  known.set(hashSecret(code), { userId: userId ?? (await ownerId(platform)), expires: Date.now() + CODE_LIFE_MS });
  return code;
}

/** Spends a sign-in code for a session token of 30 days; null for a code that is unknown, spent or too old. */
export async function exchangeCode(
  platform: Platform,
  code: string,
): Promise<{ token: string; expiresAt: Date } | null> {
  const hash = hashSecret(code);
  const known = codes.get(platform);
  const found = known?.get(hash);
  known?.delete(hash);
  if (!found || found.expires <= Date.now()) return null;
  const expiresAt = new Date(Date.now() + SESSION_LIFE_MS);
  const { secret } = await issueToken(platform.db, {
    userId: found.userId,
    name: 'session',
    scopes: ['read', 'submit', 'admin'],
    expiresAt,
  });
  return { token: secret, expiresAt };
}
