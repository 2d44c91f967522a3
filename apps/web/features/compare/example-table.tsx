import { DataTable } from '@/components/data-table';
import { formatShort } from '@/lib/format';
import type { Difference } from './query';

/** Test units on which A loses most against B. */
export function ExampleTable({ difference: d }: { difference: Difference }) {
  const rows = d.worstExamples ?? [];
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
          head: <Narrow>{d.a.label}</Narrow>,
          numeric: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatShort(row.a),
        },
        {
          head: <Narrow>{d.b.label}</Narrow>,
          numeric: true,
          headClassName: '!whitespace-normal',
          cell: (row) => formatShort(row.b),
        },
        { head: 'Difference', numeric: true, cell: (row) => formatShort(row.difference, true) },
      ]}
    />
  );
}

/** Long names of entries must not push the columns apart. */
function Narrow({ children }: { children: string }) {
  return <span className="inline-block max-w-44 min-w-16 break-words">{children}</span>;
}
