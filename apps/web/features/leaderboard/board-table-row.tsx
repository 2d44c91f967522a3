import { Link } from '@/components/link';
import { IntervalBar } from '@/components/interval';
import { Badge, ClaimMark } from '@/components/ui';
import { formatDuration, formatScore, formatSigned } from '@/lib/format';
import type { Scale } from '@/lib/scale';
import type { BoardBenchmark, BoardRow } from './query';

type Score = BoardBenchmark['primary'];

interface RowProps {
  row: BoardRow;
  score: Score;
  scale: Scale;
  differenceScale: Scale;
  untrained: number | undefined;
  highlighted: boolean;
  tiedUp: boolean;
  tiedDown: boolean;
}

const NOTE = 'block text-[11px] leading-4 text-soft';

export function BoardTableRow({
  row,
  score,
  scale,
  differenceScale,
  untrained,
  highlighted,
  tiedUp,
  tiedDown,
}: RowProps) {
  return (
    <tr className={highlighted ? 'bg-raised' : undefined} id={row.variantHash.slice(0, 12)}>
      <td className="num relative !pl-3">
        {(tiedUp || tiedDown) && (
          <span
            title="Not separable from the first row of this bar"
            className={`absolute left-0 w-[3px] bg-accent ${tiedUp ? '-top-px' : 'top-2'} ${tiedDown ? '-bottom-px' : 'bottom-2'}`}
          >
            <span className="sr-only">tied with a neighbouring row</span>
          </span>
        )}
        {row.rank ?? '–'}
        {row.rankInterval && row.rankInterval[0] !== row.rankInterval[1] && (
          <span className={NOTE} title="Interval of the rank">
            {row.rankInterval[0]}–{row.rankInterval[1]}
          </span>
        )}
      </td>
      <td>
        <Link href={`/entries/${row.id}`} className="font-medium break-words">
          {row.label}
        </Link>
        <Marks row={row} />
        {row.unrankedReason && row.reference !== 'UNTRAINED' && <span className={NOTE}>{row.unrankedReason}</span>}
      </td>
      <td className="num">
        {formatScore(row.mean, score.precision)}
        {row.deviation !== null && row.deviation > 0 && (
          <span className={NOTE}>± {formatScore(row.deviation, score.precision)}</span>
        )}
      </td>
      <td className="!pl-2">
        {row.mean === null ? (
          <span className="text-soft">no result yet</span>
        ) : (
          <>
            <IntervalBar
              scale={scale}
              mean={row.mean}
              low={row.interval?.low}
              high={row.interval?.high}
              rule={untrained}
              label={intervalLabel(row, score)}
            />
            <span className={NOTE}>
              {intervalText(row, score)}
              {row.interval && row.deviation !== 0 && (
                <span className="max-sm:hidden">, over {row.interval.over.toLowerCase()}</span>
              )}
            </span>
            {row.difference && row.reference !== 'UNTRAINED' && (
              <span className={`${NOTE} sm:hidden`}>{formatSigned(row.difference.mean, score.precision)} paired</span>
            )}
          </>
        )}
      </td>
      <td className="hidden sm:table-cell !pl-2 !pr-5">
        <DifferenceCell row={row} score={score} scale={differenceScale} />
      </td>
      <td className="hidden md:table-cell">
        <ClaimMark claim={row.claim} />
        {row.shipped && (
          <span
            className={`${NOTE} whitespace-nowrap`}
            title="A reference result that ships with Touchstone as a receipt"
          >
            shipped receipt
          </span>
        )}
        {row.rederived > 0 && (
          <span
            className="block text-[11px] leading-4 whitespace-nowrap text-good"
            title={`${row.rederived} runs computed again on this installation, bit for bit equal`}
          >
            re-derived here: equal
          </span>
        )}
      </td>
      <td className="num hidden md:table-cell">{row.n}</td>
      <td className="num hidden lg:table-cell">{formatDuration(row.cost.cpuMs ?? row.cost.wallMs)}</td>
    </tr>
  );
}

function Marks({ row }: { row: BoardRow }) {
  const marked =
    row.reference === 'BASELINE' ||
    row.belowUntrained ||
    row.edge ||
    row.notConverged ||
    (row.division === 'OPEN' && row.attempts > 1);
  if (!marked) return null;
  return (
    <span className="flex flex-wrap gap-1 mt-0.5">
      {row.reference === 'BASELINE' && <Badge tone="accent">baseline</Badge>}
      {row.belowUntrained && <Badge tone="bad">below untrained</Badge>}
      {row.edge && <Badge title="The chosen point lies on the edge of the tuning space">edge</Badge>}
      {row.notConverged && <Badge title="The loss was still falling by more than 1 % an epoch">not converged</Badge>}
      {row.division === 'OPEN' && row.attempts > 1 && <Badge>{row.attempts} attempts</Badge>}
    </span>
  );
}

function intervalText(row: BoardRow, score: Score): string {
  if (row.claim === 'REPORTED') return 'as published';
  if (!row.interval) return row.n === 1 ? 'one seed, no interval' : 'no interval';
  if (row.deviation === 0) return 'the same for every seed';
  return `${formatScore(row.interval.low, score.precision)} to ${formatScore(row.interval.high, score.precision)}`;
}

function intervalLabel(row: BoardRow, score: Score): string {
  const mean = `mean ${formatScore(row.mean, score.precision)}`;
  return row.interval
    ? `${mean}, ${row.interval.level * 100} % interval over ${row.interval.over.toLowerCase()} ${intervalText(row, score)}`
    : `${mean}, no interval`;
}

function DifferenceCell({ row, score, scale }: { row: BoardRow; score: Score; scale: Scale }) {
  const d = row.difference;
  if (!d) return <span className="text-soft">{row.reference === 'BASELINE' ? 'is the baseline' : '–'}</span>;
  const interval = `${formatSigned(d.low, score.precision)} to ${formatSigned(d.high, score.precision)}`;
  return (
    <>
      <span className="flex items-start">
        <span className="num w-[60px] mr-3 shrink-0">{formatSigned(d.mean, score.precision)}</span>
        <span className="grow hidden md:block">
          <IntervalBar
            scale={scale}
            mean={d.mean}
            low={d.low}
            high={d.high}
            rule={0}
            label={`difference ${formatSigned(d.mean, score.precision)}, interval ${interval}`}
          />
        </span>
      </span>
      <span className={`${NOTE} md:ml-[72px]`}>
        {d.low !== null && interval}
        {d.tooSmall && <span className="block">too small to see here</span>}
      </span>
    </>
  );
}
