/** The predictions track from the announcement of a file to the row on the board, scored by a real worker. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { schema } from '@touchstone/db';
import { type Receipt, verifyReceipt } from '@touchstone/eval/meta';
import { entrySketch, poissonWeights, sketchEstimate, sketchMean } from '@touchstone/eval/statistics';
import { eq } from 'drizzle-orm';
import express from 'express';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { decodeId } from '../../apps/api/src/lib/ids.js';
import { type Api, createApi } from '../../apps/api/src/server.js';
import { runWorker, type RunningWorker } from '../../apps/api/src/worker/main.js';
import { onBothEngines } from './engines.js';
import { addUser, type TestUser } from './installation.js';

// Every run is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const BENCHMARK = 'certified-accuracy';
const NO_COMMON_LABELS = 'rows of this board may be of different data';
const HEAD = 'idx\tlabel\tpredict\tradius\tcorrect\n';
/** `right` of ten examples are right, each with the radius .3. */
const log = (right: number): string =>
  HEAD + Array.from({ length: 10 }, (_, i) => `${i}\t1\t${i < right ? 1 : 0}\t0.3\t${i < right ? 1 : 0}\n`).join('');
const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');

interface Upload {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string;
}
interface UserError {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}
interface Submission {
  readonly id: string;
  readonly state: string;
  readonly entry: { readonly id: string };
  readonly runs: readonly { id: string; reason: string | null; message: string | null }[];
}

// The worker's files for a run come and go here, apart from those of other tests.
const scratch = mkdtempSync(join(tmpdir(), 'touchstone-worker-'));
process.env['TMPDIR'] = scratch;
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

