/** What was sent and never used is removed, and nothing that anything names, whoever is about to name it. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clearAway, NAMED_WITHIN_MS } from '../../apps/api/src/jobs/housekeeping.js';
import { decodeId } from '../../apps/api/src/lib/ids.js';
import { type Api, createApi } from '../../apps/api/src/server.js';
import { onBothEngines } from './engines.js';
import { addUser, type TestUser } from './installation.js';

const BENCHMARK = 'certified-accuracy';
const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');
/** So late that whatever is sent now is long over. */
const later = () => Date.now() + NAMED_WITHIN_MS + 2 * 60 * 60_000;

onBothEngines('housekeeping', ({ get }) => {
  let api: Api;
  let url: string;
  let ann: TestUser;
  let made = 0;

  beforeAll(async () => {
    api = await createApi(get().platform);
    await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(api.httpServer.address() as AddressInfo).port}`;
    ann = await addUser(get(), 'ann');
  });
  afterAll(async () => api?.close());

  const db = () => get().platform.db;
  const content = (): string => `idx\tlabel\tpredict\tradius\tcorrect\n${++made}\t1\t1\t0.5\t1\n`;

  async function ask<T>(query: string, input: object): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.secret}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  async function announced(text: string): Promise<{ id: string; key: string; url: string }> {
    const { createUpload } = await ask<{ createUpload: { upload: { id: string; url: string } } }>(
      'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url } } }',
      { benchmark: BENCHMARK, fileName: 'log.tsv', bytes: text.length, sha256: hashOf(text) },
    );
    const { upload } = createUpload;
    return { ...upload, key: decodeId(upload.id).key };
  }

  const put = async (address: string, body: string) => (await fetch(address, { method: 'PUT', body })).status;

  async function sent(text: string) {
    const upload = await announced(text);
    expect(await put(upload.url, text)).toBe(201);
    return upload;
  }

  const submit = async (id: string) =>
    (
      await ask<{ submitPredictions: { submission: { id: string } | null; userErrors: { code: string }[] } }>(
        'mutation($input: SubmitPredictionsInput!) { submitPredictions(input: $input) { submission { id } userErrors { code } } }',
        { benchmark: BENCHMARK, name: 'mine', uploads: [id] },
      )
    ).submitPredictions;

  const fileOf = (text: string) => join(get().home, 'blobs', hashOf(text).slice(0, 2), hashOf(text).slice(2));
  /** File and row together; that they disagree is a failure. */
  async function isKept(text: string): Promise<boolean> {
    const rows = await db()
      .select()
      .from(schema.blobs)
      .where(eq(schema.blobs.sha256, hashOf(text)));
    expect(existsSync(fileOf(text))).toBe(rows.length === 1);
    return rows.length === 1;
  }
  const hasUpload = async (key: string) =>
    (await db().select().from(schema.uploads).where(eq(schema.uploads.id, key))).length === 1;
  const age = (key: string) =>
    db()
      .update(schema.uploads)
      .set({ createdAt: new Date(Date.now() - NAMED_WITHIN_MS - 1000) })
      .where(eq(schema.uploads.id, key));

  it('leaves alone what is new, and removes what lapsed', async () => {
    const [text, other] = [content(), content()];
    const unused = await sent(text);
    const named = await sent(other);
    expect((await submit(named.id)).userErrors).toEqual([]);
    const issued = await announced(content());
    const refused = await announced(text);
    expect(await put(refused.url, `${text}more`.slice(0, text.length - 1) + 'X')).toBe(400);

    const none = { uploads: 0, blobs: 0, drafts: 0 };
    expect(await clearAway(get().platform)).toEqual(none);
    expect(await clearAway(get().platform, later())).toEqual({ uploads: 3, blobs: 1, drafts: 0 });
    for (const { key } of [unused, issued, refused]) expect(await hasUpload(key)).toBe(false);
    expect(await isKept(text)).toBe(false);
    expect(await hasUpload(named.key)).toBe(true);
    expect(await isKept(other)).toBe(true);
    expect((await submit(unused.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await clearAway(get().platform, later())).toEqual(none);
    // What was removed can be sent again.
    const again = await sent(text);
    expect((await submit(again.id)).userErrors).toEqual([]);
    expect(await isKept(text)).toBe(true);
  });

  it('keeps bytes that something else names: another upload, outcomes, units', async () => {
    const text = content();
    const old = await sent(text);
    const fresh = await sent(text);
    await age(old.key);
    // An hour on, the bytes are no longer new, but the second upload still may be named.
    expect(await clearAway(get().platform, Date.now() + 2 * 60 * 60_000)).toMatchObject({ uploads: 1, blobs: 0 });
    expect(await hasUpload(fresh.key)).toBe(true);
    expect(await isKept(text)).toBe(true);

    const [run] = await db().select({ id: schema.runs.id }).from(schema.runs).limit(1);
    const mine = eq(schema.runs.id, run!.id);
    await db()
      .update(schema.runs)
      .set({ unitBlob: hashOf(text) })
      .where(mine);
    expect(await clearAway(get().platform, later())).toMatchObject({ uploads: 1, blobs: 0 });
    await db().update(schema.runs).set({ unitBlob: null }).where(mine);
    const outcome = { runId: run!.id, key: 'test', units: 1, blob: hashOf(text) };
    await db().insert(schema.outcomes).values(outcome);
    expect(await clearAway(get().platform, later())).toMatchObject({ blobs: 0 });
    await db().delete(schema.outcomes).where(eq(schema.outcomes.key, 'test'));
    // Bytes that were stored again lately are as good as new.
    await get().platform.blobs.put(new TextEncoder().encode(text), 'outcomes');
    expect(await clearAway(get().platform)).toMatchObject({ blobs: 0 });
    expect(await clearAway(get().platform, later())).toMatchObject({ blobs: 1 });
    expect(await isKept(text)).toBe(false);
  });

  it('never takes a file from a submission that names it at the same moment', async () => {
    const outcomes = { kept: 0, refused: 0 };
    for (let i = 0; i < 12; i++) {
      const text = content();
      const { id } = await sent(text);
      const at = later();
      const pause = () => new Promise((resolve) => setTimeout(resolve, i * 2));
      const [{ submission, userErrors }] = await Promise.all([
        submit(id),
        pause().then(() => clearAway(get().platform, at)),
        pause().then(() => clearAway(get().platform, at)),
      ]);
      expect(await isKept(text)).toBe(submission !== null);
      if (submission) outcomes.kept++;
      else {
        outcomes.refused++;
        expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
      }
      await clearAway(get().platform, at);
      expect(await isKept(text)).toBe(submission !== null);
    }
    expect(outcomes.kept + outcomes.refused).toBe(12);
  });

  it('waits for a submission that holds the upload, and passes over it', async (test) => {
    if (!get().platform.databaseName.startsWith('PostgreSQL')) {
      console.warn('skipped: the embedded database has one connection, so no transaction waits for another');
      return test.skip();
    }
    const text = content();
    const { key } = await sent(text);
    await db().transaction(async (tx) => {
      await tx.select().from(schema.uploads).where(eq(schema.uploads.id, key)).for('share');
      expect(await clearAway(get().platform, later())).toMatchObject({ uploads: 0, blobs: 0 });
    });
    expect(await isKept(text)).toBe(true);
    expect(await clearAway(get().platform, later())).toMatchObject({ uploads: 1, blobs: 1 });
  });

  it('never takes bytes that are sent again at the same moment', async () => {
    for (let i = 0; i < 8; i++) {
      const text = content();
      await age((await sent(text)).key);
      const again = await announced(text);
      await Promise.all([put(again.url, text), clearAway(get().platform, Date.now() + 2 * 60 * 60_000)]);
      expect(await isKept(text)).toBe(true);
      expect((await submit(again.id)).userErrors).toEqual([]);
    }
  });

  it('removes drafts of transfers that broke off a day ago', async () => {
    const folder = join(get().home, 'blobs', 'ab');
    mkdirSync(folder, { recursive: true });
    const draft = () => join(folder, `${'c'.repeat(62)}.${randomUUID()}`);
    const [old, recent, whole] = [draft(), draft(), join(folder, 'd'.repeat(62))];
    for (const path of [old, recent, whole]) writeFileSync(path, 'x');
    const past = (Date.now() - NAMED_WITHIN_MS - 1000) / 1000;
    for (const path of [old, whole]) utimesSync(path, past, past);
    expect((await clearAway(get().platform)).drafts).toBe(1);
    expect([old, recent, whole].map((path) => existsSync(path))).toEqual([false, true, true]);
  });
});
