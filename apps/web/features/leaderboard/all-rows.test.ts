import { describe, expect, it } from 'vitest';
import { allRows } from './all-rows';

/** A board of `count` rows that answers as the API does. */
function board(count: number, size = 100) {
  const asked: (string | null)[] = [];
  const page = async (after: string | null) => {
    asked.push(after);
    const from = after === null ? 0 : Number(after);
    const end = Math.min(count, from + size);
    return {
      benchmark: { key: 'b' },
      leaderboard: {
        nodes: Array.from({ length: end - from }, (_, i) => from + i),
        pageInfo: { hasNextPage: end < count, endCursor: count === 0 ? null : String(end) },
      },
    };
  };
  return { asked, page };
}

describe('a whole board', () => {
  it('is all of its pages, in order', async () => {
    for (const count of [0, 1, 99, 100, 101, 250]) {
      const { asked, page } = board(count);
      const { benchmark, rows } = await allRows(page);
      expect(benchmark).toEqual({ key: 'b' });
      expect(rows).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(asked).toHaveLength(Math.max(1, Math.ceil(count / 100)));
    }
  });

  it('is bounded', async () => {
    const { asked, page } = board(1e6);
    await expect(allRows(page)).rejects.toThrow(/more than 10000 rows/);
    expect(asked).toHaveLength(100);
  });
});
