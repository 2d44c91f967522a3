import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { decodeId } from '../../lib/ids.js';
import { rowsOf } from '../../lib/sql.js';
import { countStatements, finishRuns, startTestServer, type TestServer } from '../../testing.js';

interface Sent {
  readonly submission: {
    readonly id: string;
    readonly label: string;
    readonly division: string;
    readonly state: string;
    readonly mine: boolean;
    readonly entry: { readonly id: string };
    readonly runs: readonly {
      readonly id: string;
      readonly seed: number;
      readonly state: string;
      readonly generation: number;
    }[];
  } | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly field: string;
    readonly value: string;
    readonly allowed: string;
  }[];
}

const SHAPE =
  '{ submission { id label division state mine entry { id } runs { id seed state generation } } userErrors { code field value allowed } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ bare: true });
});
afterAll(() => server?.close());

async function mutate<T = Sent>(
  name: string,
  input: object,
  token: string | null = server.ownerToken,
  shape = SHAPE,
): Promise<T> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const { data, errors } = await server.query<Record<string, T>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) ${shape} }`,
    { input },
    token,
  );
  expect(errors).toBeUndefined();
  return data![name]!;
}

const submit = (input: object, token?: string) =>
  mutate('submitVariant', { benchmark: 'letter-retrieval', ...input }, token);

async function counts(): Promise<Record<string, number>> {
  const tables = [
    'submissions',
    'submission_runs',
    'entries',
    'runs',
    'events',
    'idempotency_keys',
    'summaries',
    'scores',
  ];
  const rows = await rowsOf<{ name: string; n: number }>(
    server.platform.db,
    sql.join(
      tables.map((name) => sql`select ${name} as name, count(*)::int as n from ${sql.identifier(name)}`),
      sql` union all `,
    ),
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

const end = (entryId: string, base = 0.3) =>
  finishRuns(server.platform, decodeId(entryId).key, (seed) => ({ map_at_r: base + seed / 1000 }));

describe('submitVariant', () => {
  it('stores the variant with a queued run for each seed of the protocol', async () => {
    const { submission, userErrors } = await submit({ method: 'multi-similarity', params: { alpha: 2.5 } });
    expect(userErrors).toEqual([]);
    expect(submission).toMatchObject({
      division: 'OPEN',
      state: 'QUEUED',
      mine: true,
      label: 'multi-similarity (alpha 2.5)',
    });
    expect(submission!.runs.map(({ seed, state }) => [seed, state])).toEqual(
      [0, 1, 2, 3, 4].map((seed) => [seed, 'QUEUED']),
    );
  });

  it('points the same variant to the same runs, defaults named or not', async () => {
    const first = await submit({ method: 'triplet' });
    const again = await submit({ method: 'triplet', params: {}, seeds: [4, 3, 2, 1, 0] });
    expect(again.submission!.id).not.toBe(first.submission!.id);
    expect(again.submission!.runs.map(({ id }) => id)).toEqual(first.submission!.runs.map(({ id }) => id));
    expect(first.submission!.division).toBe('PUBLISHED_DEFAULTS');
  });

  it('repeats its answer for a key seen before and refuses another input under it', async () => {
    const input = { method: 'triplet', params: { margin: 0.25 }, idempotencyKey: 'once' };
    const first = await submit(input);
    const before = await counts();
    expect((await submit(input)).submission!.id).toBe(first.submission!.id);
    const other = await submit({ ...input, params: { margin: 0.26 } });
    expect(other).toMatchObject({
      submission: null,
      userErrors: [{ code: 'IDEMPOTENCY_MISMATCH', field: 'input.idempotencyKey', value: 'once' }],
    });
    expect(await counts()).toEqual(before);
    const { token } = await server.member('another');
    expect((await submit(input, token)).submission!.id).not.toBe(first.submission!.id);
  });

  it('makes one submission of ten at once under one key', async () => {
    const input = { method: 'triplet', params: { margin: 0.27 }, idempotencyKey: 'race' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(input)));
    expect(new Set(answers.map(({ submission }) => submission!.id)).size).toBe(1);
  });

  it('accepts a benchmark whose data are missing and says why its runs wait', async () => {
    const { data } = await server.query<{ submitVariant: { submission: { runs: { waitingReason: string }[] } } }>(
      'mutation { submitVariant(input: { benchmark: "cub50-thumb64-retrieval", method: "triplet" }) { submission { runs { waitingReason } } userErrors { message } } }',
      {},
      server.ownerToken,
    );
    expect(data!.submitVariant.submission.runs[0]!.waitingReason).toMatch(/no worker/);
  });
});

describe('bad input', () => {
  const cases: readonly (readonly [string, object, string, string])[] = [
    ['an unknown benchmark', { benchmark: 'letter-retrieva' }, 'UNKNOWN_BENCHMARK', 'input.benchmark'],
    ['an unknown method', { method: 'tripletto' }, 'UNKNOWN_METHOD', 'input.method'],
    ['an unknown parameter', { method: 'triplet', params: { mergin: 1 } }, 'UNKNOWN_PARAM', 'input.params.mergin'],
    ['a value out of range', { method: 'triplet', params: { margin: -1 } }, 'PARAM_RANGE', 'input.params.margin'],
    ['a text for a number', { method: 'triplet', params: { margin: 'NaN' } }, 'PARAM_TYPE', 'input.params.margin'],
    ['a method of another slot', { method: 'gelu' }, 'SLOT_MISMATCH', 'input.method'],
    [
      'a slot that the benchmark does not accept',
      { method: 'triplet', slots: [{ slot: 'SOLVER', method: 'gelu' }] },
      'SLOT_NOT_ACCEPTED',
      'input.slots.solver',
    ],
    [
      'a slot filled twice',
      {
        method: 'triplet',
        slots: [
          { slot: 'LAYER', method: 'gelu' },
          { slot: 'LAYER', method: 'relu' },
        ],
      },
      'SLOT_MISMATCH',
      'input.slots',
    ],
    ['no seeds', { method: 'triplet', seeds: [] }, 'SEEDS_RANGE', 'input.seeds'],
    ['a negative seed', { method: 'triplet', seeds: [-1] }, 'SEEDS_RANGE', 'input.seeds'],
    [
      'more than 100 seeds',
      { method: 'triplet', seeds: Array.from({ length: 1000 }, (_, i) => i) },
      'SEEDS_RANGE',
      'input.seeds',
    ],
    [
      'a division that does not fit',
      { method: 'triplet', params: { margin: 0.4 }, division: 'PUBLISHED_DEFAULTS' },
      'DIVISION_CONFLICT',
      'input.params.margin',
    ],
    ['a learning rate out of range', { method: 'triplet', learningRate: 100 }, 'PARAM_RANGE', 'input.learningRate'],
    ['a long note', { method: 'triplet', note: 'x'.repeat(2001) }, 'PARAM_RANGE', 'input.note'],
    [
      'an empty key',
      { method: 'triplet', params: { margin: 0.9 }, idempotencyKey: '' },
      'PARAM_RANGE',
      'input.idempotencyKey',
    ],
  ];
  it.each(cases)('refuses %s and stores nothing', async (_, input, code, field) => {
    const before = await counts();
    const answer = await submit(input);
    expect(answer).toMatchObject({ submission: null, userErrors: [{ code, field }] });
    expect(answer.userErrors[0]!.allowed).toBeTruthy();
    expect(await counts()).toEqual(before);
  });
});

describe('submitVariants', () => {
  const shape = '{ submissions { id label runs { seed } } userErrors { code field message } }';
  interface Many {
    readonly submissions: readonly { readonly id: string; readonly label: string }[];
    readonly userErrors: readonly { readonly code: string; readonly field: string }[];
  }
  const grid = (input: object) =>
    mutate<Many>(
      'submitVariants',
      { benchmark: 'letter-retrieval', method: 'multi-similarity', ...input },
      server.ownerToken,
      shape,
    );

  it('stores every cell of a grid under one key', async () => {
    const input = { grid: { alpha: [1, 2.2], beta: [30, 45, 60] }, idempotencyKey: 'grid' };
    const { submissions } = await grid(input);
    expect(submissions).toHaveLength(6);
    expect(new Set(submissions.map(({ label }) => label)).size).toBe(6);
    expect((await grid(input)).submissions).toEqual(submissions);
  });

  it('stores all or none', async () => {
    const before = await counts();
    const { submissions, userErrors } = await grid({
      variants: [{ params: { alpha: 7 } }, { params: { alpha: -7 } }, { method: 'nope' }],
    });
    expect(submissions).toEqual([]);
    expect(userErrors).toMatchObject([
      { code: 'PARAM_RANGE', field: 'input.variants[1].params.alpha' },
      { code: 'UNKNOWN_METHOD', field: 'input.variants[2].method' },
    ]);
    expect(await counts()).toEqual(before);
  });

  it('refuses more than 200 cells, both forms at once, and what is no list', async () => {
    const many = Array.from({ length: 15 }, (_, i) => i + 1);
    expect((await grid({ grid: { alpha: many, beta: many } })).userErrors).toMatchObject([
      { code: 'VARIANTS_RANGE', field: 'input.grid' },
    ]);
    expect((await grid({ grid: { alpha: [1] }, variants: [] })).userErrors).toMatchObject([{ code: 'VARIANTS_RANGE' }]);
    expect((await grid({ grid: { alpha: 1 } })).userErrors).toMatchObject([
      { code: 'PARAM_TYPE', field: 'input.grid.alpha' },
    ]);
    expect((await grid({ grid: { alpha: [1, -1] } })).userErrors).toMatchObject([
      { code: 'PARAM_RANGE', field: 'input.grid.alpha' },
    ]);
  });
});

describe('estimate', () => {
  it('tells errors and cost and stores nothing', async () => {
    const { submission } = await submit({ method: 'supervised-contrastive' });
    await end(submission!.entry.id);
    const ask = async (input: string) => {
      const query = `{ estimate(input: { benchmark: "letter-retrieval", ${input} }) { valid runs newRuns secondsPerRun division queuePosition waitingReason userErrors { code field } } }`;
      return (await server.query<{ estimate: object }>(query)).data!.estimate;
    };
    const before = await counts();
    expect(await ask('method: "supervised-contrastive", seeds: [0, 1, 7]')).toMatchObject({
      valid: true,
      runs: 3,
      newRuns: 1,
      secondsPerRun: 1,
      division: 'PUBLISHED_DEFAULTS',
    });
    expect(await ask('method: "triplet", params: { margin: 99 }')).toMatchObject({
      valid: false,
      userErrors: [{ code: 'PARAM_RANGE', field: 'input.params.margin' }],
    });
    expect(await counts()).toEqual(before);
  });
});

describe('rerunSubmission', () => {
  it('makes a new generation once the newest has ended; the newest complete one counts', async () => {
    const { submission } = await submit({ method: 'triplet', params: { margin: 0.33 } });
    const id = submission!.id;
    expect((await mutate('rerunSubmission', { id })).userErrors).toMatchObject([
      { code: 'STILL_RUNNING', field: 'input.id' },
    ]);
    await end(submission!.entry.id, 0.2);
    const again = await mutate('rerunSubmission', { id, idempotencyKey: 'again' });
    expect(again.submission!.runs.map(({ generation }) => generation)).toEqual([2, 2, 2, 2, 2]);
    expect((await mutate('rerunSubmission', { id, idempotencyKey: 'again' })).submission!.id).toBe(
      again.submission!.id,
    );
    const mean = async () =>
      (
        await server.query<{ node: { mean: number; runs: { generation: number }[] } }>(
          'query ($id: ID!) { node(id: $id) { ... on Entry { mean runs { generation } } } }',
          { id: submission!.entry.id },
        )
      ).data!.node;
    expect(await mean()).toMatchObject({ runs: [{ generation: 1 }, {}, {}, {}, {}] });
    await end(submission!.entry.id, 0.25);
    expect((await mean()).mean).toBeCloseTo(0.252, 6);
    expect((await mean()).runs[0]!.generation).toBe(2);
  });
});

describe('withdrawSubmission', () => {
  it('ends the runs that nobody else waits for, hides the row and leaves an event', async () => {
    const mine = await submit({ method: 'triplet', params: { margin: 0.41 } });
    const { token } = await server.member('sharer');
    const theirs = await submit({ method: 'triplet', params: { margin: 0.41 } }, token);
    const board = async () => {
      const query =
        '{ leaderboard(benchmark: "letter-retrieval", first: 100) { nodes { id } } events(first: 3) { nodes { kind message actor } } }';
      const { data } = await server.query<{
        leaderboard: { nodes: { id: string }[] };
        events: { nodes: { kind: string; message: string }[] };
      }>(query);
      return {
        listed: data!.leaderboard.nodes.some(({ id }) => id === mine.submission!.entry.id),
        events: data!.events.nodes,
      };
    };
    const first = await mutate('withdrawSubmission', { id: mine.submission!.id, reason: 'a typing error' });
    expect(first.submission!.runs.map(({ state }) => state)).toEqual(Array(5).fill('QUEUED'));
    expect(await board()).toMatchObject({ listed: true });
    await mutate('withdrawSubmission', { id: theirs.submission!.id }, token);
    const { listed, events } = await board();
    expect(listed).toBe(false);
    expect(events.map(({ kind }) => kind)).toContain('RUN_CANCELLED');
    const { data } = await server.query<{ submission: unknown }>(`{ submission(id: "${mine.submission!.id}") { id } }`);
    expect(data!.submission).toBeNull();
    expect((await submit({ method: 'triplet', params: { margin: 0.41 } })).submission!.runs[0]!.state).toBe('QUEUED');
    expect((await board()).listed).toBe(true);
  });
});

describe('submissions', () => {
  it('are listed newest first at a constant number of statements', async () => {
    const list = (first: number) =>
      server.query<{ submissions: { nodes: { id: string }[]; totalCount: number } }>(
        `{ submissions(first: ${first}) { totalCount nodes { id label division state submitter mine variantHash benchmark { key } entry { rank mean } runs { seed state } } } }`,
      );
    await list(2);
    const few = await countStatements(server.platform, () => list(2));
    const many = await countStatements(server.platform, () => list(20));
    expect(many.result.data!.submissions.nodes.length).toBeGreaterThan(10);
    expect(many.statements).toBe(few.statements);
  });
});
