import {
  boardResolution,
  encodeSketch,
  type EntrySketch,
  entrySketch,
  poissonWeights,
  rankIntervals,
  type RunSketch,
  sketchDifference,
  sketchMean,
} from '@touchstone/eval/statistics';
import { pairedDifference } from '@touchstone/eval/meta';
import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { boardResults } from './boards.js';
import type { BoardEntry, BoardsPart } from './messages.js';

const UNITS = 120;
const weights = poissonWeights(UNITS);
const random = philox(21, 'tests/boards');
const shared = Float64Array.from({ length: UNITS }, () => random.normal());

interface Made {
  readonly entry: BoardEntry;
  readonly part: BoardsPart;
  readonly runs: ReadonlyMap<number, RunSketch>;
}

/** An entry of outcomes around `level`; without `sketched` only its scores are known. */
function made(
  id: string,
  level: number,
  seeds: readonly number[],
  options: { sketched?: boolean; group?: string } = {},
): Made {
  const runs = new Map(
    seeds.map((seed) => {
      const own = 0.02 * random.normal();
      return [
        seed,
        sketchMean(
          shared.map((value) => level + own + 0.1 * value + 0.05 * random.normal()),
          weights,
        ),
      ] as const;
    }),
  );
  const { sketched = true, group = 'OPEN RERUN' } = options;
  return {
    entry: {
      id,
      board: 0,
      group,
      ranked: true,
      baselines: [],
      runs: [...runs].map(([seed, { score }]) => ({ run: `${id} ${seed}`, seed, score })),
    },
    part: sketched
      ? [...runs].map(([seed, sketch]) => ({ board: 0, run: `${id} ${seed}`, sketch: encodeSketch(sketch, 'float64') }))
      : [],
    runs,
  };
}

function resultOf(
  list: readonly Made[],
  seeds: readonly number[],
  change: (entry: BoardEntry) => BoardEntry = (e) => e,
) {
  const head = {
    kind: 'boards' as const,
    boards: [{ direction: 'higher' as const, seeds }],
    entries: list.map(({ entry }) => change(entry)),
  };
  return boardResults(
    head,
    list.map(({ part }) => part),
  )[0]!;
}

const whole = ({ runs }: Made): EntrySketch => entrySketch(runs);

describe('a board', () => {
  const seeds = [0, 1, 2];

  it('has the rank intervals and the resolution of the library', () => {
    const list = [0.7, 0.69, 0.55, 0.3, 0.29].map((level, i) => made(`e${i}`, level, seeds));
    const exact = rankIntervals(list.map(whole), { direction: 'higher' });
    const { standings, groups, resolution } = resultOf(list, seeds);
    list.forEach(({ entry }, i) => {
      const own = exact.tieGroups.flatMap((group, number) => (group.includes(i) ? [number + 1] : []));
      expect(standings.get(entry.id)).toEqual({ low: exact.low[i], high: exact.high[i], groups: own, over: 'BOTH' });
    });
    exact.tieGroups.forEach((group, number) =>
      expect(groups.get(`OPEN RERUN ${number + 1}`)).toEqual(group.map((i) => list[i]!.entry.id)),
    );
    expect(groups.size).toBe(exact.tieGroups.length);
    expect(exact.low[4]).toBeGreaterThan(3);
    expect(resolution).toBe(boardResolution(list.map(whole)));
  });

  it('ranks each division and claim by itself', () => {
    const list = [made('a', 0.9, seeds), made('b', 0.1, seeds, { group: 'OPEN SUBMITTED' })];
    const { standings } = resultOf(list, seeds);
    for (const id of ['a', 'b']) expect(standings.get(id)).toMatchObject({ low: 1, high: 1, groups: [1] });
  });

  it('compares one run with another over its examples alone', () => {
    const list = [made('a', 0.9, [0]), made('b', 0.1, [0])];
    const { standings } = resultOf(list, [0]);
    expect(standings.get('a')).toEqual({ low: 1, high: 1, groups: [1], over: 'EXAMPLES' });
    expect(standings.get('b')).toEqual({ low: 2, high: 2, groups: [2], over: 'EXAMPLES' });
  });

  it('says nothing of a single run of which only the score is known, and widens what others may be', () => {
    const list = [
      made('a', 0.9, [0]),
      made('b', 0.1, [0]),
      made('c', 0.5, [0], { sketched: false }),
      made('d', 0.4, [0], { sketched: false }),
    ];
    const { standings } = resultOf(list, [0]);
    for (const id of ['c', 'd']) expect(standings.get(id)).toEqual({ low: null, high: null, groups: [], over: null });
    expect(standings.get('a')).toMatchObject({ low: 1, high: 3, groups: [1] });
    expect(standings.get('b')).toMatchObject({ low: 2, high: 4, groups: [2] });
  });

  it('lets rows without outcomes bring the variance of their seeds, and flags them', () => {
    const list = [made('a', 0.9, seeds), made('b', 0.88, seeds), made('c', 0.1, seeds, { sketched: false })];
    const { standings } = resultOf(list, seeds);
    expect([...standings.values()].map(({ over }) => over)).toEqual(['BOTH', 'BOTH', 'SEEDS']);
    expect(standings.get('c')).toMatchObject({ low: 3, high: 3 });
    // The other two are compared exactly as they would be without it, up to the size of the family.
    const exact = rankIntervals([whole(list[0]!), whole(list[1]!)], { direction: 'higher' });
    expect(exact.compare(0, 1)).toBe(0);
    expect(standings.get('a')!.groups).toEqual(standings.get('b')!.groups);
  });

  it('leaves a row out whose seeds are not all there', () => {
    const list = [made('a', 0.9, seeds), made('b', 0.1, seeds), made('c', 0.5, [0, 1])];
    expect(resultOf(list, seeds).standings.get('c')).toMatchObject({ low: null, groups: [], over: null });
  });

  it('gives differences over the seeds in common, by sketches where all have one', () => {
    const list = [made('a', 0.5, seeds), made('b', 0.4, [1, 2]), made('c', 0.3, seeds, { sketched: false })];
    const { differences } = resultOf(list, seeds, (entry) => ({ ...entry, baselines: ['b', 'c', entry.id] }));
    const of = ({ runs }: Made) => entrySketch(new Map([...runs].filter(([seed]) => seed > 0)));
    expect(differences.get('a b')).toEqual(sketchDifference(of(list[0]!), of(list[1]!)));
    expect(differences.get('a b')!.interval!.over).toBe('BOTH');
    const scores = ({ entry }: Made) => new Map(entry.runs.map(({ seed, score }) => [seed, score]));
    const plain = pairedDifference(scores(list[0]!), scores(list[2]!))!;
    const found = differences.get('a c')!;
    expect(found.interval).toMatchObject({ over: 'SEEDS' });
    expect(found.interval!.low).toBeCloseTo(plain.low!, 12);
    expect(found.p).toBeCloseTo(plain.p!, 12);
    expect(differences.has('b b')).toBe(false);
  });
});
