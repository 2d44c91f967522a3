import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import { createTape } from '../../core/tape.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { entropyLoss, nearestInBuffer } from './formulas.js';

const shapes = fc.record({
  seed: fc.nat(1e6),
  count: fc.integer({ min: 1, max: 40 }),
  rows: fc.integer({ min: 1, max: 90 }),
  width: fc.integer({ min: 1, max: 24 }),
});

it('both forms agree, and neither moves the buffer', async () => {
  await expectEqualForms(shapes, ({ seed, count, rows, width }) => ({
    leaves: [randomLeaf(seed, 'codes', count, width), randomLeaf(seed, 'buffer', rows, width)],
    loss: (ops, [codes, buffer], form) => entropyLoss(ops, nearestInBuffer(ops, codes!, buffer!, form), 0.7),
  }));
});

it('hands a NaN on', () => {
  const tape = createTape();
  const codes = tape.tensor([NaN, 1, 0, 2], [2, 2]);
  for (const form of ['composed', 'fused'] as const)
    expect([...tape.values(entropyLoss(tape, nearestInBuffer(tape, codes, tape.fill([3, 2], 0), form), 1))]).toEqual([
      NaN,
    ]);
});

it('switches by the number of pairs', () => {
  const calls = (count: number, rows: number) =>
    pairwiseCalls([randomLeaf(1, 'codes', count, 2), randomLeaf(1, 'buffer', rows, 2)], (ops, [codes, buffer]) =>
      entropyLoss(ops, nearestInBuffer(ops, codes!, buffer!), 1),
    );
  expect([calls(1, FUSED_PAIRS - 1), calls(1, FUSED_PAIRS)]).toEqual([0, 1]);
});
