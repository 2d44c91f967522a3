import type { Metadata } from 'next';
import { Live } from '@/components/live';
import { Badge, Empty, PageHead, TableFrame, TextLink } from '@/components/ui';
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
        <TableFrame label="Workers">
          <table className="max-sm:[&_:is(th,td):nth-child(5)]:hidden max-sm:[&_:is(th,td):nth-child(7)]:hidden max-sm:[&_:is(th,td):nth-child(8)]:hidden">
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">State</th>
                <th scope="col">Last seen</th>
                <th scope="col" className="num">
                  Running
                </th>
                <th scope="col">Backends</th>
                <th scope="col">Datasets</th>
                <th scope="col" className="num">
                  Memory
                </th>
                <th scope="col">Code</th>
              </tr>
            </thead>
            <tbody>
              {queue.workers.map((w) => (
                <tr key={w.id}>
                  <td>
                    {w.name}
                    {w.refusal && <span className="block text-bad max-w-[40ch]">{w.refusal}</span>}
                  </td>
                  <td>
                    <Badge tone={w.state === 'ONLINE' ? 'good' : 'plain'}>{words(w.state)}</Badge>
                  </td>
                  <td className="whitespace-nowrap">{formatAgo(w.lastSeenAt, now)}</td>
                  <td className="num">
                    {w.running} of {w.capacity}
                  </td>
                  <td>{w.backends.join(', ')}</td>
                  <td>{w.datasets.join(', ')}</td>
                  <td className="num">
                    {w.memoryBytes !== null && w.memoryBytes > 1e15 ? 'no limit' : formatBytes(w.memoryBytes)}
                  </td>
                  <td>
                    <code>{w.codeVersion}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <h2>Running now</h2>
      {runs.nodes.length === 0 ? (
        <Empty>Nothing runs.</Empty>
      ) : (
        <TableFrame label="Running now">
          <table>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">Benchmark</th>
                <th scope="col">Where it is</th>
                <th scope="col">Worker</th>
              </tr>
            </thead>
            <tbody>
              {runs.nodes.map((run) => (
                <tr key={run.id}>
                  <td>
                    <TextLink href={`/runs/${run.id}`}>
                      {run.entry?.label ?? 'run'}, seed {run.seed}
                    </TextLink>
                  </td>
                  <td>
                    <TextLink href={`/leaderboards/${run.benchmark.key}`}>{run.benchmark.title}</TextLink>
                  </td>
                  <td className="min-w-40">
                    {run.progress ? (
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
                    )}
                  </td>
                  <td>{run.worker ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <h2>Next runs</h2>
      {queue.next.length === 0 ? (
        <Empty>Nothing waits.</Empty>
      ) : (
        <TableFrame label="Next runs">
          <table>
            <thead>
              <tr>
                <th scope="col" className="num w-px">
                  Position
                </th>
                <th scope="col">Run</th>
                <th scope="col">Benchmark</th>
                <th scope="col">Why it waits</th>
              </tr>
            </thead>
            <tbody>
              {queue.next.map((run) => (
                <tr key={run.id}>
                  <td className="num !pr-6">{run.queuePosition ?? '–'}</td>
                  <td>
                    <TextLink href={`/runs/${run.id}`}>
                      {run.entry?.label ?? 'run'}, seed {run.seed}
                    </TextLink>
                  </td>
                  <td>
                    <TextLink href={`/leaderboards/${run.benchmark.key}`}>{run.benchmark.title}</TextLink>
                  </td>
                  <td className="text-soft">{run.waitingReason ?? 'for its turn'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  );
}
