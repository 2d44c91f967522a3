import { DataTable } from '@/components/data-table';
import { Axis, IntervalBar } from '@/components/interval';
import { formatScore, formatSigned } from '@/lib/format';
import { columnScale } from '@/lib/scale';
import { type Difference, scoreOf } from './query';

/** Both scores and their difference seed by seed, and the mean below them on the same scale. */
export function SeedTable({ difference: d }: { difference: Difference }) {
  const { precision } = scoreOf(d);
  const scale = columnScale([
    0,
    ...d.seeds.map((s) => s.difference),
    d.interval?.low ?? d.mean,
    d.interval?.high ?? d.mean,
  ]);
  const over = (side: 'a' | 'b') => d.seeds.reduce((sum, s) => sum + s[side], 0) / d.seeds.length;
  const seeds = d.seeds.map((s) => ({
    name: String(s.seed),
    a: s.a,
    b: s.b,
    difference: s.difference,
    interval: null,
    label: `seed ${s.seed}: ${formatSigned(s.difference, precision)}`,
  }));
  const mean = {
    name: 'mean',
    a: over('a'),
    b: over('b'),
    difference: d.mean,
    interval: d.interval,
    label: 'mean difference and interval',
  };
  return (
    <DataTable
      label="By seed"
      rows={[...seeds, mean]}
      rowKey={(row) => row.name}
      rowClassName={(row) => (row === mean ? 'font-medium' : undefined)}
      columns={[
        { head: 'Seed', numeric: true, cell: (row) => row.name },
        {
          head: d.a.label,
          numeric: true,
          fold: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatScore(row.a, precision, 1),
        },
        {
          head: d.b.label,
          numeric: true,
          fold: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatScore(row.b, precision, 1),
        },
        { head: 'Difference', numeric: true, cell: (row) => formatSigned(row.difference, precision / 10) },
        {
          head: (
            <>
              Drawn <span className="font-normal">(dotted: zero)</span>
              <Axis scale={scale} signed />
            </>
          ),
          headClassName: 'w-[36%] min-w-32',
          cell: (row) => (
            <IntervalBar
              scale={scale}
              mean={row.difference}
              low={row.interval?.low}
              high={row.interval?.high}
              rule={0}
              label={row.label}
            />
          ),
        },
      ]}
    />
  );
}
