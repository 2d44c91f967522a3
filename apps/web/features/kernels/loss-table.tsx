import { DataTable } from '@/components/data-table';
import { memory, names, time, valueAt } from './measured';
import type { Line } from './measured';

const order: readonly Line['name'][] = ['fused', 'composed', 'pytorch'];

const round = (value: number | undefined, digits: number) =>
  value === undefined ? '–' : Number(value.toPrecision(digits)).toLocaleString('en');

/** Time and memory of each loss at one size, and how many times PyTorch's time the fused form takes. */
export function LossTable({ n }: { n: number }) {
  const rows = time.map((panel) => ({ panel, held: memory.find(({ title }) => title === panel.title) }));
  const ratio = (row: (typeof rows)[number], other: Line['name']) => {
    const [own, theirs] = [valueAt(row.panel, 'fused', n), valueAt(row.panel, other, n)];
    return own === undefined || theirs === undefined ? '–' : `${(own / theirs).toFixed(2)} ×`;
  };
  return (
    <DataTable
      label={`Losses at n = ${n}`}
      rows={rows}
      rowKey={({ panel }) => panel.title}
      columns={[
        { head: 'Loss', cell: ({ panel }) => panel.title },
        ...order.map((name) => ({
          head: `${names[name]}, ms`,
          numeric: true,
          cell: ({ panel }: (typeof rows)[number]) => round(valueAt(panel, name, n), 3),
        })),
        { head: 'fused / composed', numeric: true, cell: (row) => ratio(row, 'composed') },
        { head: 'fused / PyTorch', numeric: true, cell: (row) => ratio(row, 'pytorch') },
        ...order.map((name) => ({
          head: `${names[name]}, MiB`,
          numeric: true,
          cell: ({ held }: (typeof rows)[number]) => round(valueAt(held, name, n), 3),
        })),
      ]}
    />
  );
}
