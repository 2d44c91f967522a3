import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Badge, ClaimMark, Notice, PageHead, TextLink } from '@/components/ui';
import { EntryFacts } from '@/features/entries/entry-facts';
import { History } from '@/features/entries/history';
import { RunsTable } from '@/features/entries/runs-table';
import { ScoresTable } from '@/features/entries/scores-table';
import { type Entry, entryQuery, type TiedEntry, tiesQuery } from '@/features/entries/query';
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

/** Rows that no comparison of the board separates from an entry; null where it is not compared. */
async function tiedWith(e: Entry): Promise<TiedEntry[] | null> {
  if (e.tieGroups.length === 0) return null;
  const { benchmark, division, claim } = e;
  const key = `${benchmark.key}@${benchmark.version}`;
  const { leaderboard } = await request(tiesQuery, { key, division, claims: [claim] });
  return leaderboard.nodes.filter(
    (row) => row.id !== e.id && row.tieGroups.some((group) => e.tieGroups.includes(group)),
  );
}

function boardAddress({ benchmark, division, claim, id }: Entry): string {
  const choice = benchmark.track === 'TRAIN' ? { division } : { claim };
  const query = new URLSearchParams(Object.entries(choice).map(([name, value]) => [name, value.toLowerCase()]));
  query.set('entry', id);
  return `/leaderboards/${benchmark.key}@${benchmark.version}?${query}`;
}

export default async function EntryPage({ params }: Props) {
  const e = await load(decodeURIComponent((await params).id));
  if (!e) notFound();
  const tied = await tiedWith(e);
  const live = e.runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
  return (
    <>
      {live && <Live everyMs={2500} />}
      <PageHead
        title={e.label}
        kicker={
          <>
            Entry of <TextLink href={boardAddress(e)}>{e.benchmark.title}</TextLink>
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
          {e.supersededReason !== null && <Badge tone="bad">superseded</Badge>}
        </span>
      </PageHead>
      {e.supersededReason !== null && (
        <Notice tone="bad">
          These numbers no longer stand: {e.supersededReason}.{' '}
          {e.supersededBy && (
            <>
              The same files were scored again:{' '}
              <TextLink href={`/entries/${e.supersededBy.id}`}>
                {e.supersededBy.label} on {e.supersededBy.benchmark.title} (version {e.supersededBy.benchmark.version})
              </TextLink>
            </>
          )}
        </Notice>
      )}
      <EntryFacts entry={e} tied={tied} />
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
