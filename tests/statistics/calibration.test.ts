/**
 * The promises of the statistics on simulated boards whose truth is known: equal methods are called different as rarely as said,
 * intervals cover the true score, rank intervals the true ranks. Draws are fixed, so the gates cannot fail by chance.
 */
import type { EntrySketch, OutcomeMatrix, PoissonWeights } from '@touchstone/eval/statistics';
import {
  entrySketch,
  normalCdf,
  poissonWeights,
  rankIntervals,
  sketchDifference,
  sketchEstimate,
  sketchMean,
  sketchMetric,
  twoWayDifference,
  twoWayInterval,
} from '@touchstone/eval/statistics';
import { describe, expect, it } from 'vitest';
import type { Population } from './simulate.js';
import { simulateBoard, totalDeviation, USUAL } from './simulate.js';

const MARGIN = 1.5;
/** Seeds matter much more here than on the small boards. */
const RESTLESS: Population = { ...USUAL, commonSeed: 0.15, ownSeed: 0.15 };

const rowOf = ({ values, units }: OutcomeMatrix, seed: number): Float64Array =>
  values.slice(seed * units, (seed + 1) * units) as Float64Array;

function sketchOf(matrix: OutcomeMatrix, weights: PoissonWeights): EntrySketch {
  const runs = Array.from(
    { length: matrix.seeds },
    (_, seed) => [seed, sketchMean(rowOf(matrix, seed), weights)] as const,
  );
  return entrySketch(new Map(runs));
}

describe('A/A: 500 pairs of equal methods', () => {
  it.each([
    ['five seeds', 5, USUAL],
    ['five restless seeds', 5, RESTLESS],
    ['one seed that does not matter', 1, { ...USUAL, commonSeed: 0, ownSeed: 0 }],
  ])('%s: called different in at most 6 of 100', (_, seeds, population) => {
    let different = 0;
    for (let draw = 0; draw < 500; draw++) {
      const [a, b] = simulateBoard([MARGIN, MARGIN], { seeds, units: 400, population }, draw);
      if (twoWayDifference(a!, b!).p! < 0.05) different++;
    }
    console.warn(`called different: ${(different / 5).toFixed(1)} %`);
    expect(different / 500).toBeLessThanOrEqual(0.06);
  });

  it('by sketches', () => {
    const weights = poissonWeights(250, 400);
    let different = 0;
    for (let draw = 0; draw < 500; draw++) {
      const [a, b] = simulateBoard([MARGIN, MARGIN], { seeds: 5, units: 250 }, draw);
      if (sketchDifference(sketchOf(a!, weights), sketchOf(b!, weights)).p! < 0.05) different++;
    }
    console.warn(`called different: ${(different / 5).toFixed(1)} %`);
    expect(different / 500).toBeLessThanOrEqual(0.06);
  });

  it('show why both must be covered: seeds left out call a third different', () => {
    let different = 0;
    for (let draw = 0; draw < 300; draw++) {
      const [a, b] = simulateBoard([MARGIN, MARGIN], { seeds: 1, units: 400, population: RESTLESS }, draw);
      if (twoWayDifference(a!, b!).p! < 0.05) different++;
    }
    expect(different / 300).toBeGreaterThan(0.25);
  });
});

