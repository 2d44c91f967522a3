import { describe, expect, it } from 'vitest';
import { evaluate, expectClose, expectDifferentiable } from '../../../testing/method-checks.js';
import { implementation } from './implement.js';

const fn = implementation.functions['gelu']!;
const x = [-4, -1.5, -0.3, 0, 0.2, 1, 3.5];

/** The normal distribution function by the series of the density's integral, term by term. */
function normalCdf(at: number): number {
  let term = at;
  let sum = at;
  for (let n = 1; n < 200; n++) {
    term *= (at * at) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-at * at) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('GELU', () => {
  it('is x Φ(x), with right gradients', async () => {
    const { outputs } = await expectDifferentiable(fn, { x }, {}, ['x']);
    expectClose(
      outputs['y']!,
      x.map((value) => value * normalCdf(value)),
      1e-12,
    );
  });

  it('has derivative Φ(x) + x φ(x)', () => {
    const { gradients } = evaluate(fn, { x }, {}, ['x']);
    expectClose(
      gradients['x']!,
      x.map((value) => normalCdf(value) + (value * Math.exp((-value * value) / 2)) / Math.sqrt(2 * Math.PI)),
      1e-12,
    );
  });

  it('is the identity far right and 0 far left', () => {
    const { outputs, gradients } = evaluate(fn, { x: [1e4, -1e4] }, {}, ['x']);
    expect(outputs['y']!.map(Math.abs)).toEqual([1e4, 0]);
    expectClose(gradients['x']!, [1, 0], 0);
  });
});
