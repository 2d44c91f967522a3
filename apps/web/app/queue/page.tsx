import type { Metadata } from 'next';
import { Live } from '@/components/live';
import { DataTable } from '@/components/data-table';
import { Badge, Empty, PageHead, TextLink } from '@/components/ui';
import { progressText } from '@/features/runs/progress-text';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatAgo, formatBytes, words } from '@/lib/format';

export const metadata: Metadata = { title: 'Queue and workers' };

const query = graphql(`
  query QueuePage {
    queue {
      queued
      running
      message
      lastClaimAt
      workers {
        id
        name
        state
        lastSeenAt
        backends
        datasets
        memoryBytes
        running
        capacity
        codeVersion
        refusal
      }
      next {
        id
        seed
        state
        waitingReason
        queuePosition
        benchmark {
          key
          title
        }
        entry {
          label
        }
      }
    }
    runs(where: { states: [RUNNING] }, first: 50) {
      nodes {
        id
        seed
        worker
        benchmark {
          key
          title
        }
        entry {
          label
        }
        progress {
          phase
          step
          steps
          etaMs
        }
      }
    }
  }
`);

export default async function QueuePage() {
  const { queue, runs } = await request(query);
  const now = Date.now();
  return (
    <>
      <Live everyMs={2500} />
      <PageHead title="Queue and workers">
        {queue.running} running, {queue.queued} waiting. {queue.message}
      </PageHead>
      <h2>Workers</h2>
      {queue.workers.length === 0 ? (
        <Empty>No worker has ever asked for work here.</Empty>
      ) : (
        <DataTable
          label="Workers"
          rows={queue.workers}
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
      )}
      <h2>Running now</h2>
      {runs.nodes.length === 0 ? (
        <Empty>Nothing runs.</Empty>
      ) : (
        <DataTable
          label="Running now"
          rows={runs.nodes}
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
      )}
      <h2>Next runs</h2>
      {queue.next.length === 0 ? (
        <Empty>Nothing waits.</Empty>
      ) : (
        <DataTable
          label="Next runs"
          rows={queue.next}
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
      )}
    </>
  );
}
