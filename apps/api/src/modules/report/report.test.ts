import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildSummaries } from '../../jobs/summary.js';
import { decodeId } from '../../lib/ids.js';
import { finishRuns, startTestServer, type TestServer } from '../../testing.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ bare: true });
});
afterAll(() => server?.close());

const BOARD = 'robustbench-cifar10-linf';
const PAPER = { title: 'A paper', url: 'https://example.org/paper', year: 2024, note: 'Table 2.\nDeviation 0.1.' };

interface Sent {
  readonly submission: {
    readonly id: string;
    readonly state: string;
    readonly entry: { readonly id: string };
    readonly runs: readonly Readonly<Record<string, unknown>>[];
  } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: string; readonly allowed: string }[];
}
interface Row {
  readonly id: string;
  readonly rank: number | null;
  readonly label: string;
  readonly claim: string;
  readonly mean: number | null;
}

async function mutate(name: string, input: object, token = server.ownerToken): Promise<Sent> {
  const { data, errors } = await server.query<Record<string, Sent>>(
    `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) {
      submission { id state entry { id } runs { state attempt message receipt receiptDigest cost { wallMs } } }
      userErrors { code field allowed } } }`,
    { input },
    token,
  );
  expect(errors).toBeUndefined();
  return data![name]!;
}

const report = (change: object = {}, token?: string) =>
  mutate(
    'reportResults',
    {
      benchmark: BOARD,
      name: 'A net',
      scores: [
        { key: 'autoattack_accuracy', value: 61.5 },
        { key: 'clean_accuracy', value: 90.25 },
      ],
      source: PAPER,
      ...change,
    },
    token,
  );

async function rows(benchmark: string, more = ''): Promise<readonly Row[]> {
  const { data } = await server.query<{ leaderboard: { nodes: Row[] } }>(
    `query ($key: String!) { leaderboard(benchmark: $key${more}) { nodes { id rank label claim mean } } }`,
    { key: benchmark },
  );
  return data!.leaderboard.nodes;
}

