import { DataTable } from '@/components/data-table';
import { TextLink } from '@/components/ui';
import { formatParams, formatScore, words } from '@/lib/format';
import type { Method } from './query';

/** The entries that use a method, on any board. */
export function EntriesTable({ entries }: { entries: Method['entries'] }) {
  return (
    <DataTable
      label="Runs here"
      rows={entries}
      rowKey={(e) => e.id}
      columns={[
        {
          head: 'Benchmark',
          cell: (e) => <TextLink href={`/leaderboards/${e.benchmark.key}`}>{e.benchmark.title}</TextLink>,
        },
        {
          head: 'Variant',
          cell: (e) => (
            <>
              <TextLink href={`/entries/${e.id}`}>{words(e.division)}</TextLink>
              <span className="block text-soft">{formatParams(e.params)}</span>
            </>
          ),
        },
        {
          head: 'Score',
          numeric: true,
          cell: (e) => (
            <>
              {formatScore(e.mean, e.benchmark.primary.precision)}
              <span className="block text-soft text-[11px]">{e.benchmark.primary.title}</span>
            </>
          ),
        },
        { head: 'Rank', numeric: true, cell: (e) => e.rank ?? '–' },
      ]}
    />
  );
}
