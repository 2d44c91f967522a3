import { expect, it } from 'vitest';
import { erf, sigmoid, softplus } from './special.js';

// Oracle: math.erf of CPython 3.
it.each([
  [0, 0],
  [1e-10, 1.1283791670955126e-10],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.9999, 0.9999778955735178],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [7, 1],
])('erf(%d) = %d', (x, value) => {
  expect(Math.abs(erf(x) - value)).toBeLessThanOrEqual(4e-16 * Math.max(value, 1e-300));
  expect(erf(-x)).toBe(-erf(x));
});

it('erf at infinity and NaN', () => {
  expect([erf(Infinity), erf(-Infinity), erf(NaN)]).toEqual([1, -1, NaN]);
});

it('sigmoid and softplus neither overflow nor vanish', () => {
  expect([sigmoid(-800), sigmoid(0), sigmoid(800)]).toEqual([0, 0.5, 1]);
  expect(sigmoid(-40) / Math.exp(-40)).toBeCloseTo(1, 14);
  expect([softplus(-800), softplus(800)]).toEqual([0, 800]);
  expect(softplus(-40) / Math.exp(-40)).toBeCloseTo(1, 14);
  expect(softplus(0)).toBeCloseTo(Math.log(2), 15);
});
