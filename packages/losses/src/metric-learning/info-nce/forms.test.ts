import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { clip, ntXent } from './formulas.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  examples: fc.integer({ min: 1, max: 40 }),
  // Unit vectors on a line are ±1: their gradients cancel, and float32 keeps no digit to compare.
  width: fc.integer({ min: 3, max: 24 }),
  temperature: fc.double({ min: 0.05, max: 2, noNaN: true }),
});

it.each([
  ['nt-xent', ntXent],
  ['clip', clip],
] as const)('%s: both forms agree, the learned temperature too', async (_, loss) => {
  await expectEqualForms(shapes, ({ seed, examples, width, temperature }) => ({
    leaves: [
      randomLeaf(seed, 'first', examples, width),
      randomLeaf(seed, 'second', examples, width),
      { values: [Math.fround(temperature)], shape: [] },
    ],
    loss: (ops, [first, second, tau], form) => loss(ops, first!, second!, tau!, form),
  }));
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('switches by the number of pairs', () => {
  const calls = (loss: typeof ntXent, examples: number) =>
    pairwiseCalls([randomLeaf(1, 'a', examples, 2), randomLeaf(1, 'b', examples, 2)], (ops, [a, b]) =>
      loss(ops, a!, b!, 0.5),
    );
  expect([calls(ntXent, 4), calls(ntXent, enough), calls(clip, 4), calls(clip, 2 * enough)]).toEqual([0, 1, 0, 1]);
});
