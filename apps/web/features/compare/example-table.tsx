import { DataTable } from '@/components/data-table';
import { formatScore, formatSigned } from '@/lib/format';
import { type Difference, fine, scoreOf } from './query';

/** Test units on which A loses most against B. */
export function ExampleTable({ difference: d }: { difference: Difference }) {
  const rows = d.worstExamples ?? [];
  const step = fine(scoreOf(d));
  const grouped = rows.some((row) => row.group !== null);
  if (rows.length === 0) return <p className="text-soft">{d.a.label} is nowhere worse.</p>;
  return (
    <DataTable
      label="Worst examples"
      rows={rows}
      rowKey={(row) => row.unit}
      columns={[
        {
          head: 'Test unit',
          cellClassName: 'break-all',
          cell: (row) => (row.name === null ? `no. ${row.unit}` : <code>{row.name}</code>),
        },
        ...(grouped ? [{ head: 'Class', cell: (row: (typeof rows)[number]) => row.group ?? '–' }] : []),
        {
          head: d.a.label,
          numeric: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatScore(row.a, step),
        },
        {
          head: d.b.label,
          numeric: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatScore(row.b, step),
        },
        { head: 'Difference', numeric: true, cell: (row) => formatSigned(row.difference, step) },
      ]}
    />
  );
}
