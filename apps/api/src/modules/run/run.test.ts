import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeSeries } from '../../jobs/series.js';
import { decodeId } from '../../lib/ids.js';
import { uuidv7 } from '../../lib/uuid.js';
import { countStatements, finishRuns, startTestServer, type TestServer } from '../../testing.js';

let server: TestServer;
let runs: { readonly id: string; readonly seed: number }[];
let entryId: string;

async function ask<T>(query: string, variables: object = {}, token: string | null = server.ownerToken): Promise<T> {
  const { data, errors } = await server.query<T>(query, { ...variables }, token);
  expect(errors).toBeUndefined();
  return data!;
}

async function submit(params: object, token = server.ownerToken) {
  const { submitVariant } = await ask<{
    submitVariant: { submission: { id: string; entry: { id: string }; runs: { id: string; seed: number }[] } };
  }>(
    `mutation ($params: JSONObject) { submitVariant(input: { benchmark: "letter-retrieval", method: "triplet", params: $params })
      { submission { id entry { id } runs { id seed } } userErrors { message } } }`,
    { params },
    token,
  );
  return submitVariant.submission;
}

beforeAll(async () => {
  server = await startTestServer({ bare: true });
  const submission = await submit({ margin: 0.2 });
  runs = submission.runs;
  entryId = decodeId(submission.entry.id).key;
});
afterAll(() => server?.close());

describe('metricSeries', () => {
  it('reads every series in one statement beside the runs, down-sampled with the range kept', async () => {
    const points = Array.from({ length: 3000 }, (_, step) => ({
      key: 'loss',
      step,
      value: step === 1500 ? 99 : 1 / (1 + step),
    }));
    for (const { id } of runs)
      for (let chunk = 0; chunk < 3; chunk++)
        await storeSeries(
          server.platform.db,
          { runId: decodeId(id).key, attempt: 1, chunk },
          points.slice(chunk * 1000, (chunk + 1) * 1000),
        );
    const query = (ids: string[], n: number) =>
      server.query<{ metricSeries: { key: string; run: { seed: number }; points: { step: number; max: number }[] }[] }>(
        'query ($ids: [ID!]!, $n: Int) { metricSeries(runs: $ids, keys: ["loss"], points: $n) { key run { seed } points { step value min max } } }',
        { ids, n },
      );
    const ids = runs.map(({ id }) => id);
    const one = await countStatements(server.platform, () => query(ids.slice(0, 1), 50));
    const all = await countStatements(server.platform, () => query(ids, 50));
    expect(all.statements).toBe(one.statements);
    expect(all.statements).toBe(2);
    const series = all.result.data!.metricSeries;
    expect(series.map(({ run }) => run.seed)).toEqual(runs.map(({ seed }) => seed));
    expect(series[0]!.points).toHaveLength(50);
    expect(Math.max(...series[0]!.points.map(({ max }) => max))).toBe(99);
    expect(series[0]!.points.at(-1)!.step).toBe(2999);
  });

  it('refuses more than 100 runs and fewer than 2 points', async () => {
    const refused = async (ids: string[], points: number) =>
      (
        await server.query('query ($ids: [ID!]!, $n: Int) { metricSeries(runs: $ids, points: $n) { key } }', {
          ids,
          n: points,
        })
      ).errors![0]!.extensions;
    expect(await refused(Array(101).fill(runs[0]!.id), 10)).toMatchObject({
      code: 'BAD_INPUT',
      field: 'runs',
      value: '101',
    });
    expect(await refused([runs[0]!.id], 1)).toMatchObject({ code: 'BAD_INPUT', field: 'points' });
  });
});

