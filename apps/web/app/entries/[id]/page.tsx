import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Badge, ClaimMark, PageHead, TextLink } from '@/components/ui';
import { EntryFacts } from '@/features/entries/entry-facts';
import { History } from '@/features/entries/history';
import { RunsTable } from '@/features/entries/runs-table';
import { ScoresTable } from '@/features/entries/scores-table';
import { entryQuery } from '@/features/entries/query';
import { request } from '@/lib/api/client';
import { words } from '@/lib/format';

interface Props {
  params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => {
  const { node } = await request(entryQuery, { id });
  return node?.__typename === 'Entry' ? node : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const entry = await load(decodeURIComponent((await params).id));
  return { title: entry ? `${entry.label}, ${entry.benchmark.title}` : 'Not found' };
}

export default async function EntryPage({ params }: Props) {
  const e = await load(decodeURIComponent((await params).id));
  if (!e) notFound();
  const live = e.runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
  return (
    <>
      {live && <Live everyMs={2500} />}
      <PageHead
        title={e.label}
        kicker={
          <>
            Entry of{' '}
            <TextLink href={`/leaderboards/${e.benchmark.key}?division=${e.division.toLowerCase()}`}>
              {e.benchmark.title}
            </TextLink>
          </>
        }
      >
        <span className="flex flex-wrap gap-2">
          <ClaimMark claim={e.claim} /> <Badge>{words(e.division)}</Badge>
          {e.reference && <Badge tone="accent">{words(e.reference)}</Badge>}
          {e.belowUntrained && <Badge tone="bad">below untrained</Badge>}
          {e.edge && <Badge>edge</Badge>}
          {e.notConverged && <Badge>not converged</Badge>}
          {e.shipped && <Badge>shipped</Badge>}
        </span>
      </PageHead>
      <EntryFacts entry={e} />
      <h2>Scores</h2>
      <ScoresTable entry={e} />
      {e.claim !== 'REPORTED' && (
        <>
          <h2>Runs</h2>
          <RunsTable entry={e} />
        </>
      )}
      <h2>History</h2>
      <History events={e.events} />
      <details className="mt-6">
        <summary>Variant as it is hashed</summary>
        <pre tabIndex={0} className="mt-2">
          {JSON.stringify(e.variant, null, 2)}
        </pre>
      </details>
    </>
  );
}
