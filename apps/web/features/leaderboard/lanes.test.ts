import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutLanes, ranges, type TiedRows } from './lanes';

const group = (number: number, entries: string, rowsBefore = 0, rowsAfter = 0): TiedRows => ({
  number,
  entries: [...entries],
  rowsBefore,
  rowsAfter,
});

/** One line a row: `|` a row of the group, `:` a row passed by, `^` and `v` going on to another page. */
function draw(groups: readonly TiedRows[], order: string, options = {}): string[] {
  return layoutLanes(groups, [...order], options).rows.map((lanes) =>
    lanes
      .map((segment) => {
        if (!segment) return ' ';
        if (segment.up === 'page') return '^';
        if (segment.down === 'page') return 'v';
        return segment.member ? '|' : ':';
      })
      .join(''),
  );
}

describe('lanes of tie groups', () => {
  it('puts overlapping groups side by side and uses a lane again below', () => {
    expect(draw([group(1, 'abc'), group(2, 'bcd'), group(3, 'ef')], 'abcdef')).toEqual([
      '| ',
      '||',
      '||',
      ' |',
      '| ',
      '| ',
    ]);
  });

  it('draws nothing for a row alone, nor for groups of other pages', () => {
    expect(layoutLanes([group(1, 'a'), group(2, 'x')], ['a', 'b'])).toEqual({ count: 0, rows: [[], []], left: [] });
  });

  it('passes by a row that is separable from the others', () => {
    expect(draw([group(1, 'ac')], 'abc')).toEqual(['|', ':', '|']);
  });

  it('goes on over the edges of the page, turned round with the order', () => {
    const groups = [group(4, 'a', 3, 0), group(5, 'bc', 0, 2)];
    expect(draw(groups, 'abc')).toEqual(['^', '|', 'v']);
    expect(draw(groups, 'cba', { reversed: true })).toEqual(['^', '|', 'v']);
  });

  it('starts at the edge though the first rows of the page are not of the group', () => {
    expect(draw([group(1, 'bc', 1, 0)], 'abc')).toEqual(['^', '|', '|']);
    expect(draw([group(1, 'bc', 1, 0)], 'abc', { filtered: true })).toEqual([' ', '|', '|']);
    expect(layoutLanes([group(1, 'b', 1, 0)], ['a', 'b'], { filtered: true }).count).toBe(0);
  });

  it('draws a chain of groups where there is no room for all, and names the others', () => {
    const order = Array.from({ length: 30 }, (_, i) => String(i));
    const windows = Array.from({ length: 21 }, (_, i) => ({
      number: i + 1,
      entries: order.slice(i, i + 10),
      rowsBefore: 0,
      rowsAfter: 0,
    }));
    const { count, rows, left } = layoutLanes(windows, order);
    expect(count).toBeLessThanOrEqual(3);
    expect(rows.every((lanes) => lanes.some((segment) => segment?.member))).toBe(true);
    expect(left.length).toBeGreaterThan(10);
    expect(layoutLanes(windows, order, { most: 10 }).left).toEqual([]);
  });

  it('never lays two groups over each other, and loses no member', () => {
    const groups = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 2, maxLength: 8 }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(groups, (found) => {
        const order = Array.from({ length: 20 }, (_, i) => String(i));
        const tied = found.map((rows, i) => ({
          number: i + 1,
          entries: rows.map(String),
          rowsBefore: 0,
          rowsAfter: 0,
        }));
        const { rows, left } = layoutLanes(tied, order, { most: 20 });
        expect(left).toEqual([]);
        const members = rows.flat().filter((segment) => segment?.member).length;
        expect(members).toBe(found.reduce((sum, { length }) => sum + length, 0));
      }),
    );
  });
});

describe('ranges of ranks', () => {
  it.each([
    [[1, 2, 3, 5], '1 to 3, 5'],
    [[2, 1], '1, 2'],
    [[4, 4], '4'],
    [[], ''],
  ])('%j is "%s"', (numbers, text) => expect(ranges(numbers)).toBe(text));
});
