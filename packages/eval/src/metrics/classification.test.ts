import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricDefinition, MetricInputs } from '../core/types.js';
import { definition as accuracy } from './accuracy.js';
import { areaUnderRiskCoverage, definition as aurc, smallestArea } from './aurc.js';
import { definition as brier } from './brier.js';
import { binOf, definition as ece } from './ece.js';
import { definition as nll } from './negative-log-likelihood.js';
import { definition as topK } from './top-k.js';

const inputs = (rows: readonly (readonly number[])[], labels: readonly number[]): MetricInputs => ({
  probabilities: Float64Array.from(rows.flat()),
  labels: Int32Array.from(labels),
  n: rows.length,
  width: rows[0]?.length ?? 2,
});

const all: readonly MetricDefinition[] = [accuracy, aurc, brier, ece, nll, topK];

const rows = [
  [0.7, 0.2, 0.1],
  [0.1, 0.6, 0.3],
  [0.3, 0.3, 0.4],
  [0.5, 0.25, 0.25],
];
const labels = [0, 1, 0, 2];

describe('worked cases', () => {
  it('accuracy: two of four', () => {
    const result = accuracy.compute(inputs(rows, labels));
    expect(result.scores).toEqual({ accuracy: 0.5 });
    expect([...result.outcomes['accuracy']!]).toEqual([1, 1, 0, 0]);
  });

  it('accuracy: of equal classes the first', () => {
    expect(accuracy.compute(inputs([[0.5, 0.5]], [0])).scores['accuracy']).toBe(1);
    expect(accuracy.compute(inputs([[0.5, 0.5]], [1])).scores['accuracy']).toBe(0);
  });

  it('top-5: position decides, equal classes in order, five classes or fewer are all', () => {
    const six = [0.3, 0.14, 0.14, 0.14, 0.14, 0.14];
    expect([...topK.compute(inputs([six, six, six], [0, 4, 5])).outcomes['top_5_accuracy']!]).toEqual([1, 1, 0]);
    expect(topK.compute(inputs(rows, labels)).scores).toEqual({ top_5_accuracy: 1 });
  });

  it('negative log-likelihood: by hand and clamped', () => {
    const result = nll.compute(inputs(rows, labels));
    expect(result.scores['nll']).toBeCloseTo(-Math.log(0.7 * 0.6 * 0.3 * 0.25) / 4, 14);
    expect(nll.compute(inputs([[1, 0]], [1])).scores['nll']).toBeCloseTo(52 * Math.LN2, 12);
    expect(Object.is(nll.compute(inputs([[1, 0]], [0])).scores['nll'], 0)).toBe(true);
  });

  it('Brier: by hand, 0 when certain and right, 2 when certain and wrong', () => {
    expect([...brier.compute(inputs(rows, labels)).outcomes['brier']!]).toEqual(
      [0.14, 0.26, 0.74, 0.875].map((value) => expect.closeTo(value, 14)),
    );
    expect(brier.compute(inputs([[0, 1]], [1])).scores['brier']).toBe(0);
    expect(brier.compute(inputs([[0, 1]], [0])).scores['brier']).toBe(2);
  });

  it('ECE: by hand', () => {
    // Confidences .7, .6, .4, .5 in bins 10, 8, 5 (.4 = 6/15 closes it), 7; gaps .3, .4, .4, .5.
    expect(ece.compute(inputs(rows, labels)).scores['ece']).toBeCloseTo((0.3 + 0.4 + 0.4 + 0.5) / 4, 14);
    const same = [
      [0.9, 0.1],
      [0.9, 0.1],
    ];
    expect(ece.compute(inputs(same, [0, 1])).scores['ece']).toBeCloseTo(0.4, 14);
  });

  it('ECE: bins are right-closed at every edge', () => {
    for (let i = 1; i <= 15; i++) {
      expect(binOf(i / 15, 15)).toBe(i - 1);
      expect(binOf((i - 1) / 15 + 1e-9, 15)).toBe(i - 1);
    }
    expect(binOf(0, 15)).toBe(0);
  });

  it('AURC: by hand, with its excess', () => {
    // Descending confidence: right, wrong, right: risks 0, 1/2, 1/3.
    const result = aurc.compute(
      inputs(
        [
          [0.9, 0.1],
          [0.8, 0.2],
          [0.7, 0.3],
        ],
        [0, 1, 0],
      ),
    );
    expect(result.scores['aurc']).toBeCloseTo((1 / 2 + 1 / 3) / 3, 14);
    expect(result.scores['e_aurc']).toBeCloseTo((1 / 2 + 1 / 3) / 3 - 1 / 3 / 3, 14);
    expect(smallestArea(3, 1)).toBeCloseTo(1 / 9, 14);
  });

  it('AURC: all of one confidence is the error rate at every coverage', () => {
    expect(areaUnderRiskCoverage(new Float64Array(4).fill(0.5), Uint8Array.from([1, 0, 0, 0]))).toBeCloseTo(0.25, 14);
  });
});

