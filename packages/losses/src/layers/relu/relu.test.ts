import { describe, expect, it } from 'vitest';
import { evaluate, expectClose, expectDifferentiable } from '../../../testing/method-checks.js';
import { implementation } from './implement.js';

const fn = implementation.functions['relu']!;

describe('ReLU', () => {
  it('keeps what is positive, with right gradients', async () => {
    const { outputs } = await expectDifferentiable(
      fn,
      {
        x: [
          [-3, 0.5],
          [2, -1e4],
        ],
      },
      {},
      ['x'],
    );
    expectClose(outputs['y']!, [0, 0.5, 2, 0], 0);
  });

  it('has derivative 0 at 0', () => {
    expect(evaluate(fn, { x: [0] }, {}, ['x']).gradients['x']).toEqual([0]);
  });
});
