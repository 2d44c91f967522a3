import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { contrastBetweenViews } from './between-views.js';
import { definition } from './definition.js';

const defaults = definition.params.parse({});

it('InfoNCE between the views is the same fused and composed, and fused from its size on', async () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 3, max: 33 }),
    tau: fc.double({ min: 0.02, max: 3, noNaN: true }),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });
  await expectEqualForms(shapes, ({ rows, width, tau, seed }) => ({
    leaves: ['first', 'second'].map((name) => randomLeaf(seed, name, rows, width)),
    loss: (ops, [a, b], form) => contrastBetweenViews(ops, a!, b!, { ...defaults, tau }, form),
  }));
  const callsOf = (rows: number) =>
    pairwiseCalls([randomLeaf(1, 'a', rows, 3), randomLeaf(1, 'b', rows, 3)], (ops, [a, b]) =>
      contrastBetweenViews(ops, a!, b!, defaults),
    );
  const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
  expect([callsOf(side - 1), callsOf(side)]).toEqual([0, 1]);
});
