import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { pairCounts } from '../../core/pairwise-formulas.js';
import { parseParams } from '../../core/params.js';
import { createTape } from '../../core/tape.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { implementation as arcface } from '../arcface/implement.js';
import { implementation as cosface } from '../cosface/implement.js';
import { definition } from './definition.js';
import { boxWhiskerFilter } from './filter.js';
import { implementation, unpg } from './implement.js';
import { fusedBatch, quartiles } from './kernel.js';

const functions = implementation.functions as Required<typeof implementation.functions>;
const embeddings = numbers(61, 7, 3) as number[][];
const weights = numbers(62, 4, 3) as number[][];
const labels = [1, 3, 0, 0, 2, 1, 1];
const inputs = { embeddings, weights, labels };
const defaults = definition.params.parse({});

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const cosine = (a: readonly number[], b: readonly number[]) => unit(a).reduce((sum, x, k) => sum + x * unit(b)[k]!, 0);

function negatives(rows: readonly number[][] = embeddings, truth: readonly number[] = labels): number[] {
  const found: number[] = [];
  rows.forEach((a, i) => rows.forEach((b, j) => i < j && truth[i] !== truth[j] && found.push(cosine(a, b))));
  return found;
}

function kept(similarities: readonly number[], whisker: number): number[] {
  const sorted = [...similarities].sort((a, b) => a - b);
  const [q1, q3] = [sorted[Math.floor(sorted.length / 4)]!, sorted[Math.floor((3 * sorted.length) / 4)]!];
  return similarities.filter((x) => x >= q1 - whisker * (q3 - q1) && x <= q3 + whisker * (q3 - q1));
}

function byLoops(params: typeof defaults): number {
  const { s, m, head, whisker, normLow, normHigh, marginLow, marginHigh, normWeight } = params;
  const extra = kept(negatives(), whisker).map((x) => s * x);
  let total = 0;
  embeddings.forEach((row, i) => {
    const length = Math.min(Math.max(Math.hypot(...row), normLow), normHigh);
    const own = marginLow + ((marginHigh - marginLow) / (normHigh - normLow)) * (length - normLow);
    const changed = (cos: number) => {
      if (head === 'cosface') return cos - m;
      return Math.cos(Math.acos(cos) + (head === 'arcface' ? m : own));
    };
    const logits = weights.map(
      (weight, c) => s * (c === labels[i] ? changed(cosine(row, weight)) : cosine(row, weight)),
    );
    total += Math.log([...logits, ...extra].reduce((sum, z) => sum + Math.exp(z - logits[labels[i]!]!), 0));
    if (head === 'magface') total += normWeight * (length / normHigh ** 2 + 1 / length);
  });
  return total / embeddings.length;
}

const given = { s: 20, whisker: 0.7 };
const norms = { normLow: 0.5, normHigh: 3, marginLow: 0.1, marginHigh: 0.6, normWeight: 2 };

describe('unified negative pair generation', () => {
  it.each([
    ['unpgCosFace', { ...given, m: 0.35 }, { head: 'cosface' as const }],
    ['unpgCosFace', { ...given, m: 0.35, whisker: 0 }, { head: 'cosface' as const }],
    ['unpgArcFace', { ...given, m: 0.5, whisker: 100 }, { head: 'arcface' as const }],
    ['unpgMagFace', { ...given, ...norms }, { head: 'magface' as const }],
  ])('equals the formula, with right gradients: %s %o', async (name, params, extra) => {
    const names = ['embeddings', 'weights'];
    const { loss } = await expectDifferentiable(functions[name]!, inputs, params, names, 5e-4);
    expectClose([loss], [byLoops({ ...defaults, ...params, ...extra })], 1e-12);
  });

  it('drops pairs where the whisker is short', () => {
    expect(kept(negatives(), 0.7).length).toBeLessThan(negatives().length);
    const values = [100, 0.3, 0.7].map(
      (whisker) => evaluate(functions['unpgCosFace']!, inputs, { s: 20, m: 0, whisker }).loss,
    );
    expect(values[0]).toBeGreaterThan(values[1]!);
  });

  it('is the plain head where no labels differ', () => {
    const alike = { ...inputs, labels: labels.map(() => 2) };
    const cos = evaluate(functions['unpgCosFace']!, alike, { s: 20, m: 0.3 });
    expectClose([cos.loss], [evaluate(cosface.functions['cosFace']!, alike, { s: 20, m: 0.3 }).loss], 1e-14);
    const arc = evaluate(functions['unpgArcFace']!, alike, { s: 20, m: 0.3 });
    expectClose([arc.loss], [evaluate(arcface.functions['arcFace']!, alike, { s: 20, m: 0.3 }).loss], 1e-14);
    const single = { embeddings: [[1, 2, 0]], weights, labels: [3] };
    expect(Number.isFinite(evaluate(functions['unpgCosFace']!, single).loss)).toBe(true);
  });

  it('is finite for zero vectors, equal similarities and a large scale', async () => {
    const rows = [
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
      [0, 0, 0],
    ];
    const edge = { embeddings: rows, weights, labels: [0, 1, 2, 3] };
    for (const name of ['unpgCosFace', 'unpgArcFace', 'unpgMagFace']) {
      const exact = evaluate(functions[name]!, edge, { s: 500 }, ['embeddings', 'weights']);
      expect(allFinite([exact.loss, ...Object.values(exact.gradients).flat()])).toBe(true);
      expectClose([(await evaluate32(functions[name]!, edge, { s: 500 })).loss], [exact.loss], 1e-4);
    }
  });

  it('refuses a norm range that is empty', () => {
    expect(() => evaluate(functions['unpgMagFace']!, inputs, { normLow: 5, normHigh: 5 })).toThrow(/normLow must be/);
    expect(() => parseParams(definition, { normLow: 200 })).toThrow(/normLow cannot be 200; allowed: .* < normHigh/);
  });
});

