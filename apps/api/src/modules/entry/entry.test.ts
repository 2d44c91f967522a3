import { schema } from '@touchstone/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeId } from '../../lib/ids.js';
import { countStatements, finishRuns, startTestServer, type TestServer } from '../../testing.js';

interface Row {
  readonly id: string;
  readonly rank: number | null;
  readonly mean: number | null;
  readonly label: string;
  readonly division: string;
  readonly reference: string | null;
  readonly unrankedReason: string | null;
  readonly rankInterval: [number, number] | null;
  readonly tieGroup: number | null;
  readonly belowUntrained: boolean;
  readonly attempts: number;
  readonly difference: {
    readonly mean: number;
    readonly n: number;
    readonly low: number;
    readonly b: { readonly label: string };
  } | null;
}

const FIELDS = `id rank mean label division reference unrankedReason rankInterval tieGroup belowUntrained attempts
  difference { mean n low b { label } }`;

let server: TestServer;
const ids = new Map<string, string>();

async function board(args: string, token: string | null = null): Promise<Row[]> {
  const { data, errors } = await server.query<{ leaderboard: { nodes: Row[] } }>(
    `{ leaderboard(benchmark: "letter-retrieval", ${args}) { nodes { ${FIELDS} } } }`,
    {},
    token,
  );
  expect(errors).toBeUndefined();
  return data!.leaderboard.nodes;
}

/** Submits and lets every seed end with `base` plus a little that depends on the seed alone; NaN fails seed 3. */
async function entry(name: string, method: string, params: object, base: number): Promise<void> {
  const { data } = await server.query<{
    submitVariant: { submission: { entry: { id: string } } | null; userErrors: unknown[] };
  }>(
    `mutation ($method: String!, $params: JSONObject) { submitVariant(input: { benchmark: "letter-retrieval", method: $method, params: $params, division: OPEN })
      { submission { entry { id } } userErrors { message } } }`,
    { method, params },
    server.ownerToken,
  );
  const id = data!.submitVariant.submission!.entry.id;
  ids.set(name, id);
  await finishRuns(server.platform, decodeId(id).key, (seed) =>
    Number.isNaN(base) && seed === 3 ? null : scores((Number.isNaN(base) ? 0.9 : base) + noise(seed)),
  );
}

const noise = (seed: number) => [0.0021, -0.0013, 0.0005, -0.0018, 0.0009][seed % 5]!;
const scores = (value: number) => ({
  map_at_r: value,
  r_precision: value + 0.05,
  recall_at_1: 1 - value,
  recall_at_2: value,
  recall_at_4: value,
  recall_at_8: value,
});

beforeAll(async () => {
  server = await startTestServer({ bare: true });
  await entry('best', 'multi-similarity', { alpha: 3 }, 0.34);
  await entry('tied', 'multi-similarity', { alpha: 4 }, 0.3);
  await entry('tied too', 'triplet', { margin: 0.3 }, 0.3);
  await entry('worst', 'triplet', { margin: 0.4 }, 0.1);
  await entry('failed', 'triplet', { margin: 0.45 }, Number.NaN);
}, 120_000);
afterAll(() => server?.close());

