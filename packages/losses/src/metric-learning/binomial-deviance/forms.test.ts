import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { binomialDeviance } from './implement.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  rows: fc.integer({ min: 1, max: 60 }),
  width: fc.integer({ min: 3, max: 24 }),
  classes: fc.integer({ min: 1, max: 20 }),
  alpha: fc.double({ min: 0.1, max: 8, noNaN: true }),
  beta: fc.double({ min: -1, max: 1, noNaN: true }),
  cost: fc.double({ min: 0.2, max: 25, noNaN: true }),
});

it('binomial deviance: both forms agree', async () => {
  await expectEqualForms(shapes, ({ seed, rows, width, classes, ...params }) => {
    const labels = randomLabels(seed, rows, classes);
    return {
      leaves: [randomLeaf(seed, 'embeddings', rows, width)],
      loss: (ops, [embeddings], form) => binomialDeviance(ops, embeddings!, labels, params, form),
    };
  });
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('switches by the number of pairs', () => {
  const calls = (rows: number) =>
    pairwiseCalls([randomLeaf(1, 'embeddings', rows, 2)], (ops, [embeddings]) =>
      binomialDeviance(ops, embeddings!, randomLabels(1, rows, 3), definition.params.parse({})),
    );
  expect(calls(4)).toBe(0);
  expect(calls(2 * enough)).toBeGreaterThan(0);
});
