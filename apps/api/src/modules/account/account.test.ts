import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureOwner, hashSecret, looksGenuine, newSecret } from '../../lib/auth.js';
import { startTestServer, type TestServer } from '../../testing.js';

interface Made {
  readonly token: { readonly id: string; readonly scopes: string[]; readonly prefix: string } | null;
  readonly secret: string | null;
  readonly userErrors: readonly { readonly code: string; readonly field: string }[];
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ bare: true });
});
afterAll(() => server?.close());

async function create(input: object, token: string | null = server.ownerToken): Promise<Made> {
  const { data, errors } = await server.query<{ createToken: Made }>(
    'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token { id scopes prefix } secret userErrors { code field } } }',
    { input },
    token,
  );
  expect(errors).toBeUndefined();
  return data!.createToken;
}

const viewer = (token: string) =>
  server.query<{ viewer: { name: string; scopes: string[] } | null }>('{ viewer { name scopes } }', {}, token);

describe('a token', () => {
  it('has 256 random bits, a prefix that scanners find and a checksum', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^tst_[0-9a-f]{72}$/);
    expect(looksGenuine(secret)).toBe(true);
    expect(looksGenuine(secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'))).toBe(false);
    expect(newSecret()).not.toBe(secret);
  });

  it('is shown once and stored as a hash alone', async () => {
    const { token, secret } = await create({ name: 'ci', idempotencyKey: 'ci' });
    expect(token).toMatchObject({ scopes: ['read', 'submit'], prefix: secret!.slice(0, 12) });
    const rows = await server.platform.db.select().from(schema.tokens);
    expect(rows.map(({ hash }) => hash)).toContain(hashSecret(secret!));
    expect(JSON.stringify(rows)).not.toContain(secret!.slice(12, 40));
    expect(await create({ name: 'ci', idempotencyKey: 'ci' })).toMatchObject({
      token: { id: token!.id },
      secret: null,
    });
    expect((await viewer(secret!)).data!.viewer).toEqual({ name: 'owner', scopes: ['read', 'submit'] });
  });

  it('notes when it was last used', async () => {
    const { secret } = await create({ name: 'used' });
    await viewer(secret!);
    const [row] = await server.platform.db
      .select()
      .from(schema.tokens)
      .where(eq(schema.tokens.hash, hashSecret(secret!)));
    expect(Date.now() - row!.lastUsedAt!.getTime()).toBeLessThan(60_000);
  });

  it('ends when it is revoked', async () => {
    const { token, secret } = await create({ name: 'short' });
    await server.query(
      'mutation ($id: ID!) { revokeToken(input: { id: $id }) { token { revokedAt } userErrors { code } } }',
      { id: token!.id },
      server.ownerToken,
    );
    const { status, errors } = await viewer(secret!);
    expect([status, errors![0]]).toMatchObject([
      401,
      { message: 'the token was revoked', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('ends at its time', async () => {
    const { token } = await server.member('late', ['read'], new Date(Date.now() - 1000));
    expect(await viewer(token)).toMatchObject({ status: 401, errors: [{ message: 'the token has expired' }] });
  });

  it.each([
    ['no name', { name: ' ' }, 'PARAM_RANGE', 'input.name'],
    ['a scope that does not exist', { name: 'x', scopes: ['root'] }, 'SCOPE_NOT_ALLOWED', 'input.scopes'],
    ['no scope', { name: 'x', scopes: [] }, 'SCOPE_NOT_ALLOWED', 'input.scopes'],
    ['a life of ten years', { name: 'x', expiresInDays: 3650 }, 'PARAM_RANGE', 'input.expiresInDays'],
  ])('is refused with %s', async (_, input, code, field) => {
    expect(await create(input)).toMatchObject({ token: null, secret: null, userErrors: [{ code, field }] });
  });

  it('of a member cannot be a worker’s', async () => {
    const { token } = await server.member('modest', ['read', 'admin']);
    expect((await create({ name: 'x', scopes: ['worker'] }, token)).userErrors).toMatchObject([
      { code: 'SCOPE_NOT_ALLOWED' },
    ]);
  });
});

describe('the owner token', () => {
  it('is kept over starts, and another preset one ends it', async () => {
    const { platform } = server;
    expect((await ensureOwner(platform)).token).toBe(server.ownerToken);
    const preset = {
      ...platform,
      config: { ...platform.config, ownerToken: 'a preset token of more than 32 characters' },
    };
    expect((await ensureOwner(preset)).token).toBe(preset.config.ownerToken);
    expect((await viewer(server.ownerToken)).status).toBe(401);
    await ensureOwner({ ...platform, config: { ...platform.config, ownerToken: server.ownerToken } });
    expect((await viewer(server.ownerToken)).data!.viewer!.name).toBe('owner');
  });
});
