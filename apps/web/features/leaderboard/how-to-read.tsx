import type { Lanes } from './lanes';
import type { Board } from './query';
import { tiesInWords } from './ties';

/** Groups in words at most: more are no help. */
const MOST_LISTED = 20;

/** What the bars and small figures of a board mean, and its tie groups in words. */
export function HowToRead({ board, lanes, trained }: { board: Board['leaderboard']; lanes: Lanes; trained: boolean }) {
  const rows = board.nodes;
  const groups = tiesInWords(board.tieGroups, rows);
  const drawn = groups.length - lanes.left.length;
  const compared = rows.some((row) => row.rankLow !== null);
  const alone = rows.filter((row) => row.rank !== null && row.rankLow === null).length;
  if (rows.every((row) => row.claim === 'REPORTED'))
    return (
      <p className="text-soft max-w-[88ch] mt-3">
        Order of the published numbers. Which of them can be told apart is not known: they come without per-example
        outcomes.
      </p>
    );
  return (
    <div className="text-soft max-w-[88ch] mt-3 grid gap-1">
      <p>
        {lanes.count > 0 && 'A bar at the left edge joins rows that cannot be told apart. '}
        {lanes.count > 0 &&
          (lanes.left.length > 0
            ? `Of ${groups.length} such groups ${drawn} ${drawn === 1 ? 'is' : 'are'} drawn, for want of room: rows without a bar in common may be tied too. `
            : 'Bars overlap; two rows are separable where no bar joins both. ')}
        {lanes.count > 0 && 'A dotted piece passes by a row, or goes on to another page. '}
        {compared &&
          'The figures under a rank are the ranks that the data allow, all pairs of the board judged at once at 5 %. '}
        {alone > 0 &&
          `${alone} ranked ${alone === 1 ? 'row has' : 'rows have'} none: a single run without per-example outcomes cannot be compared. `}
        {trained && 'The dotted rule is the untrained level, and zero for differences.'}
      </p>
      {groups.length > 0 && groups.length <= MOST_LISTED && (
        <details>
          <summary>Rows that cannot be told apart, in words</summary>
          <ul className="mt-1">
            {groups.map(({ number, ranks, labels }) => (
              <li key={number}>
                Ranks {ranks}: {labels.slice(0, 8).join(', ')}
                {labels.length > 8 && ` and ${labels.length - 8} more`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
