import { DataTable } from '@/components/data-table';
import { Axis, IntervalBar } from '@/components/interval';
import { StateMark, TextLink } from '@/components/ui';
import { formatDuration, formatScore, words } from '@/lib/format';
import { columnScale, type Scale } from '@/lib/scale';
import type { Entry } from './query';

/** The runs of an entry by seed, their scores drawn on one scale. */
export function RunsTable({ entry: e }: { entry: Entry }) {
  const primary = e.benchmark.primary;
  const scale = columnScale(
    e.runs.flatMap((run) => run.scores.filter((s) => s.key === primary.key).map((s) => s.value)),
  );
  return (
    <DataTable
      label="Runs"
      rows={e.runs}
      rowKey={(run) => run.id}
      columns={[
        { head: 'Seed', numeric: true, cell: (run) => <TextLink href={`/runs/${run.id}`}>{run.seed}</TextLink> },
        { head: 'State', cell: (run) => <StateMark state={run.state} /> },
        {
          head: primary.title,
          numeric: true,
          cell: (run) => formatScore(run.scores.find((s) => s.key === primary.key)?.value, primary.precision, 1),
        },
        {
          head: (
            <>
              <span className="sr-only">Drawn</span>
              <Axis scale={scale} />
            </>
          ),
          fold: true,
          headClassName: 'w-[32%] min-w-28 !pl-2',
          cellClassName: '!pl-2',
          cell: (run) => (
            <SeedMark
              value={run.scores.find((s) => s.key === primary.key)?.value}
              scale={scale}
              mean={e.mean}
              precision={primary.precision}
            />
          ),
        },
        { head: 'Time', numeric: true, cell: (run) => formatDuration(run.cost.wallMs) },
        {
          head: 'Note',
          headClassName: '!pl-2',
          cellClassName: 'text-soft !pl-2',
          cell: (run) =>
            run.reason
              ? `${words(run.reason)}: ${run.message ?? ''}`
              : run.rederivedEqual
                ? 're-derived here: equal'
                : run.shipped
                  ? 'shipped receipt'
                  : '',
        },
      ]}
    />
  );
}

/** One seed's score on the common scale of the entry's runs; the dotted rule is their mean. */
function SeedMark({
  value,
  scale,
  mean,
  precision,
}: {
  value: number | undefined;
  scale: Scale;
  mean: number | null;
  precision: number;
}) {
  if (value === undefined) return null;
  return (
    <IntervalBar
      scale={scale}
      mean={value}
      rule={mean ?? undefined}
      label={`score ${formatScore(value, precision, 1)}`}
    />
  );
}