describe('a run', () => {
  it('shows progress, the last log lines in order, scores and receipt', async () => {
    const { db } = server.platform;
    const id = decodeId(runs[0]!.id).key;
    await db
      .update(schema.runs)
      .set({
        state: 'RUNNING',
        attempt: 1,
        progress: { phase: 'training', step: 40, steps: 200, loss: null, stepsPerSecond: 80, etaMs: 2000 },
      })
      .where(eq(schema.runs.id, id));
    await db.insert(schema.logs).values(
      Array.from({ length: 30 }, (_, i) => ({
        id: uuidv7(),
        runId: id,
        attempt: 1,
        at: new Date(),
        level: 'info',
        line: `line ${i}`,
      })),
    );
    const query = `{ run(id: "${runs[0]!.id}") { state progress { phase step steps loss etaMs } logs(last: 3) { line } scores { key } seriesKeys queuePosition } }`;
    expect((await ask<{ run: object }>(query)).run).toEqual({
      state: 'RUNNING',
      progress: { phase: 'training', step: 40, steps: 200, loss: null, etaMs: 2000 },
      logs: [{ line: 'line 27' }, { line: 'line 28' }, { line: 'line 29' }],
      scores: [],
      seriesKeys: ['loss'],
      queuePosition: null,
    });
    await finishRuns(server.platform, entryId, (seed) => (seed === 4 ? null : { map_at_r: seed }));
    expect((await ask<{ run: { scores: object[] } }>(query)).run.scores).toEqual([{ key: 'map_at_r' }]);
  });

  it('is null for an id that names none', async () => {
    const id = Buffer.from('Run:01900000-0000-7000-8000-000000000000').toString('base64url');
    expect(await ask(`{ run(id: "${id}") { id } node(id: "${id}") { id } }`)).toEqual({ run: null, node: null });
  });
});

describe('runs', () => {
  it('are filtered and sorted, unfinished ones last either way', async () => {
    await submit({ margin: 0.21 });
    for (const direction of ['ASC', 'DESC']) {
      const { runs: page } = await ask<{ runs: { totalCount: number; nodes: { finishedAt: string | null }[] } }>(
        `{ runs(orderBy: { field: FINISHED_AT, direction: ${direction} }, first: 100) { totalCount nodes { finishedAt } } }`,
      );
      expect(page.totalCount).toBe(10);
      expect(page.nodes.map(({ finishedAt }) => finishedAt === null)).toEqual([
        ...Array(5).fill(false),
        ...Array(5).fill(true),
      ]);
    }
    const { runs: failed } = await ask<{ runs: { nodes: object[] } }>(
      '{ runs(where: { states: [FAILED], benchmark: "letter-retrieval", methods: ["triplet"] }) { nodes { seed reason message } } }',
    );
    expect(failed.nodes).toEqual([{ seed: 4, reason: 'NON_FINITE', message: 'the loss became NaN at step 7' }]);
    expect(await ask('{ runs(where: { mine: true, seed: 2 }) { totalCount } }')).toEqual({ runs: { totalCount: 2 } });
  });

  it('are paged without gap or repetition in every order', async () => {
    for (const field of ['CREATED_AT', 'FINISHED_AT', 'SEED'])
      for (const direction of ['ASC', 'DESC']) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: { runs: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
            await ask(
              `query ($after: String) { runs(orderBy: { field: ${field}, direction: ${direction} }, first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
              { after },
            );
          seen.push(...page.runs.nodes.map(({ id }) => id));
          after = page.runs.pageInfo.hasNextPage ? page.runs.pageInfo.endCursor : null;
        } while (after);
        expect([field, direction, new Set(seen).size, seen.length]).toEqual([field, direction, 10, 10]);
      }
  });
});

describe('cancelRun', () => {
  const cancel = (id: string, token: string | null) =>
    server.query<{ cancelRun: { run: { state: string } | null; userErrors: { code: string }[] } }>(
      'mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { state } userErrors { code } } }',
      { id },
      token,
    );

  it('stops a waiting run once, and no run that another person waits for', async () => {
    const mine = await submit({ margin: 0.22 });
    expect((await cancel(mine.runs[0]!.id, server.ownerToken)).data!.cancelRun).toEqual({
      run: { state: 'CANCELLED' },
      userErrors: [],
    });
    expect((await cancel(mine.runs[0]!.id, server.ownerToken)).data!.cancelRun).toMatchObject({
      run: null,
      userErrors: [{ code: 'RUN_ENDED' }],
    });
    const { token } = await server.member('sharing');
    await submit({ margin: 0.22 }, token);
    expect((await cancel(mine.runs[1]!.id, token)).data!.cancelRun.userErrors).toMatchObject([{ code: 'RUN_SHARED' }]);
    expect((await cancel(runs[0]!.id, token)).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const ended = await cancel(missingRun(), server.ownerToken);
    expect(ended.data!.cancelRun.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

const missingRun = () => Buffer.from('Run:01900000-0000-7000-8000-000000000000').toString('base64url');