describe('other tools', () => {
  it('agree on 40 items of 8 classes (scikit-learn 1.9.1, ECE with NumPy)', () => {
    const noise = (length: number, seed: number): number[] => {
      let state = seed;
      return Array.from({ length }, () => (state = (state * 16_807) % 2_147_483_647) % 256);
    };
    const weights = noise(320, 5);
    const normal = Array.from({ length: 40 }, (_, i) => {
      const row = weights.slice(i * 8, i * 8 + 8).map((value) => value + 1);
      return row.map((value) => value / row.reduce((a, b) => a + b));
    });
    const data = inputs(
      normal,
      noise(40, 9).map((value) => value % 8),
    );
    expect(accuracy.compute(data).scores['accuracy']).toBe(0.25);
    expect(topK.compute(data).scores['top_5_accuracy']).toBe(0.65);
    expect(nll.compute(data).scores['nll']).toBeCloseTo(2.2916349431854046, 13);
    expect(brier.compute(data).scores['brier']).toBeCloseTo(0.8891454663974347, 13);
    expect(ece.compute(data).scores['ece']).toBeCloseTo(0.09708669879924688, 13);
  });
});

describe('every metric on probabilities', () => {
  it.each(all)('$key: one class', (metric) => {
    const { scores } = metric.compute(inputs([[1], [1]], [0, 0]));
    for (const output of metric.outputs) expect(scores[output.key]).toBe(output.direction === 'higher' ? 1 : 0);
  });

  it.each(all)('$key refuses an empty input, NaN and a row that is no distribution', (metric) => {
    expect(() => metric.compute(inputs([], []))).toThrow(expect.objectContaining({ code: 'PARAM_RANGE' }));
    expect(() => metric.compute(inputs([[NaN, 1]], [0]))).toThrow(expect.objectContaining({ code: 'NON_FINITE' }));
    expect(() => metric.compute(inputs([[0.9, 0.9]], [0]))).toThrow(/probabilities\[0\]: found a row that sums to 1.8/);
    expect(() => metric.compute(inputs([[0.5, 0.5]], [2]))).toThrow(/labels\[0\]: found 2, expected 0 … 1/);
    expect(() => metric.compute({ labels: new Int32Array(1), n: 1, width: 2 })).toThrow(/probabilities: found nothing/);
  });

  it.each(all)('$key gives its outputs, in range, and outcomes whose mean is the score', (metric) => {
    const row = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 });
    const item = fc.tuple(
      row.filter((values) => values.some((value) => value > 0)),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 30 }), (items) => {
        const normal = items.map(([values]) => values.map((value) => value / values.reduce((a, b) => a + b)));
        const own = items.map(([, label]) => label);
        const result = metric.compute(inputs(normal, own));
        expect(Object.keys(result.scores).sort()).toEqual(metric.outputs.map((output) => output.key).sort());
        for (const { key, range } of metric.outputs) {
          expect(result.scores[key]).toBeGreaterThanOrEqual(range[0]);
          expect(result.scores[key]).toBeLessThanOrEqual(range[1]);
        }
        for (const [key, outcomes] of Object.entries(result.outcomes)) {
          expect(outcomes).toHaveLength(items.length);
          expect(outcomes.reduce((a, b) => a + b) / items.length).toBeCloseTo(result.scores[key]!, 12);
        }
        const reversed = metric.compute(inputs([...normal].reverse(), [...own].reverse()));
        for (const { key } of metric.outputs) expect(reversed.scores[key]).toBeCloseTo(result.scores[key]!, 12);
      }),
      { numRuns: 60 },
    );
  });
});

describe('slow loops', () => {
  it('AURC is the mean over all orders of tied items', () => {
    const permutations = (items: number[]): number[][] =>
      items.length < 2
        ? [items]
        : items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
    const item = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), (items) => {
        let [sum, count] = [0, 0];
        for (const order of permutations(items.map((_, i) => i))) {
          if (order.some((index, i) => i > 0 && items[order[i - 1]!]![0] < items[index]![0])) continue;
          let errors = 0;
          order.forEach((index, i) => (sum += (errors += items[index]![1]) / (i + 1) / items.length));
          count++;
        }
        const found = areaUnderRiskCoverage(
          Float64Array.from(items, ([confidence]) => confidence),
          Uint8Array.from(items, ([, error]) => error),
        );
        expect(found).toBeCloseTo(sum / count, 12);
      }),
      { numRuns: 60 },
    );
  });
});