describe('the box-and-whisker filter', () => {
  it('keeps what lies between the whiskers, in its order', () => {
    const values = [0.1, -0.9, 0.2, 0.15, 0.95, 0.12, 0.18, 0.11];
    // Sorted: −0.9 .1 .11 .12 .15 .18 .2 .95; positions 2 and 6 are .11 and .2.
    expect(boxWhiskerFilter(values, 1)).toEqual([0.1, 0.11, 0.12, 0.15, 0.18, 0.2]);
    expect(boxWhiskerFilter(values, 0)).toEqual([0.11, 0.12, 0.15, 0.18, 0.2]);
    expect(boxWhiskerFilter(values, 100)).toEqual([...values].sort((a, b) => a - b));
    expect(evaluate(functions['boxWhiskerFilter']!, { similarities: values }, { whisker: 1 }).outputs['value']).toEqual(
      boxWhiskerFilter(values, 1),
    );
  });

  it('keeps nothing of nothing, a single value and equal values', () => {
    expect(boxWhiskerFilter([], 1)).toEqual([]);
    expect(boxWhiskerFilter([0.3], 0)).toEqual([0.3]);
    expect(boxWhiskerFilter([0.3, 0.3, 0.3], 0)).toEqual([0.3, 0.3, 0.3]);
    expect(() => boxWhiskerFilter([0.1, Number.NaN], 1)).toThrow(/similarities must be finite/);
  });
});

describe('UNPG without the matrix of similarities', () => {
  const shapes = {
    seed: fc.nat(),
    rows: fc.integer({ min: 1, max: 24 }),
    classes: fc.integer({ min: 1, max: 12 }),
    width: fc.integer({ min: 2, max: 9 }),
  };

  it('finds the quartiles by counting', () => {
    fc.assert(
      fc.property(fc.record({ ...shapes, coarse: fc.boolean() }), ({ seed, rows, classes, width, coarse }) => {
        const { values, shape } = randomLeaf(seed, 'rows', rows, width);
        const truth = randomLabels(seed, rows, classes);
        const count = pairCounts(truth).negatives / 2;
        if (count === 0) return;
        const tape = createTape();
        // Coarse coordinates bring many equal similarities.
        const x = tape.l2Normalise(tape.tensor(coarse ? Array.from(values, Math.round) : values, shape));
        const products = tape.values(tape.matMul(x, x, { transposeB: true }));
        const all = [...products].filter((_, at) => {
          const [i, j] = [Math.floor(at / rows), at % rows];
          return i < j && truth[i] !== truth[j];
        });
        expect(count).toBe(all.length);
        const sorted = all.sort((a, b) => a - b);
        const found = quartiles(tape, x, truth, count).map((q) => tape.values(q)[0]!);
        const wanted = [0.25, 0.75].map((p) => sorted[Math.floor(p * count)]!);
        expectClose(found, wanted, 1e-12);
      }),
      { numRuns: 100 },
    );
  });

  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      ...shapes,
      head: fc.constantFrom('cosface' as const, 'arcface' as const, 'magface' as const),
      s: fc.double({ min: 1, max: 64, noNaN: true }),
      m: fc.double({ min: 0, max: 1, noNaN: true }),
      whisker: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    await expectEqualForms(
      cases,
      ({ seed, rows, classes, width, ...params }) => ({
        leaves: [randomLeaf(seed, 'embeddings', rows, width), randomLeaf(seed, 'weights', classes, width)],
        loss: (ops, [x, w], form) =>
          unpg(ops, x!, w!, randomLabels(seed, rows, classes), { ...defaults, ...norms, ...params }, form),
      }),
      { runs: 40 },
    );
  });

  it('takes that form from 64 times the size of other losses on', () => {
    const side = Math.ceil(8 * Math.sqrt(FUSED_PAIRS));
    expect(fusedBatch(side - 1)).toBe('composed');
    expect(fusedBatch(side)).toBe('fused');
    const rows = Math.ceil(Math.sqrt(FUSED_PAIRS));
    const calls = (form?: 'fused') =>
      pairwiseCalls([randomLeaf(1, 'x', rows, 2), randomLeaf(1, 'w', 3, 2)], (ops, [x, w]) =>
        unpg(ops, x!, w!, randomLabels(1, rows, 3), defaults, form),
      );
    expect(calls()).toBe(0);
    // Classes, eight rounds of counting, two steps onto the elements, the kept pairs.
    expect(calls('fused')).toBe(12);
  });

  it.each(['cosface', 'arcface', 'magface'] as const)('trains with %s: its loss falls on the backend', async (head) => {
    const losses = await lossesOfSteps(implementation, { ...defaults, ...norms, s: 16, head });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
