import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown } from '@/components/markdown';
import { Facts, PageHead, TableFrame, TextLink } from '@/components/ui';
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
      <TableFrame label="Scores">
        <table>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Title</th>
              <th scope="col">Better</th>
              <th scope="col">Unit</th>
              <th scope="col">Range</th>
              <th scope="col" className="num">
                Ranks compare steps of
              </th>
            </tr>
          </thead>
          <tbody>
            {m.outputs.map((o) => (
              <tr key={o.key}>
                <td>
                  <code>{o.key}</code>
                </td>
                <td>{o.title}</td>
                <td>{o.direction === 'HIGHER' ? 'higher ↑' : 'lower ↓'}</td>
                <td>{o.unit}</td>
                <td>
                  [{bound(o.low, '−')}, {bound(o.high, '')}]
                </td>
                <td className="num">{o.precision}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
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
