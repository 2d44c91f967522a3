import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../lib/ids.js';
import { countStatements, startTestServer, type TestServer } from '../../testing.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

async function ask<T>(query: string, token: string | null = null): Promise<T> {
  const { data, errors } = await server.query<T>(query, {}, token);
  expect(errors).toBeUndefined();
  return data!;
}

describe('the catalogue', () => {
  it('describes methods with typed parameters, papers and boards', async () => {
    const { method } = await ask<{ method: { parameters: { name: string }[]; benchmarks: { key: string }[] } }>(
      `{ method(key: "multi-similarity") { version slot family formula paper { key bibtex methods { key } } functions parameterSchema inputs { name shape dtype }
        reported { value where verified } notes page benchmarks { key } parameters { name type default minimum maximum exclusiveMinimum exclusiveMaximum options unit source } } }`,
    );
    expect(method.parameters.find(({ name }) => name === 'alpha')).toMatchObject({
      type: 'number',
      default: 2,
      minimum: null,
      exclusiveMinimum: 0,
      maximum: 100,
    });
    expect(method.benchmarks.map(({ key }) => key)).toContain('letter-retrieval');
    expect(method.benchmarks.map(({ key }) => key)).not.toContain('letter-classification');
    expect(
      await ask(
        '{ method(key: "nothing") { key } benchmark(key: "nothing@9") { key } dataset(key: "x") { key } metric(key: "x") { key } paper(key: "x") { key } }',
      ),
    ).toEqual({
      method: null,
      benchmark: null,
      dataset: null,
      metric: null,
      paper: null,
    });
  });

  it('finds a benchmark by key and by version, its data by state', async () => {
    interface Found {
      readonly [alias: string]: {
        readonly id: string;
        readonly state: string;
        readonly stateMessage: string;
        readonly datasets: { state: string; howToGet: string }[];
      };
    }
    const shape =
      '{ id state stateMessage datasets { state howToGet sources { sha256 } } slots { slot ranked default { key } methods { key } } protocol space metrics { key outputs { key direction precision } } scoreKeys { key } }';
    const found = await ask<Found>(
      `{ newest: benchmark(key: "letter-retrieval") ${shape} first: benchmark(key: "letter-retrieval@1") ${shape} cub: benchmark(key: "cub50-thumb64-retrieval") ${shape} }`,
    );
    expect(found['newest']).toEqual(found['first']);
    expect(found['newest']).toMatchObject({ state: 'READY', datasets: [{ state: 'BUNDLED' }] });
    if (found['cub']!.datasets[0]!.state !== 'PRESENT')
      expect(found['cub']).toMatchObject({
        state: 'DATA_MISSING',
        stateMessage: expect.stringContaining('touchstone data'),
      });
  });

  it('is searched by words, names first', async () => {
    const { search } = await ask<{ search: { kind: string; key: string; href: string }[] }>(
      '{ search(query: "Multi-Similarity loss") { kind key title summary href } }',
    );
    expect(search[0]).toMatchObject({ kind: 'method', key: 'multi-similarity', href: '/methods/multi-similarity' });
    expect(await ask('{ search(query: "zzzz") { key } }')).toEqual({ search: [] });
  });

  it('pages its lists', async () => {
    const first = await ask<{
      methods: { nodes: { key: string }[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
    }>('{ methods(first: 2, slot: OBJECTIVE) { totalCount nodes { key } pageInfo { endCursor hasNextPage } } }');
    const { endCursor, hasNextPage } = first.methods.pageInfo;
    expect([first.methods.nodes.length, hasNextPage]).toEqual([2, true]);
    const second = await ask<typeof first>(
      `{ methods(first: 2, slot: OBJECTIVE, after: "${endCursor}") { totalCount nodes { key } pageInfo { endCursor hasNextPage } } }`,
    );
    expect(second.methods.nodes[0]!.key > first.methods.nodes[1]!.key).toBe(true);
    const { errors } = await server.query(`{ methods(slot: LAYER, after: "${endCursor}") { totalCount } }`);
    expect(errors![0]!.extensions['code']).toBe('BAD_CURSOR');
  });
});

describe('global ids', () => {
  it('lead back to every kind of object', async () => {
    const board = await ask<{
      benchmarks: { nodes: { id: string }[] };
      leaderboard: { nodes: { id: string; runs: { id: string }[] }[] };
      events: { nodes: { id: string }[] };
    }>(
      '{ benchmarks { nodes { id } } leaderboard(benchmark: "letter-retrieval") { nodes { id runs { id } } } events(first: 1) { nodes { id } } }',
    );
    const { viewer } = await ask<{ viewer: { id: string; tokens: { id: string }[] } }>(
      '{ viewer { id tokens { id } } }',
      server.ownerToken,
    );
    const ids = [
      encodeId('Method', 'triplet'),
      encodeId('Dataset', 'letter-recognition'),
      encodeId('Metric', 'accuracy'),
      encodeId('Paper', 'wang-2019'),
      board.benchmarks.nodes[0]!.id,
      board.leaderboard.nodes[0]!.id,
      board.leaderboard.nodes[0]!.runs[0]!.id,
      board.events.nodes[0]!.id,
      viewer.id,
      viewer.tokens[0]!.id,
    ];
    const { nodes } = await ask<{ nodes: { __typename: string; id: string }[] }>(
      `{ nodes(ids: ${JSON.stringify(ids)}) { __typename id } }`,
      server.ownerToken,
    );
    expect(nodes.map((node) => node.__typename)).toEqual([
      'Method',
      'Dataset',
      'Metric',
      'Paper',
      'Benchmark',
      'Entry',
      'Run',
      'Event',
      'Viewer',
      'ApiToken',
    ]);
    expect(nodes.map(({ id }) => id)).toEqual(ids);
    expect(
      (await server.query(`{ nodes(ids: ${JSON.stringify(Array(101).fill(ids[0]))}) { id } }`)).errors![0]!.extensions,
    ).toMatchObject({ code: 'BAD_INPUT', field: 'ids' });
  });
});

describe('shipped results', () => {
  it('fill a board at once, ranked within each division, above what is untrained', async () => {
    interface Row {
      readonly rank: number | null;
      readonly division: string;
      readonly reference: string | null;
      readonly shipped: boolean;
      readonly n: number;
      readonly interval: { readonly over: string } | null;
    }
    const { leaderboard, benchmark } = await ask<{
      leaderboard: { nodes: Row[] };
      benchmark: { headroom: number; resolution: number };
    }>(
      '{ leaderboard(benchmark: "letter-retrieval", first: 100) { nodes { rank division reference shipped n interval { over } } } benchmark(key: "letter-retrieval") { headroom resolution baseline { label } } }',
    );
    for (const division of ['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS']) {
      const rows = leaderboard.nodes.filter((row) => row.division === division);
      expect(rows.filter(({ reference }) => reference === 'BASELINE')).toHaveLength(1);
      expect(rows.at(-1)).toMatchObject({ reference: 'UNTRAINED', rank: null });
      const ranked = rows.slice(0, -1);
      expect(ranked.map(({ rank }) => rank)).toEqual(ranked.map((_, i) => i + 1));
      expect(ranked.every(({ n, shipped, interval }) => n === 5 && shipped && interval?.over === 'SEEDS')).toBe(true);
    }
    expect(benchmark.headroom).toBeGreaterThan(5 * benchmark.resolution);
  });

  it('costs the same number of statements for one list item and for many', async () => {
    const query = (
      n: number,
    ) => `{ benchmarks(first: ${n}) { nodes { key state stateMessage entryCount lastScoredAt headroom versions datasets { key state benchmarks { key } }
      baseline { label mean rank } untrained { mean } metrics { key benchmarks { key } } } }
      methods(first: ${n}) { nodes { key benchmarks { key } entries(first: 5) { label rank mean tieGroup benchmark { key } runs { seed } } } }
      events(first: ${n}) { nodes { message actor entry { label } run { seed } } } }`;
    await server.query(query(100));
    const [few, many] = [
      // Fewer rows may leave out a whole kind of object, and with it the statement that reads it.
      await countStatements(server.platform, () => server.query(query(12))),
      await countStatements(server.platform, () => server.query(query(30))),
    ];
    expect(many.result.errors).toBeUndefined();
    expect(many.statements).toBe(few.statements);
  });
});
