import { DataTable } from '@/components/data-table';
import { Badge } from '@/components/ui';
import { formatAgo, formatBytes, words } from '@/lib/format';
import type { Queue } from './query';

/** The workers that ever asked for work, with what they offer; `now` in milliseconds. */
export function WorkersTable({ workers, now }: { workers: Queue['queue']['workers']; now: number }) {
  return (
    <DataTable
      label="Workers"
      rows={workers}
      rowKey={(w) => w.id}
      columns={[
        {
          head: 'Worker',
          cell: (w) => (
            <>
              {w.name}
              {w.refusal && <span className="block text-bad max-w-[40ch]">{w.refusal}</span>}
            </>
          ),
        },
        {
          head: 'State',
          cell: (w) => <Badge tone={w.state === 'ONLINE' ? 'good' : 'plain'}>{words(w.state)}</Badge>,
        },
        { head: 'Last seen', cellClassName: 'whitespace-nowrap', cell: (w) => formatAgo(w.lastSeenAt, now) },
        {
          head: 'Running',
          numeric: true,
          cell: (w) => (
            <>
              {w.running} of {w.capacity}
            </>
          ),
        },
        { head: 'Backends', fold: true, cell: (w) => w.backends.join(', ') },
        { head: 'Datasets', cell: (w) => w.datasets.join(', ') },
        {
          head: 'Memory',
          numeric: true,
          fold: true,
          cell: (w) => (w.memoryBytes !== null && w.memoryBytes > 1e15 ? 'no limit' : formatBytes(w.memoryBytes)),
        },
        { head: 'Code', fold: true, cell: (w) => <code>{w.codeVersion}</code> },
      ]}
    />
  );
}
