import fc from 'fast-check';
import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { entrySketch, sketchDifference, sketchEstimate } from './entry-sketch.js';
import { outcomeMatrix } from './outcomes.js';
import { poissonWeights } from './poisson-weights.js';
import type { RunSketch } from './sketch.js';
import { decodeSketch, encodeSketch, productReplicates, sketchMean, sketchMetric, sketchScore } from './sketch.js';
import { twoWayDifference, twoWayInterval } from './two-way.js';

const units = 250;
const weights = poissonWeights(units);
const random = philox(3, 'tests/sketch');

/** Outcomes of seeds × units with effects of both. */
function outcomes(seeds: number): Float64Array[] {
  const unit = Float64Array.from({ length: units }, () => random.normal());
  return Array.from({ length: seeds }, () => {
    const own = 0.3 * random.normal();
    return unit.map((value) => value + own + 0.5 * random.normal());
  });
}

const sketches = (rows: readonly Float64Array[]): Map<number, RunSketch> =>
  new Map(rows.map((row, seed) => [seed, sketchMean(row, weights)]));

describe('run sketches', () => {
  it('hold the weighted means', () => {
    const [row] = outcomes(1);
    const { score, deviations } = sketchMean(row!, weights);
    expect(score).toBeCloseTo(row!.reduce((sum, value) => sum + value, 0) / units, 14);
    for (const r of [0, 1, 517, 999]) {
      const w = weights.values.subarray(r * units, (r + 1) * units);
      const mass = w.reduce((sum, value) => sum + value, 0);
      const mean = row!.reduce((sum, value, unit) => sum + value * w[unit]!, 0) / mass;
      expect(deviations[r]! + score).toBeCloseTo(mean, 7);
    }
  });

  it('of a metric are those of the mean, where the metric is the mean', () => {
    const [row] = outcomes(1);
    const mean = (w: Uint8Array | null): number => {
      let [sum, mass] = [0, 0];
      row!.forEach((value, unit) => {
        sum += value * (w?.[unit] ?? 1);
        mass += w?.[unit] ?? 1;
      });
      return sum / mass;
    };
    const [found, expected] = [sketchMetric(mean, weights), sketchMean(row!, weights)];
    found.deviations.forEach((value, r) => expect(value).toBeCloseTo(expected.deviations[r]!, 6));
    expect(found.units).toBe(units);
  });

  it('skip units that do not count', () => {
    const [row] = outcomes(1);
    const [kept, holes] = [row!.slice(0, 100), row!.slice()];
    holes.fill(NaN, 100);
    const found = sketchMean(holes, weights);
    const expected = sketchMean(kept, poissonWeights(100));
    expect(found.units).toBe(100);
    found.deviations.forEach((value, r) => expect(value).toBeCloseTo(expected.deviations[r]!, 6));
  });

  it('come back from bytes as they were', () => {
    const deviations = fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 40 });
    const score = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(score, deviations, fc.integer({ min: 1, max: 1e6 }), (value, array, count) => {
        const sketch = { score: value, deviations: array, units: count };
        expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
        const wide = { ...sketch, deviations: Float64Array.from(array, (x) => x / 3) };
        expect(decodeSketch(encodeSketch(wide, 'float64'))).toEqual(wide);
      }),
    );
    expect(encodeSketch(sketchScore(0.5, 1_000)).length).toBe(4_024);
  });

  it('refuse bytes that are none', () => {
    const good = encodeSketch({ score: 1, deviations: new Float32Array(3), units: 9 });
    const broken = (at: number, value: number): Uint8Array => good.map((byte, i) => (i === at ? value : byte));
    for (const bytes of [
      new Uint8Array(5),
      good.slice(0, -1),
      broken(0, 9),
      broken(12, 5),
      broken(4, 200),
      broken(8, 0),
    ])
      expect(() => decodeSketch(bytes)).toThrow(expect.objectContaining({ code: 'FILE_MALFORMED' }));
    expect(() => decodeSketch(broken(27, 0x7f).map((byte, i) => (i === 26 ? 0xc0 : byte)))).toThrow(/deviations\[0\]/);
  });

  it('refuse outcomes of another size, and infinities', () => {
    expect(() => sketchMean(new Float64Array(3), weights)).toThrow(/outcomes.length: found 3/);
    expect(() => sketchMean(new Float64Array(units).fill(NaN), weights)).toThrow(/outcomes: found 0/);
    expect(() => sketchMean(new Float64Array(units).fill(Infinity), weights)).toThrow(/outcomes\[0\]: found Infinity/);
    expect(() => sketchMetric(() => NaN, weights)).toThrow(/score: found NaN/);
  });
});

