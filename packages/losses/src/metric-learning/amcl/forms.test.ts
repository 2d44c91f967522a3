import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import type { Form } from '../../core/class-softmax.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { createTape } from '../../core/tape.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { headLoss } from './heads.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  examples: fc.integer({ min: 1, max: 40 }),
  width: fc.integer({ min: 2, max: 24 }),
  keyWidth: fc.integer({ min: 1, max: 8 }),
  beta: fc.double({ min: 0, max: 1, noNaN: true }),
  lower: fc.double({ min: 0.1, max: 0.5, noNaN: true }),
});

const leavesOf = (seed: number, examples: number, width: number, keyWidth: number) => [
  randomLeaf(seed, 'first', examples, width),
  randomLeaf(seed, 'second', examples, width),
  randomLeaf(seed, 'keys', width, keyWidth),
];

/** One head whose keys are a linear function of the projection. */
const loss = (ops: Ops, [first, second, keys]: readonly Tensor[], beta: number, lower: number, form?: Form): Tensor =>
  headLoss(ops, first!, second!, (x) => ops.matMul(x, keys!), { beta, lower, upper: 2, dim: 16 }, form);

it('both forms agree, in the views and in the temperature net', async () => {
  await expectEqualForms(shapes, ({ seed, examples, width, keyWidth, beta, lower }) => ({
    leaves: leavesOf(seed, examples, width, keyWidth),
    loss: (ops, leaves, form) => loss(ops, leaves, beta, lower, form),
  }));
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('hands a NaN on', () => {
  const tape = createTape();
  const views = tape.tensor([NaN, 1, 0, 2, 1, 1], [3, 2]);
  const leaves = [views, views, tape.fill([2, 2], 1)];
  for (const form of ['composed', 'fused'] as const)
    expect([...tape.values(loss(tape, leaves, 0.1, 0.1, form))]).toEqual([NaN]);
});

it('switches by the number of pairs', () => {
  const calls = (examples: number) =>
    pairwiseCalls(leavesOf(1, examples, 3, 2), (ops, leaves) => loss(ops, leaves, 0.1, 0.1));
  expect([calls(4), calls(enough)]).toEqual([0, 1]);
});
