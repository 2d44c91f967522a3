import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PoissonWeights } from '../statistics/poisson-weights.js';
import { poissonWeights } from '../statistics/poisson-weights.js';
import { decodeSketch, sketchMean } from '../statistics/sketch.js';
import { getBenchmark, metricsOf } from './registry.js';
import { shippedReceipts } from './shipped.js';
import { decodeShippedOutcomes, encodeShippedOutcomes, shippedOutcomeFiles, shippedUnits } from './shipped-outcomes.js';

const digest = (n: number): string => n.toString(16).padStart(64, '0');

describe('files of outcomes', () => {
  it.each([
    ['bits', (i: number) => Number(i % 3 === 0)],
    ['numbers', (i: number) => Math.fround(Math.sin(i))],
    ['numbers with units that do not count', (i: number) => (i % 5 ? Math.fround(i / 7) : NaN)],
  ])('come back as they were: %s', (_name, value) => {
    const runs = Array.from({ length: 11 }, (_, run) => ({
      digest: digest(run),
      outcomes: Float64Array.from({ length: 30 }, (_, unit) => value(run * 31 + unit)),
      sketch: Uint8Array.of(run, 1, 2),
    }));
    expect(decodeShippedOutcomes(encodeShippedOutcomes({ key: 'score', runs }))).toEqual({ key: 'score', runs });
  });

  it('are refused when they are none', () => {
    const runs = [{ digest: digest(1), outcomes: Float64Array.of(0, 1), sketch: Uint8Array.of(1) }];
    const good = encodeShippedOutcomes({ key: 'score', runs });
    for (const bytes of [
      good.slice(0, 6),
      good.map((byte, i) => (i === 0 ? 0 : byte)),
      good.map((byte, i) => (i === 9 ? 0 : byte)),
    ])
      expect(() => decodeShippedOutcomes(bytes, 'file')).toThrow(expect.objectContaining({ code: 'FILE_MALFORMED' }));
  });
});

const receipts = new Map(shippedReceipts().map((receipt) => [receipt.digest, receipt]));
const files = shippedOutcomeFiles();
const names = [...new Set(files.map(({ benchmark }) => benchmark))];

describe('outcomes of the reference results', () => {
  it('are there for every receipt', () => {
    const shipped = files.flatMap(({ path }) => decodeShippedOutcomes(readFileSync(path)).runs);
    expect(new Set(shipped.map((run) => run.digest))).toEqual(new Set(receipts.keys()));
  });

  it.each(names)('%s: give the score of the receipt, and the sketch that is shipped with them', (name) => {
    const { protocol } = getBenchmark(name);
    const { groups } = shippedUnits(name)!;
    const metric = metricsOf(protocol).find(({ outputs }) => outputs.some(({ key }) => key === protocol.primary))!;
    const weights: PoissonWeights = poissonWeights(metric.resampling === 'query' ? groups! : groups!.length);
    for (const { path } of files.filter(({ benchmark }) => benchmark === name)) {
      const { key, runs } = decodeShippedOutcomes(readFileSync(path));
      expect(key).toBe(protocol.primary);
      for (const { digest: of, outcomes, sketch } of runs) {
        const score = receipts.get(of)!.scores[key]!;
        const [found, made] = [decodeSketch(sketch), sketchMean(outcomes, weights)];
        expect(found.score).toBe(score);
        expect(Math.abs(made.score - score)).toBeLessThanOrEqual(1e-8 * Math.abs(score));
        expect(found.units).toBe(made.units);
        // Rounded outcomes move a deviation by some 1e-10, which float32 may round to its neighbour.
        const apart = Array.from(found.deviations, (value, r) => Math.abs(value - made.deviations[r]!));
        expect(Math.max(...apart)).toBeLessThan(2e-8);
      }
    }
  });
});