describe('95 % intervals of simulated truths', () => {
  const covers = (interval: { low: number; high: number }, truth: number): number =>
    Number(interval.low <= truth && truth <= interval.high);

  it.each([
    ['usual', USUAL],
    ['restless', RESTLESS],
  ])('%s seeds: scores and differences in 93 to 98 of 100', (_, population) => {
    const [a, b] = [MARGIN, MARGIN + 0.15].map((margin) => normalCdf(margin / totalDeviation(population))) as [
      number,
      number,
    ];
    const boards = 1_000;
    let [scores, differences] = [0, 0];
    for (let draw = 0; draw < boards; draw++) {
      const [left, right] = simulateBoard([MARGIN, MARGIN + 0.15], { seeds: 5, units: 300, population }, draw);
      scores += covers(twoWayInterval(left!).interval!, a) / boards;
      differences += covers(twoWayDifference(left!, right!).interval!, a - b) / boards;
    }
    console.warn(`covered: scores ${(100 * scores).toFixed(1)} %, differences ${(100 * differences).toFixed(1)} %`);
    for (const rate of [scores, differences]) {
      expect(rate).toBeGreaterThanOrEqual(0.93);
      expect(rate).toBeLessThanOrEqual(0.98);
    }
  });

  it('cover a score that does not decompose: balanced accuracy by the bootstrap', () => {
    // A third of the examples are of the class whose margin is lower; the score is the mean of both classes' rates.
    const units = 300;
    const weights = poissonWeights(units, 300);
    const deviation = totalDeviation(USUAL);
    const truth = (normalCdf(MARGIN / deviation) + normalCdf((MARGIN - 1) / deviation)) / 2;
    const boards = 300;
    let covered = 0;
    for (let draw = 0; draw < boards; draw++) {
      const [high, low] = simulateBoard([MARGIN, MARGIN - 1], { seeds: 4, units }, draw);
      const runs = Array.from({ length: 4 }, (_, seed) => {
        const [easy, hard] = [rowOf(high!, seed), rowOf(low!, seed)];
        const score = (w: Uint8Array | null): number => {
          const [right, mass] = [
            [0, 0],
            [0, 0],
          ];
          for (let unit = 0; unit < units; unit++) {
            const group = unit % 3 === 0 ? 1 : 0;
            const weight = w?.[unit] ?? 1;
            right[group]! += weight * (group ? hard : easy)[unit]!;
            mass[group]! += weight;
          }
          return (right[0]! / mass[0]! + right[1]! / mass[1]!) / 2;
        };
        return [seed, sketchMetric(score, weights)] as const;
      });
      covered += covers(sketchEstimate(entrySketch(new Map(runs))).interval!, truth) / boards;
    }
    console.warn(`covered: ${(100 * covered).toFixed(1)} %`);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.98);
  });
});

describe('rank intervals', () => {
  it.each([
    ['one seed', 1, { ...USUAL, commonSeed: 0, ownSeed: 0 }],
    ['five seeds', 5, USUAL],
    ['five restless seeds', 5, RESTLESS],
  ])('%s: ten equal methods keep all ten ranks on 93 of 100 boards', (_, seeds, population) => {
    const units = 250;
    const weights = poissonWeights(units, 300);
    const boards = 200;
    let whole = 0;
    for (let draw = 0; draw < boards; draw++) {
      const entries = simulateBoard(new Array<number>(10).fill(MARGIN), { seeds, units, population }, draw);
      const { low, high } = rankIntervals(
        entries.map((matrix) => sketchOf(matrix, weights)),
        { direction: 'higher' },
      );
      if (low.every((rank) => rank === 1) && high.every((rank) => rank === 10)) whole++;
    }
    console.warn(`true ranks contained on ${((100 * whole) / boards).toFixed(1)} % of boards`);
    expect(whole / boards).toBeGreaterThanOrEqual(0.93);
  });

  it('contain the true ranks of unequal methods, and narrow down', () => {
    const [seeds, units, boards] = [3, 1_000, 100];
    const margins = [0, 0, 0.4, 0.8, 0.8, 0.8, 1.6, 3];
    const weights = poissonWeights(units, 300);
    let [whole, width] = [0, 0];
    for (let draw = 0; draw < boards; draw++) {
      const entries = simulateBoard(margins, { seeds, units }, draw);
      const { low, high } = rankIntervals(
        entries.map((matrix) => sketchOf(matrix, weights)),
        { direction: 'higher' },
      );
      // The true set of equal methods: from 1 + those truly better to all but those truly worse.
      const holds = margins.every(
        (margin, i) =>
          low[i]! <= 1 + margins.filter((other) => other > margin).length &&
          high[i]! >= margins.length - margins.filter((other) => other < margin).length,
      );
      if (holds) whole++;
      for (let i = 0; i < margins.length; i++) width += (high[i]! - low[i]!) / margins.length / boards;
    }
    console.warn(`true ranks contained on ${((100 * whole) / boards).toFixed(1)} % of boards`);
    expect(whole / boards).toBeGreaterThanOrEqual(0.93);
    expect(width).toBeLessThan(3);
  });
});
