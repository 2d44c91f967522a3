/** A board of a thousand rows with sketches: answered soon, and meanwhile the server does other things. */
import { schema } from '@touchstone/db';
import { encodeSketch, poissonWeights, sketchMean } from '@touchstone/eval/statistics';
import { philox } from '@touchstone/losses/meta';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../apps/api/src/testing.js';

const ENTRIES = 1_000;
const UNITS = 200;
const BENCHMARK = 'kitti-object';
const KEY = 'kitti_ap40_3d_car_moderate';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ bare: true });
  const { db } = server.platform;
  const [benchmark] = await db.select().from(schema.benchmarks).where(eq(schema.benchmarks.key, BENCHMARK));
  const primary = (benchmark!.protocol as { primary: string }).primary;
  expect(primary).toBe(KEY);
  await db.execute(sql`
    insert into entries (id, benchmark_id, claim, division, variant, variant_hash, params, label, complete, created_at, updated_at)
    select gen_random_uuid(), ${benchmark!.id}, 'SUBMITTED', 'OPEN', '{}', md5(i::text), '{}', 'predictions ' || i, true, now(), now()
    from generate_series(1, ${ENTRIES}) i`);
  await db.execute(sql`
    insert into runs (id, entry_id, seed, state, attempt, created_at, finished_at)
    select gen_random_uuid(), id, 0, 'SUCCEEDED', 1, now(), now() from entries`);
  const runs = await db
    .select({ id: schema.runs.id, entry: schema.runs.entryId })
    .from(schema.runs)
    .orderBy(schema.runs.id);
  const random = philox(31, 'tests/load');
  const weights = poissonWeights(UNITS);
  const shared = Float64Array.from({ length: UNITS }, () => random.normal());
  for (let from = 0; from < runs.length; from += 100) {
    const made = runs.slice(from, from + 100).map(({ id, entry }, i) => {
      const level = 40 + (from + i) / 50;
      const sketch = sketchMean(
        shared.map((value) => level + 5 * value + random.normal()),
        weights,
      );
      return { id, entry, sketch };
    });
    await db.insert(schema.scores).values(made.map(({ id, sketch }) => ({ runId: id, key: KEY, value: sketch.score })));
    await db
      .insert(schema.sketches)
      .values(made.map(({ id, sketch }) => ({ runId: id, key: KEY, units: UNITS, sketch: encodeSketch(sketch) })));
    await db.insert(schema.summaries).values(
      made.map(({ entry, sketch: { score } }) => ({
        entryId: entry,
        scoreKey: KEY,
        n: 1,
        mean: score,
        quantised: score,
      })),
    );
  }
}, 120_000);
afterAll(() => server?.close());

it(`gives rank intervals of ${ENTRIES} rows while timers go on`, async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const started = performance.now();
  const { data, errors } = await server.query<{
    leaderboard: {
      resolution: number;
      nodes: { rank: number; rankLow: number; rankHigh: number; tieGroups: number[]; comparedOver: string }[];
    };
  }>(
    `{ leaderboard(benchmark: "${BENCHMARK}", first: 100) { resolution nodes { rank rankLow rankHigh tieGroups comparedOver } } }`,
  );
  const elapsed = performance.now() - started;
  clearInterval(timer);
  expect(errors).toBeUndefined();
  const { nodes, resolution } = data!.leaderboard;
  expect(nodes).toHaveLength(100);
  for (const { rank, rankLow, rankHigh, tieGroups, comparedOver } of nodes) {
    expect(rankLow).toBeLessThanOrEqual(rank);
    expect(rankHigh).toBeGreaterThanOrEqual(rank);
    expect(tieGroups.length).toBeGreaterThan(0);
    expect(comparedOver).toBe('EXAMPLES');
  }
  expect(nodes[0]!.rankHigh).toBeLessThan(ENTRIES / 2);
  expect(resolution).toBeGreaterThan(0);
  // A loop that is held up would have had a handful of turns.
  expect(ticks).toBeGreaterThan(elapsed / 10 / 10);
  expect(elapsed).toBeLessThan(20_000);
  console.log(`${ENTRIES} rows: ${Math.round(elapsed)} ms, ${ticks} ticks of 10 ms`);
});