describe('reported numbers', () => {
  it('are a row with its source, without receipt, cost or interval', async () => {
    const { submission } = await report();
    expect(submission).toMatchObject({
      state: 'SUCCEEDED',
      runs: [
        {
          attempt: 0,
          receipt: null,
          receiptDigest: null,
          message: expect.stringContaining('nothing ran here') as string,
        },
      ],
    });
    const { data } = await server.query<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { ... on Entry { label claim division rank rankInterval tieGroup mean deviation n
        interval { low } source { title url year note } summaries { scoreKey mean interval { low } } cost { wallMs } } } }`,
      { id: submission!.entry.id },
    );
    expect(data!.node).toEqual({
      label: 'A net',
      claim: 'REPORTED',
      division: 'OPEN',
      rank: 1,
      rankInterval: null,
      tieGroup: null,
      mean: 61.5,
      deviation: null,
      n: 1,
      interval: null,
      source: PAPER,
      summaries: [
        { scoreKey: 'autoattack_accuracy', mean: 61.5, interval: null },
        { scoreKey: 'clean_accuracy', mean: 90.25, interval: null },
      ],
      cost: { wallMs: null },
    });
    const { data: listed } = await server.query<{ leaderboard: { tieGroups: unknown[] } }>(
      `{ leaderboard(benchmark: "${BOARD}") { tieGroups { entries } } }`,
    );
    expect(listed!.leaderboard.tieGroups).toEqual([]);
  });

  it('sent again are the same row, whoever sends them; other numbers or another source are another', async () => {
    const first = (await report()).submission!;
    const bob = await server.member('bob');
    const again = (
      await report(
        {
          scores: [
            { key: 'clean_accuracy', value: 90.25 },
            { key: 'autoattack_accuracy', value: 61.5 },
          ],
        },
        bob.token,
      )
    ).submission!;
    expect(again.entry.id).toBe(first.entry.id);
    expect(again.id).not.toBe(first.id);
    const other = (await report({ scores: [{ key: 'autoattack_accuracy', value: 61.4 }] })).submission!;
    expect(other.entry.id).not.toBe(first.entry.id);
    const elsewhere = (await report({ source: { title: 'Another', url: 'http://example.org/other' } })).submission!;
    expect(elsewhere.entry.id).not.toBe(first.entry.id);
    expect((await rows(BOARD)).map(({ rank, mean }) => [rank, mean])).toEqual([
      [1, 61.5],
      [1, 61.5],
      [3, 61.4],
    ]);
    const once = { name: 'Once', idempotencyKey: 'k1' };
    const [a, b] = [await report(once), await report(once)];
    expect(b.submission!.id).toBe(a.submission!.id);
    expect((await report({ ...once, name: 'Twice' })).userErrors[0]!.code).toBe('IDEMPOTENCY_MISMATCH');
  });

  it.each([
    ['an unknown score', { scores: [{ key: 'accuracy', value: 1 }] }, 'UNKNOWN_SCORE', 'input.scores[0].key'],
    [
      'a value out of range',
      { scores: [{ key: 'clean_accuracy', value: 100.1 }] },
      'PARAM_RANGE',
      'input.scores[0].value',
    ],
    [
      'a key twice',
      {
        scores: [
          { key: 'clean_accuracy', value: 1 },
          { key: 'clean_accuracy', value: 1 },
        ],
      },
      'PARAM_RANGE',
      'input.scores[1].key',
    ],
    ['no score', { scores: [] }, 'PARAM_RANGE', 'input.scores'],
    [
      'too many',
      { scores: Array.from({ length: 101 }, () => ({ key: 'clean_accuracy', value: 1 })) },
      'PARAM_RANGE',
      'input.scores',
    ],
    ['an empty name', { name: '  ' }, 'PARAM_RANGE', 'input.name'],
    ['a long name', { name: 'x'.repeat(101) }, 'PARAM_RANGE', 'input.name'],
    ['a name that a terminal obeys', { name: 'a\u001b[2J' }, 'PARAM_RANGE', 'input.name'],
    ['a script', { source: { ...PAPER, url: 'javascript:alert(1)' } }, 'PARAM_RANGE', 'input.source.url'],
    ['a script that hides', { source: { ...PAPER, url: ' java\nscript:alert(1)' } }, 'PARAM_RANGE', 'input.source.url'],
    ['data', { source: { ...PAPER, url: 'data:text/html,x' } }, 'PARAM_RANGE', 'input.source.url'],
    ['a file', { source: { ...PAPER, url: 'file:///etc/passwd' } }, 'PARAM_RANGE', 'input.source.url'],
    ['a password', { source: { ...PAPER, url: 'https://a:b@example.org' } }, 'PARAM_RANGE', 'input.source.url'],
    ['no address', { source: { ...PAPER, url: 'paper' } }, 'PARAM_RANGE', 'input.source.url'],
    [
      'a long address',
      { source: { ...PAPER, url: `https://example.org/${'x'.repeat(500)}` } },
      'PARAM_RANGE',
      'input.source.url',
    ],
    ['no title', { source: { ...PAPER, title: '' } }, 'PARAM_RANGE', 'input.source.title'],
    ['a year to come', { source: { ...PAPER, year: 2300 } }, 'PARAM_RANGE', 'input.source.year'],
    ['a long note', { source: { ...PAPER, note: 'x'.repeat(2001) } }, 'PARAM_RANGE', 'input.source.note'],
    ['an unknown board', { benchmark: 'robustbench' }, 'UNKNOWN_BENCHMARK', 'input.benchmark'],
    ['a board that trains', { benchmark: 'letter-retrieval' }, 'WRONG_TRACK', 'input.benchmark'],
  ])('with %s are refused and change nothing', async (_, change, code, field) => {
    const before = await server.platform.db.select().from(schema.entries);
    const { submission, userErrors } = await report(change);
    expect(submission).toBeNull();
    expect(userErrors[0]).toMatchObject({ code, field });
    expect(await server.platform.db.select().from(schema.entries)).toHaveLength(before.length);
  });

  it.each([
    ['NaN', 'GRAPHQL_VALIDATION_FAILED'],
    ['1e999', 'PARAM_RANGE'],
  ])('the value %s is no number', async (value, code) => {
    const { data, errors } = await server.query<{ reportResults: Sent }>(
      `mutation { reportResults(input: { benchmark: "${BOARD}", name: "x", scores: [{ key: "clean_accuracy", value: ${value} }], source: { title: "t", url: "https://example.org" } }) { userErrors { code } } }`,
      {},
      server.ownerToken,
    );
    expect(errors?.[0]?.extensions['code'] ?? data!.reportResults.userErrors[0]?.code).toBe(code);
  });

  it('stay as they are when every summary is computed anew', async () => {
    const before = await rows(BOARD);
    const [source] = await server.platform.db
      .select({ source: schema.entries.source })
      .from(schema.entries)
      .where(eq(schema.entries.id, decodeId(before[0]!.id).key));
    await rebuildSummaries(server.platform.db);
    expect(await rows(BOARD)).toEqual(before);
    const [after] = await server.platform.db
      .select({ source: schema.entries.source })
      .from(schema.entries)
      .where(eq(schema.entries.id, decodeId(before[0]!.id).key));
    expect(after).toEqual(source);
  });

  it('can be taken back, and return with what is said of their source then', async () => {
    const board = 'robustbench-cifar10-l2';
    const { submission } = await report({ benchmark: board });
    await mutate('withdrawSubmission', { id: submission!.id });
    expect(await rows(board)).toEqual([]);
    await report({ benchmark: board, source: { ...PAPER, note: 'Table 3.' } });
    const [row] = await rows(board);
    expect(row).toMatchObject({ id: submission!.entry.id, rank: 1 });
    const { data } = await server.query<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { ... on Entry { source { note } } } }',
      { id: row!.id },
    );
    expect(data!.node).toEqual({ source: { note: 'Table 3.' } });
  });

  it('cannot be run again, and their board takes no files', async () => {
    const { submission } = await report({ name: 'Not run' });
    expect((await mutate('rerunSubmission', { id: submission!.id })).userErrors[0]!.code).toBe('REPORTED_ONLY');
    const { data } = await server.query<{ createUpload: { userErrors: { code: string }[] } }>(
      `mutation { createUpload(input: { benchmark: "${BOARD}", fileName: "a.csv", bytes: 9, sha256: "${'0'.repeat(64)}" }) { userErrors { code } } }`,
      {},
      server.ownerToken,
    );
    expect(data!.createUpload.userErrors[0]!.code).toBe('REPORTED_ONLY');
    const { data: found } = await server.query<{ benchmark: unknown }>(
      `{ benchmark(key: "${BOARD}") { reportedOnly state stateMessage entryCount } }`,
    );
    expect(found!.benchmark).toMatchObject({ reportedOnly: true, state: 'READY' });
  });
});

