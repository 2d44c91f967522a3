/** Every row of a board, which the API gives a page at a time. */

interface BoardPage<Benchmark, Row> {
  readonly benchmark: Benchmark;
  readonly leaderboard: {
    readonly nodes: readonly Row[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** A file of more rows than that would hold up everybody else. */
const MOST_ROWS = 10_000;

/** `ask` answers with the page after a cursor, the first for null. Throws for a board of more than 10,000 rows. */
export async function allRows<Benchmark, Row>(
  ask: (after: string | null) => Promise<BoardPage<Benchmark, Row>>,
): Promise<{ readonly benchmark: Benchmark; readonly rows: readonly Row[] }> {
  const rows: Row[] = [];
  for (let after: string | null = null; ;) {
    const { benchmark, leaderboard }: BoardPage<Benchmark, Row> = await ask(after);
    rows.push(...leaderboard.nodes);
    const { hasNextPage, endCursor } = leaderboard.pageInfo;
    if (!hasNextPage) return { benchmark, rows };
    if (rows.length >= MOST_ROWS) throw new RangeError(`the board has more than ${MOST_ROWS} rows`);
    after = endCursor;
  }
}
