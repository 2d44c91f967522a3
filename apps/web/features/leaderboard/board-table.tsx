import { Link } from '@/components/link';
import { Axis } from '@/components/interval';
import { TableFrame } from '@/components/ui';
import { formatScore } from '@/lib/format';
import { columnScale, scaleNear, sideOf } from '@/lib/scale';
import { BoardTableRow } from './board-table-row';
import type { BoardBenchmark, BoardRow } from './query';

interface BoardTableProps {
  benchmark: BoardBenchmark;
  score: BoardBenchmark['primary'];
  rows: readonly BoardRow[];
  highlight?: string | undefined;
  direction: 'ASC' | 'DESC';
  /** The address of the same board the other way round. */
  turned: string;
}

/** The rows of a division on common scales. Nothing marks a first place: fewer than two separable rows could not carry it. */
export function BoardTable({ benchmark, score, rows, highlight, direction, turned }: BoardTableProps) {
  const trained = rows.filter((row) => row.reference !== 'UNTRAINED');
  const untrained = rows.find((row) => row.reference === 'UNTRAINED')?.mean ?? undefined;
  const scale = scaleNear(
    trained.flatMap((row) =>
      row.mean === null ? [] : [row.mean, row.interval?.low ?? row.mean, row.interval?.high ?? row.mean],
    ),
    untrained,
  );
  const differences = trained.flatMap(({ difference: d }) => (d ? [d.mean, d.low ?? d.mean, d.high ?? d.mean] : []));
  const differenceScale = columnScale([0, ...differences]);
  const side = untrained === undefined ? 'inside' : sideOf(scale, untrained);
  return (
    <TableFrame label={`Leaderboard of ${benchmark.title}`}>
      <table>
        <caption className="sr-only">
          Entries of {benchmark.title} by {score.title}, {score.direction === 'HIGHER' ? 'higher' : 'lower'} is better
        </caption>
        <thead>
          <tr>
            <th scope="col" className="num w-px">
              Rank
            </th>
            <th scope="col">Entry</th>
            <th scope="col" className="num w-px" aria-sort={direction === 'DESC' ? 'descending' : 'ascending'}>
              <Link href={turned} className="text-soft hover:text-ink" title="Turn the order round">
                {score.title} {direction === 'DESC' ? '↓' : '↑'}
              </Link>
            </th>
            <th scope="col" className="w-[34%] sm:w-[27%] min-w-24 !pl-2 !whitespace-normal">
              Mean and interval
              {side !== 'inside' && (
                <span className="block text-[11px] leading-4 font-normal">
                  untrained {formatScore(untrained, score.precision)} lies off to the {side}
                </span>
              )}
              <Axis scale={scale} />
            </th>
            <th scope="col" className="hidden sm:table-cell w-[25%] !pl-2 !pr-5">
              Against the baseline, paired
              <span className="ml-[72px] hidden md:block">
                {differences.some((value) => value !== 0) && <Axis scale={differenceScale} signed count={3} />}
              </span>
            </th>
            <th scope="col" className="hidden md:table-cell">
              Claim
            </th>
            <th scope="col" className="num w-px hidden md:table-cell">
              Seeds
            </th>
            <th scope="col" className="num w-px hidden lg:table-cell">
              CPU a run
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <BoardTableRow
              key={row.id}
              {...{ row, score, scale, differenceScale, untrained }}
              highlighted={row.id === highlight}
              tiedUp={tied(rows[i - 1], row)}
              tiedDown={tied(row, rows[i + 1])}
            />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function tied(a: BoardRow | undefined, b: BoardRow | undefined): boolean {
  return a?.tieGroup !== null && a?.tieGroup !== undefined && a.tieGroup === b?.tieGroup && a.division === b.division;
}