describe('a board with both claims', () => {
  const board = 'super-resolution-set5-x2';
  const numbers = (psnr: number) => [{ key: 'psnr_y', value: psnr }];

  it('shows reported rows until something was scored here, and ranks each claim by itself', async () => {
    await report({ benchmark: board, name: 'SRCNN', scores: numbers(36.28) });
    await report({ benchmark: board, name: 'Bicubic', scores: numbers(33.64) });
    const shown = async (more = '') => (await rows(board, more)).map(({ rank, label, claim }) => [rank, label, claim]);
    expect(await shown()).toEqual([
      [1, 'SRCNN', 'REPORTED'],
      [2, 'Bicubic', 'REPORTED'],
    ]);
    const [benchmark] = await server.platform.db
      .select()
      .from(schema.benchmarks)
      .where(eq(schema.benchmarks.key, board));
    const { upsertEntry } = await import('../../jobs/entries.js');
    const { createRuns } = await import('../../jobs/enqueue.js');
    const entryId = await server.platform.db.transaction(async (tx) => {
      const entry = await upsertEntry(tx, {
        benchmark: benchmark!,
        claim: 'SUBMITTED',
        division: 'OPEN',
        variant: { components: {}, space: { learningRate: 0, weightDecay: 0 }, predictions: { files: [] } },
        variantHash: 'f'.repeat(64),
        label: 'mine',
      });
      await createRuns(tx, { entryId: entry.id, seeds: [0], userId: null, generation: 1 });
      return entry.id;
    });
    await finishRuns(server.platform, entryId, () => ({ psnr_y: 35 }));
    expect(await shown()).toEqual([[1, 'mine', 'SUBMITTED']]);
    expect(await shown(', claims: [REPORTED]')).toEqual([
      [1, 'SRCNN', 'REPORTED'],
      [2, 'Bicubic', 'REPORTED'],
    ]);
    expect(await shown(', claims: [REPORTED, SUBMITTED]')).toEqual([
      [1, 'mine', 'SUBMITTED'],
      [1, 'SRCNN', 'REPORTED'],
      [2, 'Bicubic', 'REPORTED'],
    ]);
  });
});