onBothEngines('predictions', ({ get }) => {
  let api: Api;
  let url: string;
  let worker: RunningWorker;
  let ann: TestUser;
  let bob: TestUser;

  beforeAll(async () => {
    api = await createApi(get().platform);
    await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(api.httpServer.address() as AddressInfo).port}`;
    ann = await addUser(get(), 'ann');
    bob = await addUser(get(), 'bob');
    worker = runWorker({ server: url, token: ann.secret, name: 'scorer', drainMs: 1_000 });
  });
  afterAll(async () => {
    await worker?.stop();
    await api?.close();
  });

  async function ask<T>(query: string, variables: object = {}, user: TestUser | null = ann): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(user ? { authorization: `Bearer ${user.secret}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  const announce = async (content: string, change: object = {}, user = ann) =>
    (
      await ask<{ createUpload: { upload: Upload | null; userErrors: UserError[] } }>(
        'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url expiresAt } userErrors { code field message } } }',
        {
          input: {
            benchmark: BENCHMARK,
            fileName: 'log.tsv',
            bytes: content.length,
            sha256: hashOf(content),
            ...change,
          },
        },
        user,
      )
    ).createUpload;

  async function put(address: string, content: string | ReadableStream): Promise<{ status: number; code?: string }> {
    const response = await fetch(address, { method: 'PUT', body: content, duplex: 'half' } as RequestInit);
    const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return { status: response.status, ...(body.errors ? { code: body.errors[0]!.extensions.code } : {}) };
  }

  async function sent(content: string, change: object = {}, user = ann): Promise<string> {
    const { upload } = await announce(content, change, user);
    expect(await put(upload!.url, content)).toEqual({ status: 201 });
    return upload!.id;
  }

  const submit = async (uploads: string[], change: object = {}, user = ann) =>
    (
      await ask<{ submitPredictions: { submission: Submission | null; userErrors: UserError[] } }>(
        'mutation($input: SubmitPredictionsInput!) { submitPredictions(input: $input) { submission { id state entry { id } runs { id } } userErrors { code field message } } }',
        { input: { benchmark: BENCHMARK, name: 'a smoothed net', uploads, ...change } },
        user,
      )
    ).submitPredictions;

  async function ended(id: string): Promise<Submission> {
    for (let waited = 0; waited < 100_000; waited += 100) {
      const { submission } = await ask<{ submission: Submission }>(
        'query($id: ID!) { submission(id: $id) { id state entry { id } runs { id reason message } } }',
        { id },
      );
      if (!['QUEUED', 'RUNNING'].includes(submission.state)) return submission;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the run did not end');
  }

  const stateOf = async (id: string) =>
    (
      await get()
        .platform.db.select()
        .from(schema.uploads)
        .where(eq(schema.uploads.id, decodeId(id).key))
    )[0]!.state;
  const temporary = () => readdirSync(scratch).filter((name) => name.startsWith('touchstone-predictions-'));

  it('bounds uploads by their pace, and headers as ever', () => {
    // Node's limit of five minutes holds for whole requests, slow uploads among them.
    expect(api.httpServer.requestTimeout).toBe(0);
    expect(api.httpServer.headersTimeout).toBeGreaterThan(0);
    expect(api.httpServer.headersTimeout).toBeLessThanOrEqual(60_000);
  });

  it('refuses a file that comes too slowly, and keeps nothing of it', async () => {
    const { uploadHandler } = await import('../../apps/api/src/modules/upload/upload.router.js');
    const app = express();
    app.put('/uploads/:id', uploadHandler(get().platform, { idleMs: 200, bytesPerSecond: 1, graceMs: 10_000 }));
    const slow = app.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const content = log(1).replace('0.3', '0.31');
    const { upload } = await announce(content);
    const { pathname, search } = new URL(upload!.url);
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('idx')) });
    const { port } = slow.address() as AddressInfo;
    expect(await put(`http://127.0.0.1:${port}${pathname}${search}`, body)).toEqual({
      status: 400,
      code: 'UPLOAD_MISMATCH',
    });
    expect(await stateOf(upload!.id)).toBe('REFUSED');
    slow.closeAllConnections();
    slow.close();
  });

  it('takes one file at one signed address, once, and only the announced one', async () => {
    const content = log(1);
    const { upload } = await announce(content);
    expect(Date.parse(upload!.expiresAt) - Date.now()).toBeGreaterThan(50 * 60_000);
    expect(await put(`${url}/uploads/${decodeId(upload!.id).key}?signature=AAAA`, content)).toEqual({
      status: 403,
      code: 'FORBIDDEN',
    });
    const other = (await announce(content)).upload!;
    const [, foreign] = other.url.split('?');
    expect((await put(`${upload!.url.split('?')[0]}?${foreign}`, content)).status).toBe(403);
    expect((await put(`${url}/uploads/nothing?${foreign}`, content)).status).toBe(403);
    expect(await put(upload!.url, content)).toEqual({ status: 201 });
    expect(await put(upload!.url, content)).toEqual({ status: 409, code: 'UPLOAD_USED' });
    expect(new TextDecoder().decode(await get().platform.blobs.get(hashOf(content)))).toBe(content);
  });

  it('refuses another length before and while it reads, and another content', async () => {
    const content = log(2);
    const declared = (await announce(content)).upload!;
    expect(await put(declared.url, `${content}more`)).toEqual({ status: 400, code: 'UPLOAD_MISMATCH' });
    // Nothing was read, so the address is still good; a length that lies is found out while reading.
    const stream = (text: string) => new Blob([text]).stream();
    expect(await put(declared.url, stream(`${content}more`))).toEqual({ status: 400, code: 'UPLOAD_MISMATCH' });
    expect(await stateOf(declared.id)).toBe('REFUSED');
    expect(await put(declared.url, content)).toEqual({ status: 409, code: 'UPLOAD_USED' });
    const short = (await announce(content)).upload!;
    expect(await put(short.url, stream(content.slice(1)))).toEqual({ status: 400, code: 'UPLOAD_MISMATCH' });
    const wrong = (await announce(content)).upload!;
    expect(await put(wrong.url, content.replace('0.3', '0.4'))).toEqual({ status: 400, code: 'UPLOAD_MISMATCH' });
    expect((await submit([wrong.id])).userErrors).toMatchObject([{ code: 'UPLOAD_INCOMPLETE' }]);
    const hash = hashOf(content);
    const folder = join(get().home, 'blobs', hash.slice(0, 2));
    expect(readdirSync(folder).filter((name) => name.startsWith(hash.slice(2)))).toEqual([]);
  });

  it('refuses an address that has expired', async () => {
    const { upload } = await announce(log(3));
    const id = decodeId(upload!.id).key;
    const { db } = get().platform;
    // Another expiry has another signature.
    await db
      .update(schema.uploads)
      .set({ expiresAt: new Date(Date.now() + 9e9) })
      .where(eq(schema.uploads.id, id));
    expect((await put(upload!.url, log(3))).status).toBe(403);
    const { signatureOf } = await import('../../apps/api/src/modules/upload/upload.signature.js');
    const past = new Date(Date.now() - 1000);
    await db.update(schema.uploads).set({ expiresAt: past }).where(eq(schema.uploads.id, id));
    const [row] = await db.select().from(schema.uploads).where(eq(schema.uploads.id, id));
    const address = `${url}/uploads/${id}?signature=${await signatureOf(db, row!)}`;
    expect(await put(address, log(3))).toEqual({ status: 410, code: 'UPLOAD_EXPIRED' });
  });

  it('says what is wrong with an announcement or a submission', async () => {
    const { userErrors } = await announce('x', { fileName: '../x', bytes: 0.5, sha256: 'AB' });
    expect(userErrors.map(({ field }) => field)).toEqual(['input.fileName', 'input.bytes', 'input.sha256']);
    expect((await announce('x', { benchmark: 'letter-retrieval' })).userErrors).toMatchObject([
      { code: 'WRONG_TRACK' },
    ]);
    const id = await sent(log(4));
    expect((await submit([id], {}, bob)).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: 'input.uploads[0]' }]);
    expect((await submit([id], { benchmark: 'math-answers' })).userErrors).toMatchObject([{ code: 'UPLOAD_MISMATCH' }]);
    expect((await submit([id], { name: ' ' })).userErrors).toMatchObject([{ field: 'input.name' }]);
    expect((await submit([id, id])).userErrors).toMatchObject([{ field: 'input.uploads' }]);
    const { submitVariant } = await ask<{ submitVariant: { userErrors: UserError[] } }>(
      `mutation { submitVariant(input: { benchmark: "${BENCHMARK}", method: "triplet" }) { userErrors { code field message } } }`,
    );
    expect(submitVariant.userErrors).toMatchObject([{ code: 'WRONG_TRACK', field: 'input.benchmark' }]);
  });

  it('scores what was sent and lists it, unranked where labels come with it, with outcomes and a receipt that verifies', async () => {
    const better = (await submit([await sent(log(8))], { name: 'better' })).submission!;
    const worse = (await submit([await sent(log(5), {}, bob)], { name: 'worse' }, bob)).submission!;
    for (const { id } of [better, worse]) expect(await ended(id)).toMatchObject({ state: 'SUCCEEDED' });

    const { leaderboard } = await ask<{ leaderboard: { nodes: object[] } }>(
      `{ leaderboard(benchmark: "${BENCHMARK}") { nodes { rank rankInterval tieGroup mean n label claim division attempts unrankedReason
          submitter interval { low } difference { mean } method { key } belowUntrained summaries { scoreKey mean } } } }`,
      {},
      null,
    );
    expect(leaderboard.nodes).toMatchObject([
      {
        rank: null,
        mean: 0.8,
        n: 1,
        label: 'better',
        claim: 'SUBMITTED',
        division: 'OPEN',
        attempts: 1,
        submitter: 'ann',
      },
      { rank: null, mean: 0.5, n: 1, label: 'worse', unrankedReason: NO_COMMON_LABELS, submitter: 'bob' },
    ]);
    const { benchmark } = await ask<{ benchmark: object }>(
      `{ benchmark(key: "${BENCHMARK}") { state title summary page track task slot space steps seeds headroom entryCount protocol
          primary { key title direction } scoreKeys { key low high } slots { slot } datasets { key } metrics { key } baseline { id } untrained { id } } }`,
      {},
      null,
    );
    expect(benchmark).toMatchObject({ state: 'READY', track: 'PREDICTIONS', space: {}, slots: [], entryCount: 2 });

    const { db, blobs } = get().platform;
    const runId = decodeId(better.runs[0]!.id).key;
    const [run] = await db.select().from(schema.runs).where(eq(schema.runs.id, runId));
    const receipt = run!.receipt as Receipt;
    expect(verifyReceipt(receipt)).toEqual({ valid: true, problems: [] });
    expect(receipt.variant.predictions!.files).toEqual([{ name: 'log.tsv', sha256: hashOf(log(8)) }]);
    const kept = await db.select().from(schema.outcomes).where(eq(schema.outcomes.runId, runId));
    const primary = kept.find(({ key }) => key === 'certified_accuracy_at_0.25')!;
    expect(primary.units).toBe(10);
    const values = inflateSync(await blobs.get(primary.blob));
    const outcomes = new Float64Array(new Uint8Array(values).buffer);
    expect([...outcomes]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    // One seed: the interval is over the examples, drawn by their names.
    const units = JSON.parse(new TextDecoder().decode(await blobs.get(run!.unitBlob!))) as { names: string[] };
    const sketch = sketchMean(outcomes, poissonWeights(units.names));
    const { interval } = sketchEstimate(entrySketch(new Map([[0, sketch]])));
    const { node } = await ask<{ node: { summaries: { scoreKey: string; interval: object; units: number }[] } }>(
      `{ node(id: "${better.entry.id}") { ... on Entry { summaries { scoreKey units interval { low high over level } } } } }`,
      {},
      null,
    );
    expect(node.summaries.find(({ scoreKey }) => scoreKey === 'certified_accuracy_at_0.25')).toEqual({
      scoreKey: 'certified_accuracy_at_0.25',
      units: 10,
      interval: { ...interval, over: 'EXAMPLES' },
    });
    const lines = await db.select().from(schema.logs).where(eq(schema.logs.runId, runId));
    expect(lines.map(({ line }) => line)).toContain('scored 10 examples');
    expect(temporary()).toEqual([]);
  });

  it('points the same files to the same entry and run', async () => {
    const content = log(9);
    const key = { idempotencyKey: 'once' };
    const id = await sent(content);
    const first = (await submit([id], key)).submission!;
    expect((await submit([id], key)).submission!.id).toBe(first.id);
    await ended(first.id);
    const again = (await submit([await sent(content)])).submission!;
    expect(again.id).not.toBe(first.id);
    expect(again.entry).toEqual(first.entry);
    expect(again.runs).toEqual(first.runs);
    expect(again.state).toBe('SUCCEEDED');
  });

  it('runs a submission anew: another generation, the same bits', async () => {
    const first = (await submit([await sent(log(3))], { name: 'again' })).submission!;
    await ended(first.id);
    const { rerunSubmission } = await ask<{
      rerunSubmission: { submission: Submission | null; userErrors: UserError[] };
    }>(
      `mutation { rerunSubmission(input: { id: "${first.id}" }) { submission { id state entry { id } runs { id } } userErrors { code field message } } }`,
    );
    expect(rerunSubmission.userErrors).toEqual([]);
    const again = rerunSubmission.submission!;
    expect(again.entry).toEqual(first.entry);
    expect(again.runs[0]!.id).not.toBe(first.runs[0]!.id);
    expect((await ended(again.id)).state).toBe('SUCCEEDED');
    const runs = await get()
      .platform.db.select()
      .from(schema.runs)
      .where(eq(schema.runs.entryId, decodeId(first.entry.id).key))
      .orderBy(schema.runs.generation);
    expect(runs).toMatchObject([
      { generation: 1, state: 'SUCCEEDED' },
      { generation: 2, state: 'SUCCEEDED' },
    ]);
    expect(runs[1]!.receiptDigest).toBe(runs[0]!.receiptDigest);
    const { entry } = await ask<{ entry: { unrankedReason: string; mean: number; runs: object[] } }>(
      `{ entry: node(id: "${first.entry.id}") { ... on Entry { mean unrankedReason supersededReason runs { id } } } }`,
    );
    expect(entry).toMatchObject({ mean: 0.3, unrankedReason: NO_COMMON_LABELS, runs: [{ id: again.runs[0]!.id }] });
  });

  it('scores nothing against labels that are not the official ones, and says which file', async () => {
    const data = mkdtempSync(join(tmpdir(), 'touchstone-other-labels-'));
    mkdirSync(join(data, 'cranfield'));
    writeFileSync(join(data, 'cranfield', 'cranqrel'), '1 184 2\n');
    vi.stubEnv('TOUCHSTONE_DATA', data);
    const other = runWorker({ server: url, token: bob.secret, name: 'other labels', drainMs: 1_000 });
    try {
      const run = '1 Q0 184 1 12.3 mine\n';
      const change = { benchmark: 'cranfield-retrieval', fileName: 'my.run' };
      const { submission } = await submit([await sent(run, change)], { benchmark: 'cranfield-retrieval' });
      const { state, runs } = await ended(submission!.id);
      expect(state).toBe('FAILED');
      expect(runs[0]).toMatchObject({
        reason: 'DATASET_CORRUPT',
        message: expect.stringMatching(/cranfield\/cranqrel: found sha256 [0-9a-f]{64}, expected sha256 [0-9a-f]{64}/),
      });
      expect(runs[0]!.message).not.toContain(data);
    } finally {
      await other.stop();
      vi.unstubAllEnvs();
      rmSync(data, { recursive: true });
    }
  });

  it('fails a malformed file for good, naming file and line, and works on', async () => {
    const content = `${HEAD}0\t1\t1\t0.3\t1\n1\t1\t1\tfar\t1\n`;
    const { submission } = await submit([await sent(content, { fileName: 'broken.tsv' })]);
    const { state, runs } = await ended(submission!.id);
    expect(state).toBe('FAILED');
    expect(runs[0]).toMatchObject({
      reason: 'BAD_FILE',
      message: expect.stringMatching(/^broken\.tsv, line 3, column radius/),
    });
    const bomb = (await submit([await sent('PK\u0003\u0004', { fileName: 'x.zip' })])).submission!;
    expect((await ended(bomb.id)).runs[0]).toMatchObject({ reason: 'BAD_FILE' });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const next = (await submit([await sent(log(7))])).submission!;
    expect((await ended(next.id)).state).toBe('SUCCEEDED');
    expect(temporary()).toEqual([]);
  });

  it('gives a run its files only from the worker that has it', async () => {
    const { submission } = await submit([await sent(log(6))]);
    const run = decodeId(submission!.runs[0]!.id).key;
    await ended(submission!.id);
    const [row] = await get().platform.db.select().from(schema.workers).where(eq(schema.workers.name, 'scorer'));
    const from = (token: string) =>
      fetch(`${url}/worker/${row!.id}/runs/${run}/file`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ attempt: 1, file: 0 }),
      });
    expect((await from(bob.secret)).status).toBe(404);
    // Its attempt is over.
    expect((await from(ann.secret)).status).toBe(409);
  });

  it('says that a worker lacks the official labels', async () => {
    const { db } = get().platform;
    const { reasonForWaiting, requirementsOf } = await import('../../apps/api/src/jobs/requirements.js');
    const [row] = await db.select().from(schema.benchmarks).where(eq(schema.benchmarks.key, 'cranfield-retrieval'));
    const [has] = await db.select().from(schema.workers).where(eq(schema.workers.name, 'scorer'));
    const needs = requirementsOf(row!.protocol as never, row!.hash, { components: {}, space: 'tuned' });
    const able = { ...has!, registry: has!.registry as never };
    expect(reasonForWaiting(needs, [{ ...able, datasets: [] }], null)).toContain(
      'a folder cranfield under TOUCHSTONE_DATA',
    );
    expect(reasonForWaiting(needs, [{ ...able, datasets: ['cranfield'] }], null)).toBeNull();
  });
});
