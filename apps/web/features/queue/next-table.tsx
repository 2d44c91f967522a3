import { DataTable } from '@/components/data-table';
import { TextLink } from '@/components/ui';
import type { Queue } from './query';

/** Runs that wait, in the order they will be taken. */
export function NextTable({ runs }: { runs: Queue['queue']['next'] }) {
  return (
    <DataTable
      label="Next runs"
      rows={runs}
      rowKey={(run) => run.id}
      columns={[
        {
          head: 'Position',
          numeric: true,
          headClassName: 'w-px',
          cellClassName: '!pr-6',
          cell: (run) => run.queuePosition ?? '–',
        },
        {
          head: 'Run',
          cell: (run) => (
            <TextLink href={`/runs/${run.id}`}>
              {run.entry?.label ?? 'run'}, seed {run.seed}
            </TextLink>
          ),
        },
        {
          head: 'Benchmark',
          cell: (run) => <TextLink href={`/leaderboards/${run.benchmark.key}`}>{run.benchmark.title}</TextLink>,
        },
        { head: 'Why it waits', cellClassName: 'text-soft', cell: (run) => run.waitingReason ?? 'for its turn' },
      ]}
    />
  );
}
