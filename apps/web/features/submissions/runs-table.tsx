import { DataTable } from '@/components/data-table';
import { StateMark, TextLink } from '@/components/ui';
import { progressText } from '@/features/runs/progress-text';
import { formatDuration, formatScore, words } from '@/lib/format';
import type { Submission } from './query';

/** The runs of a submission by seed (of predictions: the one that scores them), with their place in the queue or their progress. */
export function SubmissionRunsTable({ submission: s }: { submission: Submission }) {
  const precision = s.benchmark.primary.precision;
  const sent = s.benchmark.track === 'PREDICTIONS';
  return (
    <DataTable
      label={sent ? 'Scoring' : 'Runs'}
      rows={s.runs}
      rowKey={(run) => run.id}
      columns={[
        sent
          ? { head: 'Run', cell: (run) => <TextLink href={`/runs/${run.id}`}>scoring</TextLink> }
          : { head: 'Seed', numeric: true, cell: (run) => <TextLink href={`/runs/${run.id}`}>{run.seed}</TextLink> },
        { head: 'State', cell: (run) => <StateMark state={run.state} /> },
        {
          head: 'Where it is',
          cellClassName: 'text-soft min-w-48 break-words',
          cell: (run) =>
            run.state === 'RUNNING' && run.progress ? (
              <span className="block">
                {progressText(run.progress)}
                <progress
                  aria-label={sent ? 'Progress' : `Progress of seed ${run.seed}`}
                  className="block w-full h-1 accent-[var(--accent)]"
                  value={run.progress.step}
                  max={Math.max(1, run.progress.steps)}
                />
              </span>
            ) : run.state === 'QUEUED' ? (
              run.queuePosition === null ? (
                'waiting'
              ) : (
                `position ${run.queuePosition} in the queue`
              )
            ) : run.reason === 'BAD_FILE' ? (
              'bad file: see above'
            ) : run.reason ? (
              `${words(run.reason)}: ${run.message ?? ''}`
            ) : (
              ''
            ),
        },
        {
          head: s.benchmark.primary.title,
          numeric: true,
          cell: (run) =>
            formatScore(run.scores.find((score) => score.key === s.benchmark.primary.key)?.value, precision, 1),
        },
        { head: 'Time', numeric: true, cell: (run) => formatDuration(run.cost.wallMs) },
      ]}
    />
  );
}
