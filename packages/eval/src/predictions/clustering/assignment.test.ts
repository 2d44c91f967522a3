import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from './assignment.js';

interface Case {
  readonly kind: 'real' | 'tied' | 'whole' | 'outer';
  readonly rows: number;
  readonly columns: number;
  readonly optimum: number;
}
// By tools/assignment-fixtures.py, whose hash and matrices these are.
const { cases } = JSON.parse(readFileSync(new URL('./assignment-scipy.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};

const hashed = (seed: number, size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => {
    let h = (Math.imul(i + 1, 2654435761) + seed * 40503) >>> 0;
    for (const [shift, factor] of [
      [16, 2246822519],
      [13, 3266489917],
      [16, 1],
    ] as const)
      h = Math.imul(h ^ (h >>> shift), factor) >>> 0;
    return h;
  });

function matrix({ kind, rows, columns }: Case): Float64Array {
  if (kind === 'outer') {
    const [left, right] = [hashed(1, rows), hashed(2, columns)];
    return Float64Array.from(
      { length: rows * columns },
      (_, at) => (left[Math.floor(at / columns)]! * right[at % columns]!) / 2 ** 64,
    );
  }
  const values = hashed(3, rows * columns);
  if (kind === 'real') return values.map((h) => h / 2 ** 32);
  return values.map((h) => (kind === 'tied' ? h % 10 : (h % 1000) - 500));
}

const transposed = (values: Float64Array, rows: number, columns: number): Float64Array =>
  values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);

const total = (values: Float64Array, columns: number, assigned: Int32Array): number =>
  assigned.reduce((sum, j, i) => (j < 0 ? sum : sum + values[i * columns + j]!), 0);

describe('bestAssignment against SciPy', () => {
  it.each(cases)('$kind, $rows × $columns', (each) => {
    const { rows, columns, optimum } = each;
    const values = matrix(each);
    const assigned = bestAssignment(values, rows, columns);
    const used = [...assigned].filter((j) => j >= 0);
    expect(new Set(used).size).toBe(Math.min(rows, columns));
    const found = total(values, columns, assigned);
    // Whole numbers leave no room for rounding.
    if (Number.isInteger(optimum)) expect(found).toBe(optimum);
    else expect(Math.abs(found - optimum)).toBeLessThanOrEqual(1e-12 * Math.abs(optimum));
    const turned = bestAssignment(transposed(values, rows, columns), columns, rows);
    expect(Math.abs(total(transposed(values, rows, columns), rows, turned) - optimum)).toBeLessThanOrEqual(
      1e-12 * Math.abs(optimum),
    );
  });

  it('leaves the values alone, and has an answer for nothing', () => {
    const values = hashed(4, 35);
    const before = values.slice();
    bestAssignment(values, 5, 7);
    expect(values).toEqual(before);
    expect([...bestAssignment(new Float64Array(0), 0, 3)]).toEqual([]);
    expect([...bestAssignment(new Float64Array(0), 3, 0)]).toEqual([-1, -1, -1]);
  });

  it('keeps nothing of the problem before', () => {
    const values = hashed(5, 900);
    const before = bestAssignment(values, 30, 30);
    bestAssignment(hashed(6, 12_000).fill(-1e9, 0, 6000), 100, 120);
    expect(bestAssignment(values, 30, 30)).toEqual(before);
  });

  it('takes values as large as float64 has them', () => {
    const assigned = bestAssignment(Float64Array.of(1e300, 3e300, -1e300, 0), 2, 2);
    expect([...assigned]).toEqual([1, 0]);
  });

  it.each([Infinity, -Infinity, NaN])('refuses %d', (value) => {
    expect(() => bestAssignment(Float64Array.of(1, 2, 3, value), 2, 2)).toThrow(`values[3] is ${value}`);
  });
});
