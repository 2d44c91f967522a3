/** Boards far larger than a laboratory makes: the time of a page, and that a page costs the same wherever it lies. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../apps/api/src/lib/sql.js';
import { countStatements, startTestServer, type TestServer } from '../../apps/api/src/testing.js';

const ENTRIES = 2_000;
const FIELDS = `cursor node { rank mean deviation n interval { low high over } method { key title } label division params edge
  belowUntrained attempts unrankedReason difference { mean low high p n tooSmall } summaries { scoreKey mean n } cost { wallMs } updatedAt }`;

interface Board {
  readonly leaderboard: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly rank: number | null } }[];
    readonly pageInfo: { readonly endCursor: string };
  };
}

let server: TestServer;

/** Entries whose five runs have succeeded, made by the database itself. */
beforeAll(async () => {
  server = await startTestServer({ bare: true });
  const { db } = server.platform;
  const [benchmark] = await rowsOf<{ id: string }>(db, sql`select id from benchmarks where key = 'letter-retrieval'`);
  await db.execute(sql`
    insert into entries (id, benchmark_id, claim, division, variant, variant_hash, method_key, params, label, complete, created_at, updated_at)
    select gen_random_uuid(), ${benchmark!.id}, 'RERUN', 'OPEN', '{}', md5(i::text), 'triplet', '{}', 'variant ' || i, true, now(), now()
    from generate_series(1, ${ENTRIES}) i`);
  await db.execute(sql`
    insert into runs (id, entry_id, seed, state, attempt, created_at, finished_at, wall_ms)
    select gen_random_uuid(), e.id, s, 'SUCCEEDED', 1, now(), now(), 1000 from entries e, generate_series(0, 4) s`);
  await db.execute(
    sql`insert into scores (run_id, key, value) select id, 'map_at_r', (abs(hashtext(entry_id::text)) % 1000) / 1000.0 + seed / 10000.0 from runs`,
  );
  await db.execute(sql`
    insert into summaries (entry_id, score_key, n, mean, quantised, deviation, low, high)
    select r.entry_id, 'map_at_r', 5, avg(s.value), round(avg(s.value)::numeric, 4), 0.001, avg(s.value) - 0.001, avg(s.value) + 0.001
    from runs r join scores s on s.run_id = r.id group by r.entry_id`);
}, 120_000);
afterAll(() => server?.close());

const page = (after: string | null) =>
  server.query<Board>(
    `query ($after: String) { leaderboard(benchmark: "letter-retrieval", first: 100, after: $after) { totalCount edges { ${FIELDS} } pageInfo { endCursor } } }`,
    { after },
  );

describe(`a board of ${ENTRIES} rows`, () => {
  it('gives a page of 100 within a second, in order, at a constant number of statements', async () => {
    const first = await countStatements(server.platform, () => page(null));
    expect(first.result.errors).toBeUndefined();
    const { endCursor } = first.result.data!.leaderboard.pageInfo;
    const started = performance.now();
    const second = await countStatements(server.platform, () => page(endCursor));
    expect(performance.now() - started).toBeLessThan(1000);
    expect(second.statements).toBeLessThanOrEqual(first.statements);
    const ranks = [...first.result.data!.leaderboard.edges, ...second.result.data!.leaderboard.edges].map(
      ({ node }) => node.rank!,
    );
    expect(ranks).toHaveLength(200);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(first.result.data!.leaderboard.totalCount).toBe(ENTRIES);
  });

  it('stores a grid of 200 variants in one transaction', async () => {
    const values = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i / 10);
    const started = performance.now();
    const { data, errors } = await server.query<{ submitVariants: { submissions: { id: string }[] } }>(
      'mutation ($grid: JSONObject!) { submitVariants(input: { benchmark: "letter-retrieval", method: "multi-similarity", grid: $grid }) { submissions { id } userErrors { message } } }',
      { grid: { alpha: values(1, 20), beta: values(20, 10) } },
      server.ownerToken,
    );
    expect(errors).toBeUndefined();
    expect(data!.submitVariants.submissions).toHaveLength(200);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
