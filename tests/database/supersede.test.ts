/** A newer version of a board, and other labels on the same version: what is scored again, and what old numbers say. */
import { schema } from '@touchstone/db';
import { type Protocol, predictionBenchmark, type Receipt, sha256 } from '@touchstone/eval/meta';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acceptLabels } from '../../apps/api/src/jobs/accept-labels.js';
import { syncCatalogue } from '../../apps/api/src/jobs/catalogue.js';
import { endAttempt, lockRun } from '../../apps/api/src/jobs/runs.js';
import { recomputeEntries } from '../../apps/api/src/jobs/summary.js';
import { encodeId } from '../../apps/api/src/lib/ids.js';
import { uuidv7 } from '../../apps/api/src/lib/uuid.js';
import { type Api, createApi } from '../../apps/api/src/server.js';
import { onBothEngines } from './engines.js';
import { addUser, type TestUser } from './installation.js';
import { type Labels, openScorer, sendFile, type Sent } from './scored.js';

const OLD = { key: 'cranfield-retrieval', version: 0 };
const NEW = { key: 'cranfield-retrieval', version: 1 };
const KITTI = { key: 'kitti-object', version: 1 };

onBothEngines('superseding', ({ get }) => {
  let ann: TestUser;
  let bob: TestUser;
  let api: Api;
  let url: string;
  let scorer: Awaited<ReturnType<typeof openScorer>>;

  beforeAll(async () => {
    ann = await addUser(get(), 'ann');
    bob = await addUser(get(), 'bob');
    scorer = await openScorer(get(), ann);
    api = await createApi(get().platform);
    await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(api.httpServer.address() as { port: number }).port}/graphql`;
  });
  afterAll(async () => api?.close());

  const db = () => get().platform.db;
  const entryOf = async (id: string) => (await db().select().from(schema.entries).where(eq(schema.entries.id, id)))[0]!;
  const runsOf = (entryId: string) =>
    db().select().from(schema.runs).where(eq(schema.runs.entryId, entryId)).orderBy(asc(schema.runs.generation));
  const boardOf = async ({ key, version }: typeof OLD) => {
    const { benchmarks } = schema;
    const where = and(eq(benchmarks.key, key), eq(benchmarks.version, version));
    return (await db().select().from(benchmarks).where(where))[0]!;
  };
  async function rows(benchmark: string) {
    const query = `{ leaderboard(benchmark: "${benchmark}") { nodes { label rank mean unrankedReason supersededReason
      supersededBy { id rank mean benchmark { version } } } } }`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as {
      data: { leaderboard: { nodes: { label: string }[] } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    return data.leaderboard.nodes;
  }

  /** A score that an earlier release gave. */
  async function scoredBefore(sent: Sent, value: number): Promise<void> {
    await db().transaction(async (tx) => {
      await tx.insert(schema.scores).values({ runId: sent.runId, key: 'map', value });
      await tx.update(schema.runs).set({ state: 'SUCCEEDED' }).where(eq(schema.runs.id, sent.runId));
      await recomputeEntries(tx, [sent.entryId]);
    });
  }

  it('enters the kept files of a closed board on the newer one, once, and keeps the old numbers marked', async () => {
    const { protocol } = predictionBenchmark('cranfield-retrieval')!;
    const id = uuidv7();
    await db()
      .insert(schema.benchmarks)
      .values({
        ...OLD,
        id,
        hash: sha256('an earlier release'),
        title: 'Cranfield',
        protocol: { ...protocol, version: 0, datasets: [{ key: 'cranfield', revision: 'an earlier one', sha256: [] }] },
        labelRevision: null,
        current: true,
        createdAt: new Date(),
      });
    const better = await sendFile(get(), ann, OLD, 'better');
    const shared = await sendFile(get(), bob, OLD, 'better');
    expect(shared.entryId).toBe(better.entryId);
    const worse = await sendFile(get(), bob, OLD, 'worse');
    const waiting = await sendFile(get(), ann, OLD, 'waiting');
    const lost = await sendFile(get(), ann, OLD, 'lost', { keep: false });
    const unkept = await sendFile(get(), bob, OLD, 'waiting without files', { keep: false });
    const running = await sendFile(get(), bob, OLD, 'running');
    await db().update(schema.runs).set({ state: 'RUNNING', attempt: 1 }).where(eq(schema.runs.id, running.runId));
    const taken = await sendFile(get(), ann, OLD, 'taken back');
    const { submissions } = schema;
    const taking = eq(submissions.id, taken.submissionId);
    await db().update(submissions).set({ withdrawnAt: new Date() }).where(taking);
    for (const [sent, value] of [
      [better, 0.8],
      [worse, 0.6],
      [lost, 0.7],
      [taken, 0.9],
    ] as const)
      await scoredBefore(sent, value);
    expect(await entryOf(better.entryId)).toMatchObject({ unrankedReason: null, complete: true });

    const platform = get().platform;
    await Promise.all([syncCatalogue(platform), syncCatalogue(platform), syncCatalogue(platform)]);
    await syncCatalogue(platform);

    expect((await boardOf(OLD)).current).toBe(false);
    const reason = 'version with other labels 1 replaces version 0 of cranfield-retrieval';
    const old = await entryOf(better.entryId);
    expect(old).toMatchObject({ supersededReason: reason, unrankedReason: reason, complete: true });
    const next = await entryOf(old.supersededBy!);
    expect(next).toMatchObject({
      label: 'better',
      claim: 'SUBMITTED',
      variantHash: old.variantHash,
      benchmarkId: (await boardOf(NEW)).id,
    });
    const runs = await runsOf(next.id);
    expect(runs).toMatchObject([{ state: 'QUEUED', generation: 1, userId: ann.userId, priority: 5 }]);
    // Both who sent the files see them on the new board, and their submissions to the old one as they were.
    const listed = await db().select().from(submissions).where(eq(submissions.entryId, next.id));
    expect(listed.map(({ userId }) => userId).sort()).toEqual([ann.userId, bob.userId].sort());
    expect(listed[0]!.input).toMatchObject({ benchmark: 'cranfield-retrieval@1' });
    const links = await db()
      .select()
      .from(schema.submissionRuns)
      .where(
        inArray(
          schema.submissionRuns.submissionId,
          listed.map((row) => row.id),
        ),
      );
    expect(links.map(({ runId }) => runId)).toEqual([runs[0]!.id, runs[0]!.id]);

    // Nobody could have scored it there any more.
    const late = await entryOf(waiting.entryId);
    expect(late.supersededBy).not.toBeNull();
    expect((await runsOf(late.id))[0]!.state).toBe('CANCELLED');
    expect((await runsOf(late.supersededBy!))[0]!.state).toBe('QUEUED');
    expect((await runsOf(unkept.entryId))[0]!.state).toBe('CANCELLED');
    // Its worker was of the earlier release and is gone: nobody else may be asked to take it.
    const { run: over } = await db().transaction(async (tx) =>
      endAttempt(tx, (await lockRun(tx, running.runId))!, 'WORKER_LOST', 'no sign of life'),
    );
    expect(over.state).toBe('CANCELLED');
    expect(await entryOf(lost.entryId)).toMatchObject({
      supersededBy: null,
      unrankedReason: `${reason}; its files are no longer kept`,
    });
    expect(await entryOf(taken.entryId)).toMatchObject({ supersededBy: null, supersededReason: null });
    const events = await db().select().from(schema.events).where(eq(schema.events.entryId, better.entryId));
    expect(events.filter(({ kind }) => kind === 'SUPERSEDED')).toHaveLength(1);

    for (const value of [0.81, 0.62]) {
      const claimed = (await scorer.claim())!;
      await scorer.finish(claimed, value);
    }
    expect(await rows('cranfield-retrieval@0')).toMatchObject([
      {
        label: 'better',
        rank: null,
        mean: 0.8,
        unrankedReason: reason,
        supersededReason: reason,
        supersededBy: { id: encodeId('Entry', next.id), mean: 0.81, rank: 1, benchmark: { version: 1 } },
      },
      { label: 'lost', rank: null, mean: 0.7, supersededBy: null },
      { label: 'worse', rank: null, mean: 0.6, supersededBy: { rank: 2 } },
      { label: 'waiting', rank: null, mean: null },
      { label: 'waiting without files', rank: null, mean: null },
      { label: 'running', rank: null, mean: null },
    ]);
    for (const value of [0.1, 0.05]) await scorer.finish((await scorer.claim())!, value);
    expect(await scorer.claim()).toBeNull();
  });

  const [split, own] = predictionBenchmark('kitti-object')!.protocol.datasets;
  const labels = (text: string): Labels => [split!, { ...own!, sha256: [sha256(text)] }];

  async function scored(user: TestUser, name: string, value: number, with_: Labels): Promise<Sent> {
    const sent = await sendFile(get(), user, KITTI, name);
    const claimed = (await scorer.claim())!;
    expect(claimed.run.id).toBe(sent.runId);
    await scorer.finish(claimed, value, with_);
    return sent;
  }

  it('never ranks rows of different labels together, and moves on only when the operator says so', async () => {
    const first = await scored(ann, 'first', 50, labels('x'));
    const revision = (await boardOf(KITTI)).labelRevision!;
    expect(revision).toMatch(/^[0-9a-f]{64}$/);
    const other = await scored(bob, 'other', 60, labels('y'));
    const third = await scored(ann, 'third', 40, labels('x'));
    expect((await boardOf(KITTI)).labelRevision).toBe(revision);
    const strange = expect.stringMatching(/^scored against other labels \([0-9a-f]{12}\) than the board's/) as string;
    expect(await rows('kitti-object')).toMatchObject([
      { label: 'first', rank: 1, mean: 50 },
      { label: 'third', rank: 2, mean: 40 },
      { label: 'other', rank: null, mean: 60, unrankedReason: strange, supersededReason: null },
    ]);
    const message = (await db().select().from(schema.events).where(eq(schema.events.runId, other.runId)))[0]!.message;
    expect(message).toContain('scored against other labels');

    const { platform } = get();
    const fact = { refused: null, benchmarkId: (await boardOf(KITTI)).id, queued: 2 };
    expect(await acceptLabels(platform, other.runId, ann.userId)).toMatchObject(fact);
    expect((await boardOf(KITTI)).labelRevision).not.toBe(revision);
    const again = expect.stringMatching(
      /^labels [0-9a-f]{12} replace [0-9a-f]{12}: its files are scored again$/,
    ) as string;
    expect(await rows('kitti-object')).toMatchObject([
      { label: 'other', rank: 1, mean: 60 },
      { label: 'first', rank: null, mean: 50, unrankedReason: again, supersededReason: again, supersededBy: null },
      { label: 'third', rank: null, mean: 40, unrankedReason: again },
    ]);
    // Accepting again while the runs wait queues nothing more.
    expect(await acceptLabels(platform, other.runId, ann.userId)).toMatchObject({ refused: null, queued: 0 });

    // A worker that still has the old labels takes one: no rank, and no run after it.
    const stale = (await scorer.claim())!;
    await scorer.finish(stale, 51, labels('x'));
    const right = (await scorer.claim())!;
    await scorer.finish(right, 41, labels('y'));
    expect(await scorer.claim()).toBeNull();
    expect(stale.run.entryId).toBe(first.entryId);
    expect(right.run).toMatchObject({ entryId: third.entryId, generation: 2, userId: ann.userId });
    expect(await runsOf(first.entryId)).toHaveLength(2);
    expect(await rows('kitti-object')).toMatchObject([
      { label: 'other', rank: 1 },
      { label: 'third', rank: 2, mean: 41, unrankedReason: null, supersededReason: null },
      { label: 'first', rank: null, mean: 51, unrankedReason: again },
    ]);
    expect(await acceptLabels(platform, other.runId, ann.userId)).toMatchObject({ refused: null, queued: 1 });
    await scorer.finish((await scorer.claim())!, 52, labels('y'));
    expect(await rows('kitti-object')).toMatchObject([
      { label: 'other', rank: 1 },
      { label: 'first', rank: 2, mean: 52, supersededReason: null },
      { label: 'third', rank: 3 },
    ]);
    const { submissionRuns } = schema;
    const linked = await db().select().from(submissionRuns).where(eq(submissionRuns.submissionId, first.submissionId));
    expect(linked).toHaveLength(3);
  });

  it('keeps a row that stands when a later run of it meets other labels', async () => {
    const sent = await scored(bob, 'stands', 70, labels('y'));
    const { createRuns } = await import('../../apps/api/src/jobs/enqueue.js');
    const order = { entryId: sent.entryId, seeds: [0], userId: bob.userId, generation: 2 };
    await db().transaction((tx) => createRuns(tx, order));
    await scorer.finish((await scorer.claim())!, 99, labels('z'));
    expect((await rows('kitti-object'))[0]).toMatchObject({ label: 'stands', rank: 1, mean: 70 });
  });

  it('stands on the labels of whoever is first when two finish at once', async () => {
    await db().update(schema.benchmarks).set({ labelRevision: null }).where(eq(schema.benchmarks.key, 'kitti-object'));
    const sent = [await sendFile(get(), ann, KITTI, 'left'), await sendFile(get(), ann, KITTI, 'right')];
    const [left, right] = [(await scorer.claim())!, (await scorer.claim())!];
    await Promise.all([scorer.finish(left, 1, labels('l')), scorer.finish(right, 2, labels('r'))]);
    const reasons = await Promise.all(sent.map(async ({ entryId }) => (await entryOf(entryId)).unrankedReason));
    expect(reasons.filter((reason) => reason === null)).toHaveLength(1);
    const runs = await runsOf(sent[reasons.indexOf(null)]!.entryId);
    const { labelRevision } = await import('@touchstone/eval/meta');
    const { labelRevision: board, protocol } = await boardOf(KITTI);
    expect(board).toBe(labelRevision(protocol as Protocol, runs[0]!.receipt as Receipt));
  });

  it('says why labels cannot be accepted', async () => {
    const { platform } = get();
    const sent = await sendFile(get(), ann, KITTI, 'not scored');
    expect(await acceptLabels(platform, sent.runId, ann.userId)).toEqual({ refused: 'NOT_SCORED' });
    expect(await acceptLabels(platform, uuidv7(), ann.userId)).toEqual({ refused: 'NOT_FOUND' });
    const [closed] = await db()
      .select({ id: schema.runs.id })
      .from(schema.runs)
      .innerJoin(schema.entries, eq(schema.entries.id, schema.runs.entryId))
      .where(eq(schema.entries.benchmarkId, (await boardOf(OLD)).id));
    expect(await acceptLabels(platform, closed!.id, ann.userId)).toEqual({ refused: 'BENCHMARK_SUPERSEDED' });
  });
});