describe('a leaderboard', () => {
  it('gives equal means one rank and skips the next', async () => {
    const rows = await board('division: OPEN');
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 2, 4, null]);
    expect(rows[0]!.mean).toBeCloseTo(0.34, 3);
  });

  it('keeps a row with a failed seed last in both directions, with the reason', async () => {
    const failed = ids.get('failed');
    for (const direction of ['ASC', 'DESC']) {
      const rows = await board(`division: OPEN, orderBy: { key: "map_at_r", direction: ${direction} }`);
      expect(rows.at(-1)).toMatchObject({ id: failed, rank: null, unrankedReason: '4 of 5: seed 3 NON_FINITE' });
    }
    expect(
      (await board('division: OPEN, orderBy: { key: "map_at_r", direction: ASC }')).map(({ rank }) => rank),
    ).toEqual([4, 2, 2, 1, null]);
  });

  it('ranks by any score key', async () => {
    const rows = await board('division: OPEN, orderBy: { key: "recall_at_1" }');
    expect(rows[0]).toMatchObject({ id: ids.get('worst'), rank: 1 });
    const { errors, status } = await server.query(
      '{ leaderboard(benchmark: "letter-retrieval", orderBy: { key: "beauty" }) { totalCount } }',
    );
    expect([status, errors![0]!.extensions]).toMatchObject([
      400,
      { code: 'BAD_INPUT', field: 'orderBy.key', value: 'beauty' },
    ]);
  });

  it('says which rows the seeds cannot tell apart', async () => {
    const rows = await board('division: OPEN, where: { ranked: true }');
    expect(rows.map(({ tieGroup }) => tieGroup)).toEqual([1, 2, 2, 3]);
    expect(rows.map(({ rankInterval }) => rankInterval)).toEqual([
      [1, 1],
      [2, 3],
      [2, 3],
      [4, 4],
    ]);
  });

  it('says how far a tie group goes on beyond the page', async () => {
    const page = async (after: string | null) => {
      const { data, errors } = await server.query<{
        leaderboard: {
          pageInfo: { endCursor: string };
          tieGroups: { number: number; entries: string[]; rowsBefore: number; rowsAfter: number }[];
        };
      }>(
        `query ($after: String) { leaderboard(benchmark: "letter-retrieval", division: OPEN, where: { ranked: true }, first: 2, after: $after) {
          pageInfo { endCursor } tieGroups { number entries rowsBefore rowsAfter } } }`,
        { after },
      );
      expect(errors).toBeUndefined();
      const { pageInfo, tieGroups } = data!.leaderboard;
      return {
        after: pageInfo.endCursor,
        groups: tieGroups.map(({ entries, ...g }) => ({ ...g, shown: entries.length })),
      };
    };
    const first = await page(null);
    expect(first.groups).toEqual([
      { number: 1, shown: 1, rowsBefore: 0, rowsAfter: 0 },
      { number: 2, shown: 1, rowsBefore: 0, rowsAfter: 1 },
    ]);
    expect((await page(first.after)).groups).toEqual([
      { number: 2, shown: 1, rowsBefore: 1, rowsAfter: 0 },
      { number: 3, shown: 1, rowsBefore: 0, rowsAfter: 0 },
    ]);
  });

  it('filters by method without changing ranks', async () => {
    expect(
      (await board('division: OPEN, where: { methods: ["triplet"], ranked: true }')).map(({ rank }) => rank),
    ).toEqual([2, 4]);
    expect(await board('where: { methods: [] }')).toEqual([]);
    expect(await board('where: { mine: true }', server.ownerToken)).toHaveLength(5);
  });

  it('counts the attempts behind an open row', async () => {
    expect((await board('division: OPEN')).map(({ attempts }) => attempts)).toEqual([2, 2, 3, 3, 3]);
  });

  it('is paged by keyset cursors that are bound to sort and filter', async () => {
    const page = (args: string) =>
      server.query<{
        leaderboard: {
          nodes: { id: string }[];
          totalCount: number;
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }>(
        `{ leaderboard(benchmark: "letter-retrieval", ${args}) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
      );
    const whole = (await board('first: 100')).map(({ id }) => id);
    const seen: string[] = [];
    let after = '';
    do {
      const { data } = await page(`first: 2${after && `, after: "${after}"`}`);
      seen.push(...data!.leaderboard.nodes.map(({ id }) => id));
      expect(data!.leaderboard.totalCount).toBe(5);
      after = data!.leaderboard.pageInfo.hasNextPage ? data!.leaderboard.pageInfo.endCursor : '';
    } while (after);
    expect(seen).toEqual(whole);

    const cursor = (await page('first: 1')).data!.leaderboard.pageInfo.endCursor;
    for (const args of [
      'orderBy: { key: "recall_at_1" }',
      'division: OPEN',
      'where: { ranked: true }',
      'orderBy: { key: "map_at_r", direction: ASC }',
    ]) {
      const { errors, status } = await page(`first: 1, after: "${cursor}", ${args}`);
      expect([status, errors?.[0]?.extensions]).toMatchObject([400, { code: 'BAD_CURSOR', field: 'after' }]);
    }
  });

  it('costs the same number of statements for one row and for all', async () => {
    const query = (
      first: number,
    ) => `{ leaderboard(benchmark: "letter-retrieval", first: ${first}) { totalCount nodes { ${FIELDS}
      interval { low high over level } summaries { scoreKey mean } method { key paper { title } } benchmark { key state } events { message actor }
      runs { seed state scores { key value } logs(last: 5) { line } seriesKeys worker queuePosition waitingReason entry { rank } } submitter rederived } } }`;
    await server.query(query(5));
    const one = await countStatements(server.platform, () => server.query(query(1)));
    const all = await countStatements(server.platform, () => server.query(query(5)));
    expect(all.result.errors).toBeUndefined();
    expect(all.statements).toBe(one.statements);
    expect(all.statements).toBeGreaterThan(5);
    expect(all.statements).toBeLessThan(25);
  });
});

describe('reference rows', () => {
  it('list the untrained row in every division, unranked, and compare the others with the baseline', async () => {
    const { platform } = server;
    const [open] = await platform.db.select().from(schema.entries).limit(1);
    const { baselineVariant, getBenchmark, untrainedVariant } = await import('@touchstone/eval/meta');
    const { upsertEntry } = await import('../../jobs/entries.js');
    const { createRuns } = await import('../../jobs/enqueue.js');
    const definition = getBenchmark('letter-retrieval');
    const identity = {
      benchmark: { id: open!.benchmarkId, key: 'letter-retrieval', version: 1 },
      claim: 'RERUN',
      division: 'PUBLISHED_DEFAULTS',
    } as const;
    const baseline = baselineVariant(definition, 'PUBLISHED_DEFAULTS');
    for (const [variant, value] of [
      [untrainedVariant(definition), 0.2],
      [baseline, 0.28],
    ] as const) {
      const { id } = await upsertEntry(platform.db, {
        ...identity,
        variant: variant.variant,
        variantHash: variant.variantHash,
      });
      await createRuns(platform.db, { entryId: id, seeds: [0, 1, 2, 3, 4], userId: null, generation: 1 });
      await finishRuns(platform, id, (seed) => scores(value + noise(seed) / 2));
    }
    const rows = await board('division: OPEN');
    expect(rows.map(({ reference }) => reference)).toEqual([null, null, null, null, 'UNTRAINED', null]);
    expect(rows[4]).toMatchObject({ rank: null, division: 'OPEN', belowUntrained: false });
    expect(rows[4]!.unrankedReason).toMatch(/reference row/);
    expect(rows.map(({ belowUntrained }) => belowUntrained)).toEqual([false, false, false, true, false, false]);
    expect(rows[0]!.difference).toMatchObject({ n: 5, b: { label: baseline.label } });
    expect(rows[0]!.difference!.mean).toBeCloseTo(0.06, 3);
    expect(rows[0]!.difference!.low).toBeGreaterThan(0.05);
    const every = await board('first: 100');
    expect(every.filter(({ reference }) => reference === 'UNTRAINED').map(({ division }) => division)).toEqual([
      'PUBLISHED_DEFAULTS',
      'OPEN',
    ]);
    expect(every.find(({ reference }) => reference === 'BASELINE')).toMatchObject({
      rank: 1,
      division: 'PUBLISHED_DEFAULTS',
      difference: null,
    });
  });

  it('are compared with many rows in as many statements as with one', async () => {
    const query = (first: number) =>
      server.query<{ leaderboard: { nodes: { difference: { examplesReason: string | null } | null }[] } }>(
        `{ leaderboard(benchmark: "letter-retrieval", division: OPEN, first: ${first}) { nodes { difference {
          mean tooSmall separable seeds { seed } examplesReason byClass { mean } worstExamples(first: 1) { unit } } } } }`,
      );
    await query(4);
    const one = await countStatements(server.platform, () => query(1));
    const many = await countStatements(server.platform, () => query(4));
    expect(many.result.data!.leaderboard.nodes.map(({ difference }) => difference?.examplesReason)).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^no per-example outcomes of map_at_r/) as string),
    );
    expect(many.statements).toBe(one.statements);
  });

  it('refuse a difference across boards and give null where no seed is common', async () => {
    const query = (a: string, b: string) =>
      server.query<{ difference: { mean: number; seeds: unknown[] } | null }>(
        `{ difference(a: "${a}", b: "${b}") { mean seeds { seed a b difference } tooSmall over } }`,
      );
    const { data } = await query(ids.get('best')!, ids.get('worst')!);
    expect(data!.difference!.mean).toBeCloseTo(0.24, 6);
    expect(data!.difference!.seeds).toHaveLength(5);
    const { errors } = await query(
      ids.get('best')!,
      Buffer.from('Entry:01900000-0000-7000-8000-000000000000').toString('base64url'),
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'b' });
  });
});
