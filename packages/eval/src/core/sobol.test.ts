import { describe, expect, it } from 'vitest';
import { sobol } from './sobol.js';

describe('sobol', () => {
  it('puts one of sixteen points into every sixteenth of each axis and every cell of 4 × 4', () => {
    for (const seed of [1, 2, 3]) {
      const points = sobol(16, 3, seed);
      for (let d = 0; d < 3; d++) expect(new Set(points.map((point) => Math.floor(point[d]! * 16))).size).toBe(16);
      const cells = points.map(([a, b]) => `${Math.floor(a! * 4)} ${Math.floor(b! * 4)}`);
      expect(new Set(cells).size).toBe(16);
    }
  });

  it('is inside the open cube, the same for a seed, another for another', () => {
    const points = sobol(64, 3, 7);
    expect(points.flat().every((x) => x > 0 && x < 1)).toBe(true);
    expect(sobol(64, 3, 7)).toEqual(points);
    expect(sobol(64, 3, 8)).not.toEqual(points);
    expect(sobol(8, 3, 7)).toEqual(points.slice(0, 8));
  });

  it('refuses more dimensions than it has numbers for', () => {
    expect(() => sobol(4, 4, 0)).toThrow(RangeError);
  });
});
