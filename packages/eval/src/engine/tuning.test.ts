import { describe, expect, it } from 'vitest';
import { getBenchmark } from '../core/registry.js';
import { resolveVariant } from '../core/variant.js';
import type { Point } from './tuning.js';
import { componentsAt, tune, tuningPoints } from './tuning.js';

const { protocol } = getBenchmark('letter-retrieval');
const benchmark = getBenchmark('letter-retrieval');
const resolved = resolveVariant(benchmark, { method: 'multi-similarity', division: 'PLATFORM_TUNED' });
const { ranked, variant, variantHash } = resolved;

const tried = (score: (point: Point, index: number) => number | null) =>
  tune({
    protocol,
    benchmarkHash: 'b',
    variant,
    variantHash,
    direction: 'higher',
    tryPoint: async (point, index) => score(point, index),
  });

describe('tuningPoints', () => {
  it('starts at the defaults and stays in the space', () => {
    const points = tuningPoints(protocol, ranked);
    expect(points).toHaveLength(12);
    const { learningRate, weightDecay } = protocol.space;
    expect(points[0]).toEqual({ learningRate: learningRate.default, weightDecay: weightDecay.default, scale: 40 });
    for (const point of points) {
      expect(point.learningRate).toBeGreaterThanOrEqual(learningRate.low);
      expect(point.learningRate).toBeLessThanOrEqual(learningRate.high);
      expect(point.scale).toBeGreaterThanOrEqual(10);
      expect(point.scale).toBeLessThanOrEqual(100);
    }
  });

  it('gives every method the same rates and decays', () => {
    const rates = (method: string) =>
      tuningPoints(protocol, resolveVariant(benchmark, { method }).ranked).map((p) => [p.learningRate, p.weightDecay]);
    expect(rates('triplet')).toEqual(rates('multi-similarity'));
  });

  it('leaves a scale alone that the variant sets', () => {
    const own = resolveVariant(benchmark, {
      method: 'multi-similarity',
      params: { beta: 55 },
      division: 'PLATFORM_TUNED',
    });
    expect(tuningPoints(protocol, own.ranked).every((point) => point.scale === undefined)).toBe(true);
    expect(componentsAt(protocol, own.variant, { learningRate: 1, weightDecay: 1, scale: 3 })).toEqual(
      own.variant.components,
    );
  });
});

describe('tune', () => {
  it('takes the best, the earliest of equals, and passes over what gave no number', async () => {
    expect((await tried((_, i) => (i === 3 || i === 7 ? 0.9 : 0.1))).chosen).toBe(3);
    expect((await tried((_, i) => (i < 5 ? null : 0.5))).chosen).toBe(5);
    await expect(tried(() => null)).rejects.toMatchObject({ code: 'NON_FINITE' });
  });

  it('marks a choice at the edge', async () => {
    expect((await tried((_, i) => (i === 0 ? 1 : 0))).edge).toBe(false);
    const points = tuningPoints(protocol, ranked);
    const highest = points.reduce((best, point, i) => (point.learningRate > points[best]!.learningRate ? i : best), 0);
    const record = await tried((_, i) => (i === highest ? 1 : 0));
    expect(record.edge).toBe(points[highest]!.learningRate > 0.0794);
  });

  it('puts the chosen scale into the ranked component only', () => {
    const point = { learningRate: 0.01, weightDecay: 0, scale: 33 };
    const { objective, layer } = componentsAt(protocol, variant, point);
    expect(objective!.params).toEqual({ ...ranked.params, beta: 33 });
    expect(layer).toEqual(variant.components.layer);
  });
});
