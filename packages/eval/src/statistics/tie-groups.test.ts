import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tieGroups } from './tie-groups.js';

describe('tie groups', () => {
  it('are overlapping runs where being separable goes with the distance', () => {
    expect(tieGroups(5, (a, b) => b - a > 2)).toEqual([
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
    ]);
    expect(tieGroups(3, () => true)).toEqual([[0], [1], [2]]);
    expect(tieGroups(3, () => false)).toEqual([[0, 1, 2]]);
    expect(tieGroups(0, () => false)).toEqual([]);
  });

  it('skip an entry that is apart from both neighbours', () => {
    const apart = new Set(['0,1', '1,2']);
    expect(tieGroups(3, (a, b) => apart.has(`${Math.min(a, b)},${Math.max(a, b)}`))).toEqual([[0, 2], [1]]);
  });

  it('are all maximal runs of any board that is in order', () => {
    // Ends rise with the start: entry a is not separable from a … end(a).
    const ends = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 70 }).map((steps) => {
      let end = 0;
      return steps.map((step, a) => (end = Math.min(steps.length - 1, Math.max(a, end + step))));
    });
    fc.assert(
      fc.property(ends, (end) => {
        const groups = tieGroups(end.length, (a, b) => Math.max(a, b) > end[Math.min(a, b)]!);
        const expected = end
          .map((last, a) => [a, last] as const)
          .filter(([a, last]) => a === 0 || end[a - 1]! < last)
          .map(([a, last]) => Array.from({ length: last - a + 1 }, (_, i) => a + i));
        expect(groups).toEqual(expected);
      }),
    );
  });

  it('hold no separable pair, cannot grow, and share every other pair', () => {
    const relation = fc
      .integer({ min: 1, max: 45 })
      .chain((k) =>
        fc.record({ k: fc.constant(k), bits: fc.array(fc.boolean(), { minLength: k * k, maxLength: k * k }) }),
      );
    fc.assert(
      fc.property(relation, ({ k, bits }) => {
        const separable = (a: number, b: number): boolean => a !== b && bits[Math.min(a, b) * k + Math.max(a, b)]!;
        const groups = tieGroups(k, separable);
        const shared = new Set<string>();
        for (const group of groups) {
          for (const a of group)
            for (const b of group) {
              expect(separable(a, b)).toBe(false);
              shared.add(`${a},${b}`);
            }
          for (let other = 0; other < k; other++)
            if (!group.includes(other)) expect(group.some((member) => separable(member, other))).toBe(true);
        }
        for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) expect(shared.has(`${a},${b}`)).toBe(!separable(a, b));
      }),
      { numRuns: 60 },
    );
  });
});
