import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { mvDHEL, mvInfoNCE, pwe } from './formulas.js';

const shapes = fc.record({
  views: fc.integer({ min: 2, max: 5 }),
  instances: fc.integer({ min: 1, max: 20 }),
  width: fc.integer({ min: 3, max: 24 }),
  tau: fc.double({ min: 0.02, max: 2, noNaN: true }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

const side = Math.ceil(Math.sqrt(FUSED_PAIRS));

it.each([
  ['mvInfoNCE', mvInfoNCE, Math.ceil(side / 2), 1],
  ['mvDHEL', mvDHEL, side, 2],
  ['pwe', pwe, side, 3],
])('%s is the same fused and composed, and fused from its size on', async (_, form, instances, calls) => {
  await expectEqualForms(shapes, ({ views, instances, width, tau, seed }) => ({
    leaves: [randomLeaf(seed, 'views', views, instances, width)],
    loss: (ops, [x], which) => form(ops, x!, tau, which),
  }));
  const callsOf = (m: number) => pairwiseCalls([randomLeaf(1, 'views', 2, m, 3)], (ops, [x]) => form(ops, x!, 0.5));
  expect(callsOf(instances - 1)).toBe(0);
  expect(callsOf(instances)).toBe(calls);
});
