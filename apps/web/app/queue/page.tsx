import type { Metadata } from 'next';
import { Live } from '@/components/live';
import { Empty, PageHead } from '@/components/ui';
import { NextTable } from '@/features/queue/next-table';
import { RunningTable } from '@/features/queue/running-table';
import { WorkersTable } from '@/features/queue/workers-table';
import { queueQuery } from '@/features/queue/query';
import { request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Queue and workers' };

export default async function QueuePage() {
  const { queue, runs } = await request(queueQuery);
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
        <WorkersTable workers={queue.workers} now={now} />
      )}
      <h2>Running now</h2>
      {runs.nodes.length === 0 ? <Empty>Nothing runs.</Empty> : <RunningTable runs={runs.nodes} />}
      <h2>Next runs</h2>
      {queue.next.length === 0 ? <Empty>Nothing waits.</Empty> : <NextTable runs={queue.next} />}
    </>
  );
}
