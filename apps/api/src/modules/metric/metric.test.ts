import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements, startTestServer, type TestServer } from '../../testing.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await server.query<T>(query, {}, null);
  expect(errors).toBeUndefined();
  return data!;
}

describe('metrics', () => {
  it('are found by key, by the key of a training metric, and by score key in the sense of a benchmark', async () => {
    expect(
      await ask(`{
        own: metric(key: "recall_at_k") { key version }
        trained: metric(key: "recall-at-k") { key version }
        score: metric(key: "recall_at_1000") { key }
        gaussian: metric(key: "nll", benchmark: "uci-yacht") { key version }
        plain: metric(key: "nll", benchmark: "cifar10h") { key version }
        faces: metric(key: "accuracy", benchmark: "face-verification") { key }
        none: metric(key: "no_such_score", benchmark: "uci-yacht") { key }
      }`),
    ).toEqual({
      own: { key: 'recall_at_k', version: 1 },
      trained: { key: 'recall_at_k', version: 1 },
      score: { key: 'recall_at_k' },
      gaussian: { key: 'gaussian_nll', version: null },
      plain: { key: 'nll', version: 1 },
      faces: { key: 'verification_accuracy' },
      none: null,
    });
  });

  it('carry their whole page', async () => {
    const { metric } = await ask<{ metric: Record<string, unknown> }>(
      `{ metric(key: "kitti_ap") { title field summary description formula resampling ties edgeCases oracle disagreements protocols
        parity { path data figure } sources { title url } example { given working results { key value } }
        patterns { pattern meaning direction unit low high keys } outputs { key metricKey } benchmarks { key } } }`,
    );
    expect(metric).toMatchObject({
      field: 'object detection',
      oracle: 'KITTI object development kit (evaluate_object.cpp), 2017',
      protocols: ['kitti-object', 'kitti-tracking-frames-object'],
      patterns: [{ direction: 'HIGHER', unit: 'percent', low: 0, high: 100 }],
    });
    expect((metric['patterns'] as { keys: string[] }[])[0]!.keys).toHaveLength(54);
    expect(metric['benchmarks']).toContainEqual({ key: 'kitti-object' });
    for (const output of metric['outputs'] as { metricKey: string }[]) expect(output.metricKey).toBe('kitti_ap');
    expect((metric['example'] as { results: unknown[] }).results).toContainEqual({
      key: 'kitti_ap40_2d_car_easy',
      value: 3.75,
    });
  });

  it('are what the scores of a benchmark link to', async () => {
    const { benchmark, trained } = await ask<
      Record<
        'benchmark' | 'trained',
        { primary: { metricKey: string }; scoreKeys: { key: string; metricKey: string }[] }
      >
    >(`{ benchmark(key: "uci-yacht") { primary { metricKey } scoreKeys { key metricKey } }
         trained: benchmark(key: "letter-retrieval") { primary { metricKey } scoreKeys { key metricKey } } }`);
    expect(benchmark.primary.metricKey).toBe('rmse');
    expect(benchmark.scoreKeys).toContainEqual({ key: 'nll', metricKey: 'gaussian_nll' });
    expect(trained.scoreKeys).toContainEqual({ key: 'recall_at_4', metricKey: 'recall_at_k' });
  });

  it('are searched by words and score keys, and listed with their boards in few statements', async () => {
    const keys = async (search: string) =>
      (
        await ask<{ metrics: { nodes: { key: string }[] } }>(`{ metrics(search: "${search}") { nodes { key } } }`)
      ).metrics.nodes.map(({ key }) => key);
    expect(await keys('Hungarian')).toEqual(['clustering_accuracy']);
    expect(await keys('rank NDCG recommendation')).toEqual(['ndcg_at_k']);
    expect(await keys('nothing like this')).toEqual([]);
    const { errors } = await server.query(`{ metrics(search: "${'x'.repeat(201)}") { totalCount } }`, {}, null);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT', field: 'search' } });
    const { statements } = await countStatements(server.platform, () =>
      ask('{ metrics(first: 100) { totalCount nodes { key benchmarks { key } } } }'),
    );
    expect(statements).toBeLessThan(6);
  });
});
