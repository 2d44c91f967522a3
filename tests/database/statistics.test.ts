/** Intervals, rank intervals and differences on the way from a worker's report to GraphQL, against the library itself. */
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { schema } from '@touchstone/db';
import {
  decodeShippedOutcomes,
  getBenchmark,
  shippedOutcomeFiles,
  shippedReceipts,
  summarise,
} from '@touchstone/eval/meta';
import {
  decodeSketch,
  differenceByGroup,
  encodeSketch,
  entrySketch,
  outcomeMatrix,
  poissonWeights,
  rankIntervals,
  type RunSketch,
  sketchDifference,
  sketchEstimate,
  sketchMean,
  sketchScore,
  worstUnits,
} from '@touchstone/eval/statistics';
import { philox } from '@touchstone/losses/meta';
import { and, asc, eq, max, sql } from 'drizzle-orm';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimRun, type LastServed } from '../../apps/api/src/jobs/claim.js';
import { finishRun, type ResultReport } from '../../apps/api/src/jobs/finish.js';
import { syncShippedOutcomes } from '../../apps/api/src/jobs/shipped-outcomes.js';
import { rebuildSummaries } from '../../apps/api/src/jobs/summary.js';
import { encodeId, idOf } from '../../apps/api/src/lib/ids.js';
import { type Api, createApi } from '../../apps/api/src/server.js';
import { onBothEngines } from './engines.js';
import { addUser, addWorker, resultOf, resultWith, submit, type TestUser } from './installation.js';

const BENCHMARK = 'letter-retrieval';
const { seeds, primary } = getBenchmark(BENCHMARK).protocol;
const UNITS = 240;
const groups = Array.from({ length: UNITS }, (_, i) => 'NOPQRSTUVWXYZ'.charAt(i % 13));
const weights = poissonWeights(groups);
const random = philox(11, 'tests/api-statistics');
const shared = Float64Array.from({ length: UNITS }, () => random.normal());

/** Outcomes by seed around `level`, correlated between entries as those of one test set are. */
const outcomesAround = (level: number): Float64Array[] =>
  seeds.map(() => {
    const seed = 0.004 * random.normal();
    return shared.map((value) => level + seed + 0.05 * value + 0.02 * random.normal());
  });

const ENTRIES = {
  best: outcomesAround(0.4),
  close: outcomesAround(0.392),
  worst: outcomesAround(0.2),
} as const;
const stored = (values: Float64Array): RunSketch => decodeSketch(encodeSketch(sketchMean(values, weights)));
const sketchOf = (rows: readonly Float64Array[]) =>
  entrySketch(new Map(rows.map((row, i) => [seeds[i]!, stored(row)])));

interface Row {
  readonly id: string;
  readonly label: string;
  readonly rankLow: number | null;
  readonly rankHigh: number | null;
  readonly tieGroups: readonly number[];
  readonly comparedOver: string | null;
  readonly units: number | null;
  readonly interval: object | null;
}

