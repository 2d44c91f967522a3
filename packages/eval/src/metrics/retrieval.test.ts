import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricInputs } from '../core/types.js';
import { definition as mapAtR } from './map-at-r.js';
import { definition as recallAtK } from './recall-at-k.js';
import { neighbours } from './shared/neighbours.js';
import { selectLargest } from './shared/select.js';

const inputs = (rows: readonly (readonly number[])[], labels: readonly number[]): MetricInputs => ({
  embeddings: Float32Array.from(rows.flat()),
  labels: Int32Array.from(labels),
  n: rows.length,
  width: rows[0]?.length ?? 1,
});

const scores = (data: MetricInputs): Record<string, number> => ({
  ...mapAtR.compute(data).scores,
  ...recallAtK.compute(data).scores,
});

const at = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

/** The definitions word by word, with a full sort; no code shared with the metrics. */
function slow(rows: readonly (readonly number[])[], labels: readonly number[]): Record<string, number> {
  const unit = rows.map((row) => {
    const values = row.map(Math.fround);
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return values.map((value) => (norm > 0 ? value * (1 / norm) : 0));
  });
  const total: Record<string, number> = { map_at_r: 0, r_precision: 0 };
  for (const k of [1, 2, 4, 8]) total[`recall_at_${k}`] = 0;
  let queries = 0;
  rows.forEach((_, q) => {
    const order = rows
      .map((__, j) => ({
        j,
        s: Math.fround(unit[q]!.reduce((sum, value, k) => sum + value * unit[j]![k]!, 0)),
      }))
      .filter(({ j }) => j !== q)
      .sort((a, b) => b.s - a.s || a.j - b.j);
    const relevant = order.map(({ j }) => labels[j] === labels[q]);
    const r = relevant.filter(Boolean).length;
    if (r === 0) return;
    queries++;
    const precision = (i: number): number => relevant.slice(0, i).filter(Boolean).length / i;
    for (let i = 1; i <= r; i++) if (relevant[i - 1]) total['map_at_r']! += precision(i) / r;
    total['r_precision']! += precision(r);
    for (const k of [1, 2, 4, 8]) if (relevant.slice(0, k).some(Boolean)) total[`recall_at_${k}`]! += 1;
  });
  return Object.fromEntries(Object.entries(total).map(([key, value]) => [key, value / queries]));
}

describe('worked cases', () => {
  it('a query with R = 3 that finds ranks 1 and 3: MAP@R (1 + 2/3)/3, R-precision 2/3', () => {
    const data = inputs([at(0), at(1), at(2), at(3), at(90)], [0, 0, 1, 0, 0]);
    expect(neighbours(data).averagePrecision[0]).toBeCloseTo((1 + 2 / 3) / 3, 14);
    expect(neighbours(data).rPrecision[0]).toBeCloseTo(2 / 3, 14);
    // Item 2 is alone in its class: no query.
    expect(neighbours(data).queries).toBe(4);
    expect(mapAtR.compute(data).outcomes['map_at_r']![2]).toBeNaN();
    expect(recallAtK.compute(data).outcomes['recall_at_1']![2]).toBeNaN();
  });

  it('Recall@K looks as far as K and no further', () => {
    const data = inputs([at(0), at(1), at(2), at(3), at(50)], [0, 1, 1, 1, 0]);
    const { outcomes } = recallAtK.compute(data);
    expect([1, 2, 4, 8].map((k) => outcomes[`recall_at_${k}`]![0])).toEqual([0, 0, 1, 1]);
  });

  it('ties stand in ascending order of the item', () => {
    const same = [1, 2];
    // Query 1: items 0, 2, 3 are all at similarity 1; R = 1, so only item 0 counts.
    expect(neighbours(inputs([same, same, same, same], [0, 1, 1, 0])).averagePrecision[1]).toBe(0);
    expect(neighbours(inputs([same, same, same, same], [1, 1, 0, 0])).averagePrecision[1]).toBe(1);
  });

  it('similarities that agree to float32 are ties, whatever the length of the vectors', () => {
    const data = inputs([[3, 4], [30, 40], [0.3, 0.4], [6, 8]], [0, 1, 0, 1]); // prettier-ignore
    expect([...neighbours(data).averagePrecision]).toEqual([0, 0, 1, 0]);
  });

  it('a single class is perfect, opposite vectors order last, zero vectors stand between', () => {
    expect(scores(inputs([at(0), at(40), at(80)], [7, 7, 7]))).toEqual({
      map_at_r: 1,
      r_precision: 1,
      recall_at_1: 1,
      recall_at_2: 1,
      recall_at_4: 1,
      recall_at_8: 1,
    });
    const data = inputs([[1, 0], [-1, 0], [0, 0]], [0, 1, 0]); // prettier-ignore
    expect(neighbours(data).firstHit[0]).toBe(1);
  });

  it('leaves the query out', () => {
    expect(scores(inputs([at(0), at(90), at(1), at(91)], [0, 0, 1, 1]))['recall_at_1']).toBe(0);
  });
});

