import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { mwLoss } from './formulas.js';

it('the Mann–Whitney loss is the same fused and composed, and fused from its size on', async () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 16 }),
    further: fc.integer({ min: 0, max: 5 }),
    tau: fc.double({ min: 0.03, max: 3, noNaN: true }),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });
  await expectEqualForms(shapes, ({ rows, further, tau, seed }) => ({
    leaves: [randomLeaf(seed, 'scores', rows, rows + further)],
    loss: (ops, [scores], form) => mwLoss(ops, scores!, tau, form),
  }));
  // B positives meet B(B−1) negatives.
  const enough = Math.ceil(Math.cbrt(FUSED_PAIRS)) + 1;
  const callsOf = (rows: number) =>
    pairwiseCalls([randomLeaf(1, 'scores', rows, rows)], (ops, [x]) => mwLoss(ops, x!, 1));
  expect(callsOf(enough - 2)).toBe(0);
  expect(callsOf(enough)).toBe(1);
});
