import Link from 'next/link';
import { IntervalBar } from '@/components/interval';
import { Badge, ClaimMark, TableFrame } from '@/components/ui';
import { formatDuration, formatScore, formatSigned } from '@/lib/format';
import { columnScale, type Scale } from '@/lib/scale';
import type { BoardBenchmark, BoardRow } from './query';

const BAR = 168;
const DIFFERENCE_BAR = 96;

interface BoardTableProps {
  benchmark: BoardBenchmark;
  score: BoardBenchmark['primary'];
  rows: readonly BoardRow[];
  highlight?: string | undefined;
}

export function BoardTable({ benchmark, score, rows, highlight }: BoardTableProps) {
  const scale = columnScale(
    rows.flatMap((row) => (row.mean === null ? [] : [row.mean, row.interval?.low ?? row.mean, row.interval?.high ?? row.mean])),
    BAR,
  );
  const differences = rows.flatMap((row) => (row.difference ? [row.difference.mean, row.difference.low ?? 0, row.difference.high ?? 0] : []));
  const differenceScale = columnScale([0, ...differences], DIFFERENCE_BAR);
  const untrained = rows.find((row) => row.reference === 'UNTRAINED')?.mean ?? undefined;
  // A medal, or any mark of a first place, would claim what fewer than two separable rows cannot show.
  return (
    <TableFrame label={`Leaderboard of ${benchmark.title}`}>
      <table>
        <caption className="sr-only">
          Entries of {benchmark.title} by {score.title}, {score.direction === 'HIGHER' ? 'higher' : 'lower'} is better
        </caption>
        <thead>
          <tr>
            <th scope="col" className="num">
              Rank
            </th>
            <th scope="col">Entry</th>
            <th scope="col" className="num" aria-sort={score.direction === 'HIGHER' ? 'descending' : 'ascending'}>
              {score.title} {score.direction === 'HIGHER' ? '↑' : '↓'}
            </th>
            <th scope="col">Mean and interval</th>
            <th scope="col" className="num">
              Seeds
            </th>
            <th scope="col">Against the baseline, paired</th>
            <th scope="col">Claim</th>
            <th scope="col" className="num">
              Time a run
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <Row
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

interface RowProps {
  row: BoardRow;
  score: BoardBenchmark['primary'];
  scale: Scale;
  differenceScale: Scale;
  untrained: number | undefined;
  highlighted: boolean;
  tiedUp: boolean;
  tiedDown: boolean;
}

function Row({ row, score, scale, differenceScale, untrained, highlighted, tiedUp, tiedDown }: RowProps) {
  const interval = row.interval;
  return (
    <tr className={highlighted ? 'bg-raised' : undefined} id={row.variantHash.slice(0, 12)}>
      <td className="num relative !pl-3">
        {(tiedUp || tiedDown) && (
          <span
            title="Not separable from its neighbour"
            className={`absolute left-0 w-[3px] bg-accent ${tiedUp ? '-top-px' : 'top-2'} ${tiedDown ? '-bottom-px' : 'bottom-2'}`}
          >
            <span className="sr-only">tied with a neighbouring row</span>
          </span>
        )}
        {row.rank ?? '–'}
        {row.rankInterval && row.rankInterval[0] !== row.rankInterval[1] && (
          <span className="block text-[11px] leading-4 text-soft" title="Interval of the rank">
            {row.rankInterval[0]}–{row.rankInterval[1]}
          </span>
        )}
      </td>
      <td className="min-w-44">
        <Link href={`/entries/${row.id}`} prefetch={false} className="font-medium">
          {row.label}
        </Link>
        <span className="flex flex-wrap gap-1 mt-0.5">
          {row.reference && <Badge tone="accent">{row.reference.toLowerCase()}</Badge>}
          {row.belowUntrained && <Badge tone="bad">below untrained</Badge>}
          {row.edge && (
            <Badge title="The chosen point lies on the edge of the tuning space" tone="bad">
              edge
            </Badge>
          )}
          {row.notConverged && (
            <Badge title="The loss was still falling by more than 1 % an epoch" tone="bad">
              not converged
            </Badge>
          )}
          {row.shipped && <Badge title="A reference result that ships with Touchstone as a receipt">shipped</Badge>}
          {row.rederived > 0 && (
            <Badge tone="good" title="Runs computed again on this installation with bit-equal scores">
              re-derived here: equal
            </Badge>
          )}
          {row.division === 'OPEN' && row.attempts > 1 && <Badge>{row.attempts} attempts</Badge>}
        </span>
        {row.unrankedReason && row.reference !== 'UNTRAINED' && <span className="block text-soft text-[12px]">{row.unrankedReason}</span>}
      </td>
      <td className="num">
        {formatScore(row.mean, score.precision)}
        {row.deviation !== null && <span className="block text-[11px] leading-4 text-soft">± {formatScore(row.deviation, score.precision, 1)}</span>}
      </td>
      <td>
        {row.mean === null ? (
          <span className="text-soft">no result yet</span>
        ) : (
          <>
            <IntervalBar
              scale={scale}
              width={BAR}
              mean={row.mean}
              low={interval?.low}
              high={interval?.high}
              {...(untrained === undefined ? {} : { rule: untrained })}
              label={
                interval
                  ? `mean ${formatScore(row.mean, score.precision)}, ${interval.level * 100} % interval over ${interval.over.toLowerCase()} ${formatScore(interval.low, score.precision)} to ${formatScore(interval.high, score.precision)}`
                  : `mean ${formatScore(row.mean, score.precision)}, no interval`
              }
            />
            {interval && (
              <span className="text-[11px] leading-4 text-soft whitespace-nowrap">
                {formatScore(interval.low, score.precision)} to {formatScore(interval.high, score.precision)}, over {interval.over.toLowerCase()}
              </span>
            )}
          </>
        )}
      </td>
      <td className="num">{row.n}</td>
      <td>
        {row.difference ? (
          <span className="flex items-start gap-2">
            <span className="num min-w-14">
              {formatSigned(row.difference.mean, score.precision)}
              {row.difference.tooSmall && <span className="block text-[11px] leading-4 text-soft whitespace-normal">too small to see here</span>}
            </span>
            <IntervalBar
              scale={differenceScale}
              width={DIFFERENCE_BAR}
              mean={row.difference.mean}
              low={row.difference.low}
              high={row.difference.high}
              rule={0}
              label={`difference ${formatSigned(row.difference.mean, score.precision)}, interval ${formatSigned(row.difference.low, score.precision)} to ${formatSigned(row.difference.high, score.precision)}`}
            />
          </span>
        ) : (
          <span className="text-soft">{row.reference === 'BASELINE' ? 'is the baseline' : '–'}</span>
        )}
      </td>
      <td>
        <ClaimMark claim={row.claim} />
      </td>
      <td className="num">{formatDuration(row.cost.wallMs)}</td>
    </tr>
  );
}