describe('entry sketches', () => {
  it('give the two-way interval, up to the noise of 1,000 replicates', () => {
    for (const seeds of [1, 2, 5]) {
      const [a, b] = [outcomes(seeds), outcomes(seeds)];
      const [left, right] = [entrySketch(sketches(a)), entrySketch(sketches(b))];
      const pairs = [
        [sketchEstimate(left), twoWayInterval(outcomeMatrix(a))],
        [sketchDifference(left, right), twoWayDifference(outcomeMatrix(a), outcomeMatrix(b))],
      ] as const;
      for (const [found, exact] of pairs) {
        expect(found.mean).toBeCloseTo(exact.mean, 12);
        expect(Math.abs(found.standardError! / exact.standardError! - 1)).toBeLessThan(0.1);
        expect(found.interval!.over).toBe(exact.interval!.over);
      }
    }
  });

  it('are paired: the difference of two sketches is the sketch of the difference', () => {
    const [a, b] = [outcomes(3), outcomes(3)];
    const difference = a.map((row, seed) => row.map((value, unit) => value - b[seed]![unit]!));
    const found = sketchDifference(entrySketch(sketches(a)), entrySketch(sketches(b)));
    const exact = sketchEstimate(entrySketch(sketches(difference)));
    expect(found.mean).toBeCloseTo(exact.mean, 12);
    expect(found.standardError).toBeCloseTo(exact.standardError!, 6);
    expect(found.degrees! / exact.degrees!).toBeCloseTo(1, 4);
  });

  it('of scores alone cover the seeds, of one run the examples', () => {
    const scores = new Map([0.5, 0.6, 0.7].map((score, seed) => [seed, sketchScore(score, 100)]));
    expect(sketchEstimate(entrySketch(scores)).interval!.over).toBe('SEEDS');
    expect(sketchEstimate(entrySketch(sketches(outcomes(1)))).interval!.over).toBe('EXAMPLES');
    expect(sketchEstimate(entrySketch(new Map([[0, sketchScore(1, 9)]]))).interval).toBeNull();
  });

  it('refuse to be compared over other seeds', () => {
    const [a, b] = [outcomes(2), outcomes(2)];
    const other = new Map([...sketches(b)].map(([seed, sketch]) => [seed + 1, sketch]));
    expect(() => sketchDifference(entrySketch(sketches(a)), entrySketch(other))).toThrow(/b.seeds: found 1, 2/);
    expect(() => entrySketch(new Map())).toThrow(/runs: found 0/);
  });

  it('give product weights that are paired and centred', () => {
    const rows = outcomes(4);
    const found = productReplicates(sketches(rows));
    const mean = sketchEstimate(entrySketch(sketches(rows))).mean;
    const average = found.reduce((sum, value) => sum + value, 0) / found.length;
    const spread = Math.sqrt(found.reduce((sum, value) => sum + (value - average) ** 2, 0) / (found.length - 1));
    expect(Math.abs(average - mean)).toBeLessThan(5 * (spread / Math.sqrt(found.length)));
    const shifted = productReplicates(sketches(rows.map((row) => row.map((value) => value + 2))));
    shifted.forEach((value, r) => expect(value).toBeCloseTo(found[r]! + 2, 5));
  });
});
