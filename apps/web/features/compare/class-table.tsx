import { DataTable } from '@/components/data-table';
import { Axis, IntervalBar } from '@/components/interval';
import { formatCount, formatSigned } from '@/lib/format';
import { columnScale, type Scale } from '@/lib/scale';
import { type Difference, fine, type Score, scoreOf } from './query';

type ClassRow = NonNullable<Difference['byClass']>[number];

/** Classes shown at either end of a long list. */
const ENDS = 12;

/** The difference within each class, from where A is worst against B to where it is best. */
export function ClassTable({ difference: d }: { difference: Difference }) {
  const score = scoreOf(d);
  const sign = score.direction === 'HIGHER' ? 1 : -1;
  const rows = (d.byClass ?? []).toSorted((x, y) => sign * (x.mean - y.mean));
  const scale = columnScale([
    0,
    ...rows.flatMap((row) => [row.mean, row.interval?.low ?? row.mean, row.interval?.high ?? row.mean]),
  ]);
  const long = rows.length > 2 * ENDS + 6;
  return (
    <>
      <p className="text-soft mb-2">
        From where {d.a.label} is worst against {d.b.label} to where it is best. Each interval is for its class alone:
        among classes without a difference, about one in twenty misses zero by chance.
      </p>
      <ClassRows {...{ score, scale }} label="By class" rows={long ? rows.slice(0, ENDS) : rows} />
      {long && (
        <>
          <details className="my-2">
            <summary>{rows.length - 2 * ENDS} classes between</summary>
            <ClassRows {...{ score, scale }} label="Classes between" rows={rows.slice(ENDS, -ENDS)} />
          </details>
          <ClassRows {...{ score, scale }} label={`Best classes of ${d.a.label}`} rows={rows.slice(-ENDS)} />
        </>
      )}
    </>
  );
}

function ClassRows({
  label,
  rows,
  score,
  scale,
}: {
  label: string;
  rows: readonly ClassRow[];
  score: Score;
  scale: Scale;
}) {
  const step = fine(score);
  const text = (row: ClassRow) =>
    row.interval
      ? `${formatSigned(row.interval.low, step)} to ${formatSigned(row.interval.high, step)}`
      : 'no interval';
  return (
    <DataTable
      label={label}
      rows={rows}
      rowKey={(row) => row.group}
      columns={[
        { head: 'Class', cellClassName: 'break-words', cell: (row) => row.group },
        { head: 'Test units', numeric: true, fold: true, cell: (row) => formatCount(row.n) },
        { head: 'Difference', numeric: true, cell: (row) => formatSigned(row.mean, step) },
        { head: 'Interval', numeric: true, fold: true, cell: text },
        {
          head: (
            <>
              Drawn <span className="font-normal">(dotted: zero)</span>
              <Axis scale={scale} signed />
            </>
          ),
          headClassName: 'w-[44%] min-w-32 !pl-2',
          cellClassName: '!pl-2',
          cell: (row) => (
            <IntervalBar
              scale={scale}
              mean={row.mean}
              low={row.interval?.low}
              high={row.interval?.high}
              rule={0}
              label={`${row.group}: ${formatSigned(row.mean, step)}, ${text(row)}`}
            />
          ),
        },
      ]}
    />
  );
}
