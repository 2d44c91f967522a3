import { DataTable } from '@/components/data-table';
import type { Run } from './query';

/** The scores of one run, the primary one set off. */
export function RunScores({ run }: { run: Run }) {
  return (
    <DataTable
      label="Scores"
      rows={run.scores}
      rowKey={(s) => s.key}
      rowClassName={(s) => (s.key === run.benchmark.primary.key ? 'font-medium' : undefined)}
      columns={[
        {
          head: 'Score',
          cell: (s) => (
            <>
              {run.benchmark.scoreKeys.find((k) => k.key === s.key)?.title ?? s.key}{' '}
              <code className="text-soft">{s.key}</code>
            </>
          ),
        },
        { head: 'Value', numeric: true, cell: (s) => s.value.toPrecision(6) },
      ]}
    />
  );
}
