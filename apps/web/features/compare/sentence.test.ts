import { describe, expect, it } from 'vitest';
import { boardOf, type Compared, coverageOf, seedsText, verdictOf } from './sentence';

const d = (change: Partial<Compared> = {}): Compared => ({
  mean: 0.012,
  p: 0.003,
  n: 5,
  units: 100,
  interval: { low: 0.004, high: 0.02, over: 'BOTH', level: 0.95 },
  separable: null,
  ...change,
});
const names = { a: 'A', b: 'B', precision: 1e-3, direction: 'HIGHER' } as const;
const interval = (low: number, high: number) => ({ low, high, over: 'EXAMPLES', level: 0.95 }) as const;

describe('a difference in words', () => {
  it('names the better one and turns the ends round for the other', () => {
    expect(verdictOf(d(), names)).toBe('A is better by 0.012, 95 % interval 0.004 to 0.020; p = 0.003.');
    expect(verdictOf(d(), { ...names, direction: 'LOWER' })).toMatch(/^B is better by 0\.012, .* 0\.004 to 0\.020/);
    const worse = d({ mean: -0.012, interval: interval(-0.02, -0.004), p: 1e-5 });
    expect(verdictOf(worse, names)).toBe('B is better by 0.012, 95 % interval 0.004 to 0.020; p < 0.001.');
  });

  it('says when zero is inside, and when nothing is known', () => {
    expect(verdictOf(d({ mean: 0.002, interval: interval(-0.004, 0.008), p: 0.53 }), names)).toBe(
      'Not separable: the difference is +0.002, 95 % interval −0.004 to +0.008, which takes in zero; p = 0.530.',
    );
    expect(verdictOf(d({ interval: null, p: null }), names)).toBe(
      'A scores better by 0.012; nothing says how sure that is.',
    );
  });

  it('says what is covered and why nothing is', () => {
    expect(coverageOf(d())).toBe('chance over seeds and test examples, paired: 5 seeds, 100 test units');
    expect(coverageOf(d({ n: 1, interval: interval(0, 1) }))).toBe('chance over test examples, paired: 100 test units');
    expect(coverageOf(d({ n: 1, units: null, interval: null }))).toMatch(/^no interval: 1 seed in common/);
  });

  it('sets the pair beside all pairs of the board', () => {
    expect(boardOf(d())).toBeNull();
    expect(boardOf(d({ separable: true }))).toMatch(/^tells them apart/);
    expect(boardOf(d({ separable: false }))).toMatch(/no surprise$/);
    expect(boardOf(d({ separable: false, p: 0.4 }))).toBe('does not tell them apart');
  });

  it('gives the reason where no number of seeds can be named', () => {
    expect(seedsText(9, d())).toMatch(/^9 would find/);
    expect(seedsText(null, d({ n: 1 }))).toMatch(/one seed/);
    expect(seedsText(null, d({ mean: 0 }))).toMatch(/no difference/);
    expect(seedsText(null, d())).toMatch(/^no number of seeds/);
  });
});
