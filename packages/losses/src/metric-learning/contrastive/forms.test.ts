import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { contrastiveLoss } from './implement.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  rows: fc.integer({ min: 1, max: 60 }),
  // Rows that almost coincide, as many do on a circle, have distances of few digits in either form.
  width: fc.integer({ min: 4, max: 24 }),
  classes: fc.integer({ min: 1, max: 20 }),
  margin: fc.double({ min: 0.1, max: 2, noNaN: true }),
  balance: fc.constantFrom('pairs', 'kinds'),
});

it('contrastive: both forms agree', async () => {
  await expectEqualForms(shapes, ({ seed, rows, width, classes, ...params }) => {
    const labels = randomLabels(seed, rows, classes);
    return {
      leaves: [randomLeaf(seed, 'embeddings', rows, width)],
      loss: (ops, [embeddings], form) => contrastiveLoss(ops, embeddings!, labels, params, form),
    };
  });
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('switches by the number of pairs', () => {
  const calls = (rows: number) =>
    pairwiseCalls([randomLeaf(1, 'embeddings', rows, 2)], (ops, [embeddings]) =>
      contrastiveLoss(ops, embeddings!, randomLabels(1, rows, 3), definition.params.parse({})),
    );
  expect(calls(4)).toBe(0);
  expect(calls(2 * enough)).toBeGreaterThan(0);
});
