import { Axis } from '@/components/interval';
import { Link } from '@/components/link';
import { TableFrame } from '@/components/ui';
import { COVERS, usualCoverage } from '@/lib/coverage';
import { formatScore } from '@/lib/format';
import { columnScale, nearRows, scaleNear, sideOf } from '@/lib/scale';
import { BoardTableRow, type Shown } from './board-table-row';
import type { Lanes, TiedRows } from './lanes';
import type { BoardBenchmark, BoardRow } from './query';
import { gutter } from './tie-bars';
import { tiedWith, tiesInWords } from './ties';

interface BoardTableProps {
  benchmark: BoardBenchmark;
  score: BoardBenchmark['primary'];
  rows: readonly BoardRow[];
  tieGroups: readonly TiedRows[];
  /** Of the ranked rows, which come first. */
  lanes: Lanes;
  highlight?: string | undefined;
  direction: 'ASC' | 'DESC';
  /** The address of the same board the other way round. */
  turned: string;
}

/** Which columns have something to say. */
function columnsOf(benchmark: BoardBenchmark, rows: readonly BoardRow[]): Shown {
  const trained = benchmark.track === 'TRAIN';
  return {
    differences: trained,
    sample: trained ? 'seeds' : rows.some((row) => row.units !== null) ? 'units' : null,
    cost: trained,
  };
}

/** Group names of the table's caption at most: more than that is no summary. */
const MOST_NAMED = 6;

function captionOf(tieGroups: readonly TiedRows[], rows: readonly BoardRow[]): string {
  const groups = tiesInWords(tieGroups, rows);
  if (groups.length === 0) return '';
  const named = groups.slice(0, MOST_NAMED).map(({ ranks }) => `ranks ${ranks}`);
  return ` Cannot be told apart: ${named.join('; ')}${groups.length > MOST_NAMED ? `; and ${groups.length - MOST_NAMED} groups more` : ''}.`;
}

/** The rows of a division on common scales. Nothing marks a first place: fewer than two separable rows could not carry it. */
export function BoardTable(props: BoardTableProps) {
  const { benchmark, score, rows, tieGroups, lanes, highlight, direction, turned } = props;
  const trained = rows.filter((row) => row.reference !== 'UNTRAINED');
  const untrained = rows.find((row) => row.reference === 'UNTRAINED')?.mean ?? undefined;
  const scale = scaleNear(
    nearRows(
      trained.map((row) =>
        row.mean === null ? [] : [row.mean, row.interval?.low ?? row.mean, row.interval?.high ?? row.mean],
      ),
    ).flat(),
    untrained,
  );
  const differences = nearRows(
    trained.map(({ difference: d }) => (d ? [d.mean, d.low ?? d.mean, d.high ?? d.mean] : [])),
  ).flat();
  const differenceScale = columnScale([0, ...differences]);
  const side = untrained === undefined ? 'inside' : sideOf(scale, untrained);
  const covers = usualCoverage(rows.map((row) => row.interval));
  const compares = usualCoverage(rows.map((row) => row.difference));
  const shown = columnsOf(benchmark, rows);
  const ranked = rows.filter((row) => row.rank !== null);
  const standing = rows.filter((row) => row.supersededReason === null);
  const superseded = rows.filter((row) => row.supersededReason !== null);
  const line = (row: BoardRow) => (
    <BoardTableRow
      key={row.id}
      {...{ row, score, scale, differenceScale, untrained, covers, shown }}
      highlighted={row.id === highlight}
      lanes={lanes.count}
      segments={row.rank === null ? [] : (lanes.rows[ranked.indexOf(row)] ?? [])}
      tied={tiedWith(row.id, tieGroups, rows)}
    />
  );
  return (
    <TableFrame label={`Leaderboard of ${benchmark.title}`}>
      <table>
        <caption className="sr-only">
          Entries of {benchmark.title} by {score.title}, {score.direction === 'HIGHER' ? 'higher' : 'lower'} is better.
          {captionOf(tieGroups, rows)}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="num w-px" style={{ paddingLeft: gutter(lanes.count) }}>
              Rank
            </th>
            <th scope="col">Entry</th>
            <th
              scope="col"
              className="num w-px min-w-20 !whitespace-normal"
              aria-sort={direction === 'DESC' ? 'descending' : 'ascending'}
            >
              <Link href={turned} className="text-soft hover:text-ink" title="Turn the order round">
                {score.title}
                {direction === 'DESC' ? '\u00a0↓' : '\u00a0↑'}
              </Link>
            </th>
            <th scope="col" className="w-[34%] sm:w-[27%] min-w-24 !pl-2 !whitespace-normal">
              {covers ? 'Mean and 95 % interval' : 'Drawn'}
              {covers && <Under>{COVERS[covers]}</Under>}
              {side !== 'inside' && (
                <Under>
                  untrained {formatScore(untrained, score.precision)} lies off to the {side}
                </Under>
              )}
              <Axis scale={scale} />
            </th>
            {shown.differences && (
              <th scope="col" className="hidden sm:table-cell w-[25%] !pl-2 !pr-5 !whitespace-normal">
                Against the baseline, paired
                {compares && <Under>{COVERS[compares]}</Under>}
                <span className="ml-[72px] hidden md:block">
                  {differences.some((value) => value !== 0) && <Axis scale={differenceScale} signed count={3} />}
                </span>
              </th>
            )}
            <th scope="col" className="hidden md:table-cell">
              Claim
            </th>
            {shown.sample && (
              <th scope="col" className="num w-px hidden md:table-cell">
                {shown.sample === 'seeds' ? 'Seeds' : 'Test units'}
              </th>
            )}
            {shown.cost && (
              <th scope="col" className="num w-px hidden lg:table-cell">
                CPU a run
              </th>
            )}
          </tr>
        </thead>
        <tbody>{standing.map(line)}</tbody>
        {superseded.length > 0 && (
          <tbody>
            <tr>
              <th scope="rowgroup" colSpan={8} className="pt-4">
                Superseded: kept, and no longer ranked
              </th>
            </tr>
            {superseded.map(line)}
          </tbody>
        )}
      </table>
    </TableFrame>
  );
}

function Under({ children }: { children: React.ReactNode }) {
  return <span className="block text-[11px] leading-4 font-normal">{children}</span>;
}
