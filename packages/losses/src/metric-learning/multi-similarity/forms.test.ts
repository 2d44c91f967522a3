import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { multiSimilarity } from './implement.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  rows: fc.integer({ min: 1, max: 60 }),
  width: fc.integer({ min: 3, max: 24 }),
  classes: fc.integer({ min: 1, max: 20 }),
  alpha: fc.double({ min: 0.5, max: 10, noNaN: true }),
  beta: fc.double({ min: 1, max: 60, noNaN: true }),
  lambda: fc.double({ min: -1, max: 1, noNaN: true }),
  margin: fc.double({ min: 0, max: 2, noNaN: true }),
  selfEps: fc.constant(1e-5),
});

type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

/** Whether mining is clear: no similarity so near a limit that rounding to float32 decides it. */
function isClear({ seed, rows, width, classes, margin }: Shape): boolean {
  const { values } = randomLeaf(seed, 'embeddings', rows, width);
  const labels = randomLabels(seed, rows, classes);
  const unit = Array.from({ length: rows }, (_, i) => {
    const row = Array.from(values).slice(i * width, (i + 1) * width);
    return row.map((x) => x / Math.hypot(...row));
  });
  return unit.every((anchor, i) => {
    const others = unit.flatMap((row, j) => (j === i ? [] : [{ s: dot(anchor, row), same: labels[i] === labels[j] }]));
    const of = (same: boolean) => others.flatMap((other) => (other.same === same ? [other.s] : []));
    const positives = of(true).filter((s) => s < 1 - 1e-5);
    const limits = [Math.max(...of(false)) + margin, Math.min(...positives) - margin, 1 - 1e-5];
    return others.every(({ s }) => limits.every((limit) => Math.abs(s - limit) > 1e-6));
  });
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

it('multi-similarity: both forms agree', async () => {
  await expectEqualForms(shapes.filter(isClear), ({ seed, rows, width, classes, ...params }) => {
    const labels = randomLabels(seed, rows, classes);
    return {
      leaves: [randomLeaf(seed, 'embeddings', rows, width)],
      loss: (ops, [embeddings], form) => multiSimilarity(ops, embeddings!, labels, params, form),
    };
  });
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('switches by the number of pairs', () => {
  const calls = (rows: number) =>
    pairwiseCalls([randomLeaf(1, 'embeddings', rows, 2)], (ops, [embeddings]) =>
      multiSimilarity(ops, embeddings!, randomLabels(1, rows, 3), definition.params.parse({})),
    );
  expect(calls(4)).toBe(0);
  expect(calls(2 * enough)).toBeGreaterThan(0);
});
