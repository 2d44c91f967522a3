import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown } from '@/components/markdown';
import { Link } from '@/components/link';
import { Badge, Notice, PageHead, ScaleBadge, TextLink } from '@/components/ui';
import { PredictionsGuide } from '@/features/benchmarks/predictions-guide';
import { ProtocolFacts } from '@/features/benchmarks/protocol-facts';
import { ScoreKeys } from '@/features/benchmarks/score-keys';
import { SlotList } from '@/features/benchmarks/slot-list';
import { benchmarkQuery } from '@/features/benchmarks/query';
import { request } from '@/lib/api/client';

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(benchmarkQuery, { key })).benchmark);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title.concat(', protocol') ?? 'Not found' };
}

export default async function BenchmarkPage({ params }: Props) {
  const b = await load(decodeURIComponent((await params).key));
  if (!b) notFound();
  const sent = b.track === 'PREDICTIONS';
  return (
    <>
      <PageHead
        title={b.title}
        kicker={
          <span className="flex flex-wrap gap-2 items-center">
            Benchmark{' '}
            <code>
              {b.key}@{b.version}
            </code>{' '}
            <ScaleBadge scale={b.scale} fidelity={b.fidelity} />{' '}
            {b.state === 'SUPERSEDED' && <Badge tone="bad">superseded</Badge>}
          </span>
        }
      >
        {b.summary} <TextLink href={`/leaderboards/${b.key}`}>Leaderboard, {b.entryCount} entries</TextLink>
      </PageHead>
      {sent ? (
        <p className="mb-6">
          <Link href={`/submit?benchmark=${b.key}`} className="button button-primary">
            Submit predictions
          </Link>
        </p>
      ) : (
        b.state === 'DATA_MISSING' && <Notice tone="bad">{b.stateMessage}</Notice>
      )}
      <div className="grid gap-8 lg:grid-cols-[3fr_2fr]">
        <div className="min-w-0">
          <Markdown source={b.page} />
          {sent && <PredictionsGuide benchmark={b} />}
          {b.slots.length > 0 && (
            <>
              <h2>Slots</h2>
              <SlotList slots={b.slots} />
            </>
          )}
        </div>
        <div className="min-w-0">
          <h2 className="!mt-0">Protocol</h2>
          <ProtocolFacts benchmark={b} />
          {sent && <ScoreKeys benchmark={b} />}
          <h2>As it is hashed</h2>
          <pre tabIndex={0} className="max-h-[480px] overflow-y-auto">
            {JSON.stringify(b.protocol, null, 2)}
          </pre>
        </div>
      </div>
    </>
  );
}
