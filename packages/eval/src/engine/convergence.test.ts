import { describe, expect, it } from 'vitest';
import { convergence } from './convergence.js';
import { rateAt } from './schedule.js';

const losses = (steps: number, at: (step: number) => number): Float64Array =>
  Float64Array.from({ length: steps }, (_, i) => at(i));

describe('convergence', () => {
  it('sees a loss that falls by more than a hundredth an epoch', () => {
    expect(
      convergence(
        losses(500, (i) => 0.97 ** (i / 100)),
        100,
      ),
    ).toBe('NOT_CONVERGED');
    expect(
      convergence(
        losses(500, (i) => 0.995 ** (i / 100)),
        100,
      ),
    ).toBe('CONVERGED');
    expect(
      convergence(
        losses(500, () => 1),
        100,
      ),
    ).toBe('CONVERGED');
    expect(
      convergence(
        losses(500, (i) => i),
        100,
      ),
    ).toBe('CONVERGED');
  });

  it('scales what a short training shows to an epoch', () => {
    expect(
      convergence(
        losses(100, (i) => 1 - i * 2e-4),
        1000,
      ),
    ).toBe('NOT_CONVERGED');
    expect(
      convergence(
        losses(100, (i) => 1 - i * 2e-6),
        1000,
      ),
    ).toBe('CONVERGED');
    expect(
      convergence(
        losses(0, () => 1),
        10,
      ),
    ).toBe('CONVERGED');
  });
});

describe('rateAt', () => {
  it('falls along a half cosine from the full rate', () => {
    expect(rateAt('cosine', 0.1, 0, 100)).toBe(0.1);
    expect(rateAt('cosine', 0.1, 50, 100)).toBeCloseTo(0.05, 12);
    expect(rateAt('cosine', 0.1, 99, 100)).toBeLessThan(1e-4);
    expect(rateAt('constant', 0.1, 99, 100)).toBe(0.1);
  });
});
