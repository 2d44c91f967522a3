/** Tokens of the person who asks. The scope admin manages one's own tokens; owners may revoke anybody's. */
import { schema } from '@touchstone/db';
import { desc, eq } from 'drizzle-orm';
import { isAdmin, issueToken, requireScope, SCOPES, type Actor, type Scope, type TokenRow } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { once } from '../../lib/idempotency.js';
import { idOf } from '../../lib/ids.js';
import { make } from '../../lib/make.js';
import { refuse } from '../../lib/user-error.js';
import { ApiToken, Viewer, type CreateTokenInput } from './account.type.js';

const { tokens } = schema;

const DAY_MS = 24 * 3600_000;
const MAX_DAYS = 366;

export const toToken = (row: TokenRow): ApiToken => make(ApiToken, { row });
export const toViewer = (actor: Actor): Viewer => make(Viewer, { actor });

/** Null where there is none that the actor may see. */
export async function findToken(ctx: Context, id: string): Promise<ApiToken | null> {
  if (!ctx.actor?.scopes.includes('read')) return null;
  const [row] = await ctx.platform.db.select().from(tokens).where(eq(tokens.id, id));
  return row && (row.userId === ctx.actor.userId || isAdmin(ctx.actor)) ? toToken(row) : null;
}

export async function tokensOf(ctx: Context, viewer: Viewer): Promise<ApiToken[]> {
  requireScope(ctx.actor, 'read');
  const rows = await ctx.platform.db
    .select()
    .from(tokens)
    .where(eq(tokens.userId, viewer.actor.userId))
    .orderBy(desc(tokens.id))
    .limit(200);
  return rows.map(toToken);
}

function checkedScopes(actor: Actor, asked: readonly string[]): Scope[] {
  const allowed: readonly Scope[] = actor.role === 'owner' ? SCOPES : SCOPES.filter((scope) => scope !== 'worker');
  const wrong = asked.find((scope) => !allowed.includes(scope as Scope));
  if (wrong !== undefined || asked.length === 0)
    refuse({
      code: 'SCOPE_NOT_ALLOWED',
      message: wrong === undefined ? 'a token needs a scope' : `the scope ${wrong} cannot be given`,
      field: 'input.scopes',
      value: wrong ?? [],
      allowed: allowed.join(', '),
    });
  return [...new Set(asked)] as Scope[];
}

export async function createToken(
  ctx: Context,
  input: CreateTokenInput,
): Promise<{ token: ApiToken; secret: string | null }> {
  const actor = requireScope(ctx.actor, 'admin');
  const { idempotencyKey: key, ...asked } = input;
  const name = input.name.trim();
  if (name.length < 1 || name.length > 100)
    refuse({
      code: 'PARAM_RANGE',
      message: 'name must have 1 to 100 characters',
      field: 'input.name',
      value: input.name,
      allowed: '1 to 100 characters',
    });
  const days = input.expiresInDays ?? 90;
  if (days < 1 || days > MAX_DAYS)
    refuse({
      code: 'PARAM_RANGE',
      message: `expiresInDays must be 1 to ${MAX_DAYS}`,
      field: 'input.expiresInDays',
      value: days,
      allowed: `1 to ${MAX_DAYS}`,
    });
  const scopes = checkedScopes(actor, input.scopes ?? ['read', 'submit']);
  let secret: string | null = null;
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(tx, { userId: actor.userId, operation: 'createToken', key, input: asked }, async () => {
      const issued = await issueToken(tx, {
        userId: actor.userId,
        name,
        scopes,
        expiresAt: new Date(Date.now() + days * DAY_MS),
      });
      secret = issued.secret;
      return [issued.row.id];
    }),
  );
  const [row] = await ctx.platform.db.select().from(tokens).where(eq(tokens.id, ids[0]!));
  if (secret) ctx.platform.log.info({ token: row!.id, scopes, by: actor.userId }, 'token created');
  return { token: toToken(row!), secret };
}

/** Doing it again changes nothing. */
export async function revokeToken(ctx: Context, id: string): Promise<ApiToken> {
  const actor = requireScope(ctx.actor, 'admin');
  const [row] = await ctx.platform.db
    .select()
    .from(tokens)
    .where(eq(tokens.id, idOf('ApiToken', id, 'input.id')));
  if (!row)
    return refuse({
      code: 'NOT_FOUND',
      message: 'no such token',
      field: 'input.id',
      value: id,
      allowed: 'a token of your own',
    });
  if (row.userId !== actor.userId && !isAdmin(actor))
    throw new ApiError('FORBIDDEN', 'the token belongs to somebody else', {
      field: 'input.id',
      value: id,
      allowed: 'a token of your own',
    });
  if (row.revokedAt) return toToken(row);
  const revokedAt = new Date();
  await ctx.platform.db.update(tokens).set({ revokedAt }).where(eq(tokens.id, row.id));
  ctx.platform.log.info({ token: row.id, by: actor.userId }, 'token revoked');
  return toToken({ ...row, revokedAt });
}
