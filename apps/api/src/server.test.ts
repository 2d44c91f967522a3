import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSignInCode, ownerTokenPath } from './lib/auth.js';
import { decodeId } from './lib/ids.js';
import { LIMITS } from './lib/limits.js';
import { startTestServer, type TestServer } from './testing.js';

const run = promisify(execFile);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ bare: true });
});
afterAll(() => server?.close());

const BOARDS = '{ benchmarks(first: 100) { edges { node { key version state scale } } } }';
const LEADERBOARD =
  '{ leaderboard(benchmark: "letter-retrieval", first: 20) { edges { node { rank mean deviation n interval { low high over } method { key } } } } }';
const SUBMIT =
  'mutation { submitVariant(input: {benchmark: "letter-retrieval", method: "multi-similarity", params: {alpha: 2}, idempotencyKey: "x"}) { submission { id runs { id seed state } } userErrors { code field message } } }';

interface Submitted {
  readonly submitVariant: {
    readonly submission: { readonly id: string; readonly runs: readonly { readonly id: string }[] };
    readonly userErrors: readonly unknown[];
  };
}

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });

describe('clients that are not ours', () => {
  it('graphql-request reads boards, submits and reads the leaderboard', async () => {
    const client = new GraphQLClient(`${server.url}/graphql`, {
      headers: { Authorization: `Bearer ${server.ownerToken}` },
    });
    const boards = await client.request<{ benchmarks: { edges: { node: { key: string; state: string } }[] } }>(BOARDS);
    expect(boards.benchmarks.edges.map(({ node }) => node.key)).toContain('letter-retrieval');
    const { submitVariant } = await client.request<Submitted>(SUBMIT);
    expect(submitVariant.userErrors).toEqual([]);
    expect(submitVariant.submission.runs).toHaveLength(5);
    const board = await client.request<{ leaderboard: { edges: { node: { method: { key: string } } }[] } }>(
      LEADERBOARD,
    );
    expect(board.leaderboard.edges.map(({ node }) => node.method.key)).toEqual(['multi-similarity']);
  });

  it('curl reads a leaderboard without a token', async () => {
    const { stdout } = await run('curl', [
      '-s',
      '-H',
      'Content-Type: application/json',
      '-d',
      JSON.stringify({ query: LEADERBOARD }),
      `${server.url}/graphql`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      data: { leaderboard: { edges: [{ node: { rank: null, n: 0, interval: null } }] } },
    });
  });
});

