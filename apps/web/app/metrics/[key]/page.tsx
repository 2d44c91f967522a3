import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown } from '@/components/markdown';
import { DataTable } from '@/components/data-table';
import { Facts, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';

const query = graphql(`
  query MetricPage($key: String!) {
    metric(key: $key) {
      key
      version
      title
      description
      resampling
      oracle
      outputs {
        key
        title
        direction
        unit
        low
        high
        precision
      }
      benchmarks {
        key
        title
      }
    }
  }
`);

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(query, { key })).metric);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
}

export default async function MetricPage({ params }: Props) {
  const m = await load(decodeURIComponent((await params).key));
  if (!m) notFound();
  const bound = (value: number | null, sign: string) => (value === null ? `${sign}∞` : value);
  return (
    <>
      <PageHead
        title={m.title}
        kicker={
          <>
            Metric <code>{m.key}</code> v{m.version}
          </>
        }
      />
      <Markdown source={m.description} />
      <h2>Scores</h2>
      <DataTable
        label="Scores"
        rows={m.outputs}
        rowKey={(o) => o.key}
        columns={[
          { head: 'Key', cell: (o) => <code>{o.key}</code> },
          { head: 'Title', cell: (o) => o.title },
          { head: 'Better', cell: (o) => (o.direction === 'HIGHER' ? 'higher ↑' : 'lower ↓') },
          { head: 'Unit', cell: (o) => o.unit },
          {
            head: 'Range',
            cell: (o) => (
              <>
                [{bound(o.low, '−')}, {bound(o.high, '')}]
              </>
            ),
          },
          { head: 'Ranks compare steps of', numeric: true, cell: (o) => o.precision },
        ]}
      />
      <h2>Facts</h2>
      <Facts
        items={[
          ['Resampling', m.resampling],
          ['Outside tool', m.oracle ?? 'none named'],
          [
            'Benchmarks',
            m.benchmarks.map((b) => (
              <span key={b.key} className="block">
                <TextLink href={`/leaderboards/${b.key}`}>{b.title}</TextLink>
              </span>
            )),
          ],
        ]}
      />
    </>
  );
}