describe('refusals', () => {
  it.each([mapAtR, recallAtK])('$key', (metric) => {
    expect(() => metric.compute(inputs([], []))).toThrow(/n: found 0/);
    expect(() => metric.compute(inputs([[1], [NaN]], [0, 0]))).toThrow(
      expect.objectContaining({ code: 'NON_FINITE', message: expect.stringContaining('embeddings[1, 0] is NaN') }),
    );
    expect(() => metric.compute(inputs([[1], [Infinity]], [0, 0]))).toThrow(/embeddings\[1, 0\] is Infinity/);
    expect(() => metric.compute(inputs([[1], [2]], [0, 1]))).toThrow(/no class with two items/);
    expect(() => metric.compute({ labels: new Int32Array(2), n: 2, width: 1 })).toThrow(/embeddings: found nothing/);
    expect(() => metric.compute({ ...inputs([[1], [2]], [0, 0]), n: 3 })).toThrow(/embeddings: found 2 values/);
  });
});

describe('against the slow loops', () => {
  it('agrees on small grids full of ties and zero rows', () => {
    const row = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 });
    const item = fc.tuple(row, fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(item, { minLength: 4, maxLength: 40 }), (items) => {
        const rows = items.map(([values]) => values);
        const labels = items.map(([, label]) => label);
        const expected = slow(rows, labels);
        const found = scores(inputs(rows, labels));
        for (const key of Object.keys(expected)) expect(found[key]).toBeCloseTo(expected[key]!, 12);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees across block borders', () => {
    const value = fc.float({ min: -1, max: 1, noNaN: true });
    const size = fc.integer({ min: 30, max: 70 });
    const data = size.chain((n) =>
      fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { minLength: n, maxLength: n }),
    );
    fc.assert(
      fc.property(data, (rows) => {
        const labels = rows.map((_, i) => i % 3);
        const expected = slow(rows, labels);
        const found = scores(inputs(rows, labels));
        for (const key of Object.keys(expected)) expect(found[key]).toBeCloseTo(expected[key]!, 12);
      }),
      { numRuns: 40 },
    );
  });

  it('selects the k largest', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 200 }), fc.nat(), (values, pick) => {
        const k = 1 + (pick % values.length);
        const array = Float64Array.from(values);
        selectLargest(array, values.length, k);
        expect([...array.subarray(0, k)].sort((a, b) => a - b)).toEqual(
          values
            .sort((a, b) => b - a)
            .slice(0, k)
            .reverse(),
        );
      }),
    );
  });
});

describe('sharing the pass', () => {
  it('remembers the same array and notices when it is overwritten', () => {
    const data = inputs([at(0), at(1), at(90), at(91)], [0, 0, 1, 1]);
    const first = neighbours(data);
    expect(neighbours({ ...data })).toBe(first);
    data.embeddings!.set(at(180), 2);
    expect(neighbours(data)).not.toBe(first);
    expect(neighbours(data).averagePrecision[0]).toBe(0);
  });
});

describe('size', () => {
  it('handles 4,000 × 64 in seconds without an n × n matrix', () => {
    const n = 4_000;
    let state = 1;
    const embeddings = Float32Array.from({ length: n * 64 }, () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2 ** 30 - 1;
    });
    const before = process.memoryUsage().arrayBuffers;
    const labels = Int32Array.from({ length: n }, (_, i) => i % 10);
    const { scores: found } = mapAtR.compute({ embeddings, labels, n, width: 64 });
    // Chance: about Σ over i of .1·.1 / R with R = 399 relevant of 3,999.
    expect(found['r_precision']).toBeCloseTo(0.1, 2);
    // n × n float32 would be 64 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
  });
});