onBothEngines('statistics', ({ get }) => {
  let api: Api;
  let url: string;
  let ann: TestUser;
  let worker: Awaited<ReturnType<typeof addWorker>>;
  const served: LastServed = new Map();
  const ids: Record<string, string> = {};

  const db = () => get().platform.db;
  const finish = async (make: (claimed: NonNullable<Awaited<ReturnType<typeof claimRun>>>) => ResultReport) => {
    const claimed = (await claimRun(db(), worker, served, 64))!;
    const fence = { workerId: worker.id, runId: claimed.run.id, attempt: claimed.run.attempt };
    return { run: claimed.run, answer: await finishRun(get().platform, fence, make(claimed)) };
  };

  async function ask<T>(query: string): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  const boardOf = async (division = 'OPEN', key: string = primary) =>
    (
      await ask<{
        leaderboard: {
          nodes: Row[];
          resolution: number;
          resolutionSource: string;
          tieGroups: { number: number; division: string; claim: string; entries: string[] }[];
        };
      }>(
        `{ leaderboard(benchmark: "${BENCHMARK}", division: ${division}, where: { ranked: true }, orderBy: { key: "${key}" }) { resolution resolutionSource
            tieGroups { number division claim entries }
            nodes { id label rankLow rankHigh tieGroups comparedOver units interval { low high over level } } } }`,
      )
    ).leaderboard;

  let margin = 0.4;
  async function addEntry(name: string, make: (claimed: Parameters<typeof resultOf>[0], seed: number) => ResultReport) {
    margin += 0.01;
    const { entry } = await submit(get(), ann.userId, BENCHMARK, { method: 'triplet', params: { margin } });
    ids[name] = encodeId('Entry', entry.id);
    for (const [i] of seeds.entries()) await finish((claimed) => make(claimed, i));
    return entry;
  }

  beforeAll(async () => {
    const { platform } = get();
    api = await createApi(platform);
    await new Promise<void>((resolve) => api.httpServer.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(api.httpServer.address() as AddressInfo).port}`;
    ann = await addUser(get(), 'ann');
    worker = await addWorker(get(), ann);
    for (const [name, rows] of Object.entries(ENTRIES))
      await addEntry(name, (claimed, seed) => resultWith(claimed, { values: rows[seed]!, groups, weights }));
  });
  afterAll(async () => api?.close());

  it('gives each entry the interval of the library, over seeds and classes of test units', async () => {
    const { nodes } = await boardOf();
    for (const [name, rows] of Object.entries(ENTRIES)) {
      const row = nodes.find(({ id }) => id === ids[name])!;
      const { interval } = sketchEstimate(sketchOf(rows));
      expect(row).toMatchObject({ units: 13, interval: { ...interval, over: 'BOTH' } });
    }
  });

  it('gives rank intervals, tie groups and resolution of the library', async () => {
    const { nodes, tieGroups, resolution, resolutionSource } = await boardOf();
    expect(nodes.map(({ id }) => id)).toEqual([ids['best'], ids['close'], ids['worst']]);
    const sketches = Object.values(ENTRIES).map(sketchOf);
    const exact = rankIntervals(sketches, { direction: 'higher' });
    expect(nodes.map(({ rankLow, rankHigh }) => [rankLow, rankHigh])).toEqual(
      nodes.map((_, i) => [exact.low[i], exact.high[i]]),
    );
    expect(exact.compare(0, 2)).toBe(1);
    expect(tieGroups).toEqual(
      exact.tieGroups.map((group, i) => ({
        number: i + 1,
        division: 'OPEN',
        claim: 'RERUN',
        entries: group.map((at) => nodes[at]!.id),
      })),
    );
    expect(nodes.map(({ comparedOver }) => comparedOver)).toEqual(['BOTH', 'BOTH', 'BOTH']);
    // Of the division with the most rows, here the tuned reference rows.
    expect(resolution).toBeGreaterThan(0);
    expect(resolutionSource).toBe('COMPUTED');
    const { benchmark } = await ask<{ benchmark: object }>(`{ benchmark(key: "${BENCHMARK}") { resolutionSource } }`);
    expect(benchmark).toEqual({ resolutionSource: 'COMPUTED' });
  });

  it('gives the paired difference with classes and worst examples of the library', async () => {
    const { difference: found } = await ask<{ difference: Record<string, unknown> & { byClass: object[] } }>(
      `{ difference(a: "${ids['close']}", b: "${ids['best']}") { mean low high p n units over separable seedsToDecide tooSmall examplesReason
          interval { low high over level } seeds { seed a b difference } byClass { group mean n interval { low high } }
          worstExamples(first: 4) { unit name group a b difference } } }`,
    );
    const exact = sketchDifference(sketchOf(ENTRIES.close), sketchOf(ENTRIES.best));
    const { low, high } = exact.interval!;
    expect(found).toMatchObject({
      mean: exact.mean,
      low,
      high,
      p: exact.p,
      n: 5,
      units: 13,
      over: 'BOTH',
      interval: { low, high, over: 'BOTH', level: 0.95 },
      examplesReason: null,
    });
    const [a, b] = [outcomeMatrix(ENTRIES.close), outcomeMatrix(ENTRIES.best)];
    const classes = differenceByGroup(
      a,
      b,
      groups.map((group) => group.charCodeAt(0)),
    );
    expect(found.byClass).toEqual(
      classes.map(({ group, difference }) => ({
        group: String.fromCharCode(group),
        mean: difference.mean,
        n: difference.units,
        interval: { low: difference.interval!.low, high: difference.interval!.high },
      })),
    );
    expect(found['worstExamples']).toEqual(
      worstUnits(a, b, 4).map((example) => ({ ...example, name: null, group: groups[example.unit] })),
    );
  });

  it('refuses sketches and units that do not fit the result', async () => {
    const { runs } = await submit(get(), ann.userId, BENCHMARK, { method: 'triplet', params: { margin: 0.6 } });
    const claimed = (await claimRun(db(), worker, served, 64))!;
    const fence = { workerId: worker.id, runId: claimed.run.id, attempt: claimed.run.attempt };
    const good = resultWith(claimed, { values: ENTRIES.best[0]!, groups, weights });
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const score = good.scores[primary]!;
    const units = (value: unknown) => deflateSync(JSON.stringify(value)).toString('base64');
    for (const [change, message] of [
      [{ sketches: { beauty: good.sketches[primary]! } }, /no score/],
      [
        { sketches: { [primary]: text(encodeSketch(sketchScore(score + 1e-16 + Number.EPSILON, 1_000))) } },
        /is of the score/,
      ],
      [{ sketches: { [primary]: text(encodeSketch(sketchScore(score, 40))) } }, /40 replicates/],
      [{ sketches: { [primary]: 'AAAA' } }, /sketches\.map_at_r/],
      [{ units: 'AAAA' }, /compressed JSON/],
      [{ units: units({ names: null, groups: groups.slice(1) }) }, /units\.groups is no list of 240/],
      [{ units: units({ names: [1], groups: null }) }, /units\.names/],
    ] as const)
      await expect(finishRun(get().platform, fence, { ...good, ...change })).rejects.toMatchObject({
        code: 'RESULT_INVALID',
        message: expect.stringMatching(message) as string,
      });
    await finishRun(get().platform, fence, good);
    const [run] = await db().select().from(schema.runs).where(eq(schema.runs.id, claimed.run.id));
    const kept = new TextDecoder().decode(await get().platform.blobs.get(run!.unitBlob!));
    expect(JSON.parse(kept)).toEqual({ names: null, groups });
    for (let i = 1; i < runs.length; i++) await finish((next) => resultOf(next, 0.01 * i));
  });

  it('tells equal entries not apart, and lets a row of which only scores are known bring its seeds alone', async () => {
    await addEntry('twin', (claimed, seed) => resultWith(claimed, { values: ENTRIES.worst[seed]!, groups, weights }));
    await addEntry('scores', (claimed, seed) => resultOf(claimed, 0.7 + 0.001 * seed));
    const { nodes } = await boardOf();
    const row = (name: string) => nodes.find(({ id }) => id === ids[name])!;
    expect(row('scores')).toMatchObject({ comparedOver: 'SEEDS', units: null, rankLow: 1, rankHigh: 1 });
    expect(row('scores').interval).toMatchObject({ over: 'SEEDS' });
    expect(row('best').comparedOver).toBe('BOTH');
    expect(row('twin').tieGroups).toEqual(row('worst').tieGroups);
    const { difference } = await ask<{ difference: object }>(
      `{ difference(a: "${ids['twin']}", b: "${ids['worst']}") { mean p separable seedsToDecide worstExamples { unit } byClass { mean } } }`,
    );
    expect(difference).toMatchObject({ mean: 0, p: 1, separable: false, seedsToDecide: null, worstExamples: [] });
    const mixed = await ask<{ difference: object }>(
      `{ difference(a: "${ids['scores']}", b: "${ids['best']}") { over units byClass { mean } worstExamples { unit } examplesReason } }`,
    );
    expect(mixed.difference).toMatchObject({ over: 'SEEDS', units: null });
    // What little outcomes it sent are of other units.
    expect(mixed.difference).toMatchObject({
      byClass: null,
      worstExamples: null,
      examplesReason: 'the two have outcomes of different numbers of test units',
    });
  });

  it('keeps the interval over seeds for other scores, and where one run has no sketch', async () => {
    const { nodes } = await boardOf('OPEN', 'recall_at_1');
    const row = nodes.find(({ id }) => id === ids['best'])!;
    const { interval } = summarise(ENTRIES.best.map((values) => stored(values).score));
    expect(row).toMatchObject({ units: null, comparedOver: 'SEEDS', interval: { low: interval!.low, over: 'SEEDS' } });
  });

  it('fills the reference rows once, and ranks a run made here among them', async () => {
    const before = await boardOf('PLATFORM_TUNED');
    expect(new Set(before.nodes.map(({ comparedOver }) => comparedOver))).toEqual(new Set(['SEEDS']));
    expect(await syncShippedOutcomes(get().platform)).toBe(shippedReceipts().length);
    expect(await syncShippedOutcomes(get().platform)).toBe(0);
    const after = await boardOf('PLATFORM_TUNED');
    expect(after.nodes.every((row) => row.comparedOver === 'BOTH' && row.units === 13)).toBe(true);

    const file = shippedOutcomeFiles().find(({ path }) =>
      path.endsWith('letter-retrieval@1/platform_tuned-triplet.outcomes'),
    )!;
    const { runs } = decodeShippedOutcomes(readFileSync(file.path));
    const triplet = shippedReceipts().filter(({ digest }) => runs.some((run) => run.digest === digest));
    const own = entrySketch(
      new Map(
        triplet.map(({ seed, digest }) => [seed, decodeSketch(runs.find((run) => run.digest === digest)!.sketch)]),
      ),
    );
    const row = after.nodes.find(({ label }) => label === 'triplet')!;
    expect(row.interval).toEqual(sketchEstimate(own).interval);

    // The same row run here, a generation later: its outcomes are of the same units, and slightly better.
    const [entry] = await db()
      .select({ id: schema.entries.id })
      .from(schema.entries)
      .innerJoin(schema.benchmarks, eq(schema.benchmarks.id, schema.entries.benchmarkId))
      .where(
        and(
          eq(schema.benchmarks.key, BENCHMARK),
          eq(schema.entries.division, 'PLATFORM_TUNED'),
          eq(schema.entries.methodKey, 'triplet'),
        ),
      );
    const { createRuns } = await import('../../apps/api/src/jobs/enqueue.js');
    await createRuns(db(), { entryId: entry!.id, seeds: [...seeds], userId: ann.userId, generation: 2 });
    const classes = JSON.parse(new TextDecoder().decode(await unitsOf(triplet[0]!.digest))) as { groups: string[] };
    const local = poissonWeights(classes.groups);
    const better = runs.map(({ outcomes }) => outcomes.map((value) => value + 0.1));
    for (const i of seeds.keys())
      await finish((claimed) => resultWith(claimed, { values: better[i]!, groups: classes.groups, weights: local }));
    const mixed = await boardOf('PLATFORM_TUNED');
    expect(mixed.nodes[0]).toMatchObject({ label: 'triplet', comparedOver: 'BOTH', units: 13 });
    const { difference } = await ask<{ difference: { byClass: { n: number }[] } }>(
      `{ difference(a: "${mixed.nodes[0]!.id}", b: "${mixed.nodes[1]!.id}") { over units examplesReason byClass { group n } } }`,
    );
    expect(difference).toMatchObject({ over: 'BOTH', units: 13, examplesReason: null });
    expect(difference.byClass.reduce((sum, { n }) => sum + n, 0)).toBe(10_060);
  });

  const unitsOf = async (digest: string) => {
    const [run] = await db().select().from(schema.runs).where(eq(schema.runs.receiptDigest, digest));
    return get().platform.blobs.get(run!.unitBlob!);
  };

  it('sees a change that was begun before another and committed after it', async () => {
    const lowOf = async (name: string) => (await boardOf()).nodes.find(({ id }) => id === ids[name])?.rankLow;
    expect(await lowOf('best')).toBe(2);
    const { entries } = schema;
    const [newest] = await db()
      .select({ at: max(entries.updatedAt) })
      .from(entries);
    const changed = await db()
      .update(entries)
      .set({ withdrawn: true, updatedAt: sql`${entries.updatedAt} + interval '1 millisecond'` })
      .where(eq(entries.id, idOf('Entry', ids['scores']!)))
      .returning({ at: entries.updatedAt });
    expect(changed[0]!.at.getTime()).toBeLessThan(newest!.at!.getTime());
    expect(await lowOf('best')).toBe(1);
  });

  it('is rebuilt to the same bits', async () => {
    const read = () =>
      db().select().from(schema.summaries).orderBy(asc(schema.summaries.entryId), asc(schema.summaries.scoreKey));
    const before = await read();
    expect(new Set(before.map(({ over }) => over))).toEqual(new Set(['SEEDS', 'BOTH']));
    await rebuildSummaries(db());
    expect(await read()).toEqual(before);
  });
});
