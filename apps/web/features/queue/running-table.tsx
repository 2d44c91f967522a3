import { DataTable } from '@/components/data-table';
import { TextLink } from '@/components/ui';
import { progressText } from '@/features/runs/progress-text';
import type { Queue } from './query';

/** Runs under way. */
export function RunningTable({ runs }: { runs: Queue['runs']['nodes'] }) {
  return (
    <DataTable
      label="Running now"
      rows={runs}
      rowKey={(run) => run.id}
      columns={[
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
        {
          head: 'Where it is',
          cellClassName: 'min-w-40',
          cell: (run) =>
            run.progress ? (
              <>
                {progressText(run.progress)}
                <progress
                  aria-label="Progress"
                  className="block w-full h-1"
                  value={run.progress.step}
                  max={Math.max(1, run.progress.steps)}
                />
              </>
            ) : (
              'starting'
            ),
        },
        { head: 'Worker', cell: (run) => run.worker ?? '–' },
      ]}
    />
  );
}
