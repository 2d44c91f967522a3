import { Link } from '@/components/link';
import { IntervalBar } from '@/components/interval';
import { Badge, ClaimMark } from '@/components/ui';
import { type Coverage, COVERS } from '@/lib/coverage';
import { formatCount, formatDuration, formatScore, formatSigned } from '@/lib/format';
import type { Scale } from '@/lib/scale';
import type { Segment } from './lanes';
import type { BoardBenchmark, BoardRow } from './query';
import { gutter, TieBars } from './tie-bars';

type Score = BoardBenchmark['primary'];

/** Columns that the board has beside the ones that every board has. */
export interface Shown {
  readonly differences: boolean;
  readonly sample: 'seeds' | 'units' | null;
  readonly cost: boolean;
}

interface RowProps {
  row: BoardRow;
  score: Score;
  scale: Scale;
  differenceScale: Scale;
  untrained: number | undefined;
  /** What the intervals of the column cover, unless a row says otherwise. */
  covers: Coverage | null;
  shown: Shown;
  highlighted: boolean;
  lanes: number;
  segments: readonly (Segment | null)[];
  /** Ranks of other rows that it cannot be told apart from. */
  tied: string;
}

const NOTE = 'block text-[11px] leading-4 text-soft';

export function BoardTableRow({
  row,
  score,
  scale,
  differenceScale,
  untrained,
  covers,
  shown,
  highlighted,
  lanes,
  segments,
  tied,
}: RowProps) {
  const superseded = row.supersededReason !== null;
  return (
    <tr
      className={[highlighted && 'bg-raised', superseded && 'text-soft'].filter(Boolean).join(' ') || undefined}
      id={row.variantHash.slice(0, 12)}
    >
      <td className="num relative" style={{ paddingLeft: gutter(lanes) }}>
        <TieBars segments={segments} />
        {row.rank ?? '–'}
        {row.rankLow !== null && row.rankHigh !== null && (
          <span className={NOTE} title="Ranks that the data allow, all pairs of the board judged at once">
            <span className="sr-only">, between </span>
            {row.rankLow}–{row.rankHigh}
          </span>
        )}
        {tied && <span className="sr-only">, cannot be told apart from ranks {tied}</span>}
      </td>
      <td>
        <Link href={`/entries/${row.id}`} className="font-medium break-words">
          {row.label}
        </Link>
        <Marks row={row} />
        {row.claim !== 'RERUN' && (
          <span className={`${NOTE} md:hidden`}>
            <ClaimMark claim={row.claim} />
          </span>
        )}
        <SourceNote row={row} />
        {superseded ? (
          <Superseded row={row} />
        ) : (
          row.unrankedReason && row.reference !== 'UNTRAINED' && <span className={NOTE}>{row.unrankedReason}</span>
        )}
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
              {row.interval && row.interval.over !== covers && `, ${COVERS[row.interval.over]}`}
            </span>
            {row.difference && row.reference !== 'UNTRAINED' && (
              <span className={`${NOTE} sm:hidden`}>{formatSigned(row.difference.mean, score.precision)} paired</span>
            )}
          </>
        )}
      </td>
      {shown.differences && (
        <td className="hidden sm:table-cell !pl-2 !pr-5">
          <DifferenceCell row={row} score={score} scale={differenceScale} />
        </td>
      )}
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
      {shown.sample && (
        <td className="num hidden md:table-cell">
          {shown.sample === 'seeds' ? row.n : formatCount(row.units)}
          {shown.sample === 'seeds' && row.units !== null && (
            <span className={NOTE} title="Test units that are drawn independently: images, queries with their class, …">
              × {formatCount(row.units)} units
            </span>
          )}
        </td>
      )}
      {shown.cost && <td className="num hidden lg:table-cell">{formatDuration(row.cost.cpuMs ?? row.cost.wallMs)}</td>}
    </tr>
  );
}

/** Where a reported number was published. */
function SourceNote({ row }: { row: BoardRow }) {
  if (!row.source) return null;
  const { title, url, year, note } = row.source;
  return (
    <span className={`${NOTE} break-words`} title={note ?? undefined}>
      <a href={url} rel="nofollow noopener noreferrer">
        {title}
      </a>
      {year && `, ${year}`}
    </span>
  );
}

/** Why a row no longer stands, and where the same files stand now. */
function Superseded({ row }: { row: BoardRow }) {
  return (
    <span className={NOTE}>
      {row.supersededReason}
      {row.supersededBy && (
        <>
          {' · '}
          <Link href={`/entries/${row.supersededBy.id}`}>
            now on {row.supersededBy.benchmark.key}@{row.supersededBy.benchmark.version}
          </Link>
        </>
      )}
    </span>
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
  if (row.claim === 'REPORTED') return '';
  if (!row.interval) return row.n === 1 ? 'one run, no interval' : 'no interval';
  if (row.deviation === 0 && row.interval.over === 'SEEDS') return 'the same for every seed';
  return `${formatScore(row.interval.low, score.precision)} to ${formatScore(row.interval.high, score.precision)}`;
}

function intervalLabel(row: BoardRow, score: Score): string {
  const mean = `mean ${formatScore(row.mean, score.precision)}`;
  return row.interval
    ? `${mean}, ${row.interval.level * 100} % interval ${COVERS[row.interval.over]} ${intervalText(row, score)}`
    : `${mean}, ${row.claim === 'REPORTED' ? 'as published' : 'no interval'}`;
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