describe('requests refused before execution', () => {
  const nested = (levels: number): string =>
    levels === 0 ? 'label' : `benchmark { baseline { ${nested(levels - 1)} } }`;
  const cases: readonly (readonly [string, string, number, string])[] = [
    [
      '1,000 aliases',
      `{ ${Array.from({ length: 1000 }, (_, i) => `a${i}: serverInfo { version }`).join(' ')} }`,
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      '100 aliases',
      `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['depth 50', `{ runs { nodes { entry { ${nested(25)} } } } }`, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a document of 1 MB', `{ serverInfo { version } } #${'x'.repeat(LIMITS.body)}`, 413, 'PAYLOAD_TOO_LARGE'],
    ['100,000 tokens', `{ serverInfo { ${'version '.repeat(100_000)} } }`, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'lists in lists',
      '{ methods(first: 100) { nodes { entries(first: 100) { method { entries(first: 100) { label } } } } } }',
      400,
      'QUERY_TOO_EXPENSIVE',
    ],
    ['an unknown field', '{ nothing }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['half a document', '{ serverInfo {', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'NaN',
      '{ estimate(input: { benchmark: "letter-retrieval", params: { alpha: NaN } }) { valid } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a number beyond all numbers',
      '{ estimate(input: { benchmark: "letter-retrieval", params: { alpha: 1e999 } }) { valid } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a page of 101', '{ benchmarks(first: 101) { totalCount } }', 400, 'BAD_INPUT'],
    [
      'an id of another type',
      `{ run(id: "${Buffer.from('Method:relu').toString('base64url')}") { seed } }`,
      400,
      'BAD_ID',
    ],
    ['what is no id', '{ node(id: "letter-retrieval") { id } }', 400, 'BAD_ID'],
    ['an unknown benchmark', '{ leaderboard(benchmark: "letters") { totalCount } }', 404, 'UNKNOWN_BENCHMARK'],
  ];
  it.each(cases)('%s', async (_, query, status, code) => {
    const response = await post(JSON.stringify({ query }));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('counts rows that variables ask for', async () => {
    const query =
      'query ($n: Int!) { methods(first: $n) { nodes { entries(first: $n) { runs { scores { key value } } } } } }';
    expect((await server.query(query, { n: 100 })).errors![0]!.extensions).toMatchObject({
      code: 'QUERY_TOO_EXPENSIVE',
    });
    expect((await server.query(query, { n: 5 })).errors).toBeUndefined();
  });

  it('batches, forms from other sites and bodies that are no JSON', async () => {
    expect((await post(JSON.stringify([{ query: BOARDS }]))).status).toBe(400);
    expect((await post(JSON.stringify({ query: BOARDS }), { 'Content-Type': 'text/plain' })).status).toBe(400);
    expect((await post('{')).status).toBe(400);
    expect((await fetch(`${server.url}/graphql`, { headers: { Accept: 'text/html' } })).status).toBe(400);
  });

  it('answers introspection', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect((await server.query(getIntrospectionQuery())).errors).toBeUndefined();
  });
});

describe('faults of the server', () => {
  it('are masked and carry an id', async () => {
    const { db } = server.platform;
    const original = db.select;
    db.select = () => {
      throw new Error('password of the database is hunter2');
    };
    const { errors, status } = await server.query('{ events { totalCount } }').finally(() => (db.select = original));
    expect(status).toBe(500);
    expect(errors![0]!.extensions).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it('say SERVICE_UNAVAILABLE while the database is gone', async () => {
    const { db } = server.platform;
    const original = db.select;
    db.select = () => {
      throw Object.assign(new Error('Failed query'), {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      });
    };
    const { errors, status } = await server.query('{ events { totalCount } }').finally(() => (db.select = original));
    expect([status, errors![0]!.extensions['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  });
});

describe('health and figures', () => {
  it('answer', async () => {
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/touchstone_graphql_seconds_count\{operation="query"\} \d+/);
    expect(text).toMatch(/touchstone_runs\{state="QUEUED"\} 5/);
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });
});

describe('sign-in', () => {
  const exchange = (code: unknown) =>
    fetch(`${server.url}/auth/exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });

  it('gives a session for a code, once', async () => {
    const code = await createSignInCode(server.platform);
    const response = await exchange(code);
    const { token } = (await response.json()) as { token: string };
    expect((await server.query<{ viewer: { name: string } }>('{ viewer { name } }', {}, token)).data!.viewer.name).toBe(
      'owner',
    );
    for (const bad of [code, 'guess', 7, undefined]) expect((await exchange(bad)).status).toBe(401);
  });

  it('keeps the owner token in a file of mode 600', async () => {
    const path = ownerTokenPath(server.platform.config.home);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, 'utf8')).trim()).toBe(server.ownerToken);
  });
});

describe('subscriptions', () => {
  const connect = (token?: string) =>
    createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(token ? { connectionParams: { Authorization: `Bearer ${token}` } } : {}),
    });

  it('tell of a run and of its board', async () => {
    const { data } = await server.query<Submitted>(SUBMIT.replace('"x"', '"y"'), {}, server.ownerToken);
    const { id } = data!.submitVariant.submission.runs[0]!;
    const client = connect();
    const runs = client.iterate<{ runProgress: { state: string } }>({
      query: `subscription { runProgress(run: "${id}") { state entry { label } } }`,
    });
    const boards = client.iterate<{ leaderboardChanged: { key: string } }>({
      query: 'subscription { leaderboardChanged(benchmark: "letter-retrieval") { key entryCount } }',
    });
    expect((await runs.next()).value?.data?.runProgress.state).toBe('QUEUED');
    expect((await boards.next()).value?.data?.leaderboardChanged.key).toBe('letter-retrieval');
    const [run, board] = [runs.next(), boards.next()];
    await server.query(
      `mutation { cancelRun(input: { id: "${id}" }) { run { state } userErrors { code } } }`,
      {},
      server.ownerToken,
    );
    expect((await run).value?.data?.runProgress.state).toBe('CANCELLED');
    expect((await board).value?.data?.leaderboardChanged.key).toBe('letter-retrieval');
    await client.dispose();
    expect(decodeId(id).type).toBe('Run');
  });

  it('are under the same limits and take no other operations', async () => {
    const client = connect();
    const first = async (query: string) => {
      const result = await client
        .iterate({ query })
        .next()
        .catch((errors: unknown) => ({ value: { errors } }));
      return JSON.stringify((result.value as { errors?: unknown } | undefined)?.errors);
    };
    expect(await first('{ serverInfo { version } }')).toContain('only subscriptions');
    expect(await first('subscription { leaderboardChanged(benchmark: "nope") { key } }')).toContain(
      'UNKNOWN_BENCHMARK',
    );
    expect(
      await first(
        `subscription { leaderboardChanged(benchmark: "letter-retrieval") { ${'baseline { benchmark { '.repeat(10)} key ${'} }'.repeat(10)} } }`,
      ),
    ).toContain('depth');
    await client.dispose();
    const refused = connect('tst_wrong');
    await expect(
      refused.iterate({ query: 'subscription { leaderboardChanged(benchmark: "letter-retrieval") { key } }' }).next(),
    ).rejects.toMatchObject({ code: 4403 });
  });
});
