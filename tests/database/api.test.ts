/** The API's statements on PostgreSQL; its own tests run them on PGlite. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeId } from '../../apps/api/src/lib/ids.js';
import { finishRuns, startTestServer, type TestServer } from '../../apps/api/src/testing.js';
import { type Cluster, startCluster } from './postgres.js';

let cluster: Cluster | null;
let server: TestServer | undefined;

beforeAll(async () => {
  cluster = await startCluster();
  if (cluster) server = await startTestServer({ databaseUrl: cluster.createDatabase('api') });
}, 120_000);
afterAll(async () => {
  await server?.close();
  cluster?.remove();
});

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await server!.query<T>(query, {}, server!.ownerToken);
  expect(errors).toBeUndefined();
  return data!;
}

describe('the API on PostgreSQL', () => {
  it('submits, ranks, pages, cancels, reruns and withdraws', async ({ skip }) => {
    if (!server) return skip();
    const submit = async (margin: number) => {
      const { submitVariant } = await ask<{
        submitVariant: { submission: { id: string; entry: { id: string }; runs: { id: string }[] } };
      }>(
        `mutation { submitVariant(input: { benchmark: "letter-retrieval", method: "triplet", params: { margin: ${margin} }, idempotencyKey: "m${margin}" }) {
          submission { id entry { id } runs { id queuePosition waitingReason logs { line } seriesKeys } } userErrors { message } } }`,
      );
      return submitVariant.submission;
    };
    const [good, bad] = [await submit(0.31), await submit(0.32)];
    await finishRuns(server.platform, decodeId(good.entry.id).key, (seed) => ({ map_at_r: 0.9 + seed / 1000 }));
    const { cancelRun } = await ask<{ cancelRun: object }>(
      `mutation { cancelRun(input: { id: "${bad.runs[0]!.id}" }) { run { state } userErrors { code } } }`,
    );
    expect(cancelRun).toEqual({ run: { state: 'CANCELLED' }, userErrors: [] });

    const board = `leaderboard(benchmark: "letter-retrieval", division: OPEN, first: 1`;
    const rows =
      'totalCount nodes { rank mean rankInterval tieGroup attempts belowUntrained unrankedReason difference { mean n } summaries { mean } events { kind } cost { wallMs } } pageInfo { endCursor }';
    const { leaderboard } = await ask<{ leaderboard: { nodes: object[]; pageInfo: { endCursor: string } } }>(
      `{ ${board}) { ${rows} } }`,
    );
    expect(leaderboard.nodes).toMatchObject([{ rank: 1, rankInterval: [1, 1], tieGroup: 1, attempts: 2 }]);
    const second = await ask<{ leaderboard: { nodes: { rank: number | null }[] } }>(
      `{ ${board}, after: "${leaderboard.pageInfo.endCursor}") { ${rows} } }`,
    );
    expect(second.leaderboard.nodes[0]!.rank).toBeNull();

    await ask(`{ runs(orderBy: { field: FINISHED_AT, direction: DESC }, where: { mine: true }) { totalCount nodes { id scores { key } } pageInfo { endCursor } }
      queue { queued message next { seed } workers { name } } events { totalCount nodes { actor } } submissions(mine: true) { totalCount }
      benchmarks { nodes { state entryCount lastScoredAt headroom } } methods { nodes { entries { label } } }
      metricSeries(runs: ["${good.runs[0]!.id}"]) { key } estimate(input: { benchmark: "letter-retrieval" }) { valid secondsPerRun queuePosition } }`);
    const { rerunSubmission } = await ask<{ rerunSubmission: { submission: { runs: { generation: number }[] } } }>(
      `mutation { rerunSubmission(input: { id: "${good.id}" }) { submission { runs { generation } } userErrors { code } } }`,
    );
    expect(rerunSubmission.submission.runs[0]!.generation).toBe(2);
    const { withdrawSubmission } = await ask<{ withdrawSubmission: object }>(
      `mutation { withdrawSubmission(input: { id: "${bad.id}" }) { submission { state } userErrors { code } } }`,
    );
    expect(withdrawSubmission).toEqual({ submission: { state: 'CANCELLED' }, userErrors: [] });
  });

  it('answers SERVICE_UNAVAILABLE while PostgreSQL is away, and again when it is back', async ({ skip }) => {
    if (!server || !cluster) return skip();
    cluster.stop('immediate');
    const { status, errors } = await server.query('{ events { totalCount } }');
    expect([status, errors![0]!.extensions['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    cluster.start();
    await ask('{ events { totalCount } }');
  });
});
