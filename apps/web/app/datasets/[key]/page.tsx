import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown } from '@/components/markdown';
import { DataTable } from '@/components/data-table';
import { Badge, Facts, Hash, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatBytes, formatCount, words } from '@/lib/format';

const query = graphql(`
  query DatasetPage($key: String!) {
    dataset(key: $key) {
      key
      revision
      title
      summary
      licence
      licenceUrl
      redistributable
      citation
      items
      classes
      state
      stateMessage
      howToGet
      sources {
        file
        url
        bytes
        sha256
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

const load = cache(async (key: string) => (await request(query, { key })).dataset);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
}

export default async function DatasetPage({ params }: Props) {
  const d = await load(decodeURIComponent((await params).key));
  if (!d) notFound();
  const here = d.state === 'BUNDLED' || d.state === 'PRESENT';
  return (
    <>
      <PageHead
        title={d.title}
        kicker={
          <>
            Dataset <code>{d.key}</code>, revision {d.revision}
          </>
        }
      >
        {d.summary}
      </PageHead>
      <Facts
        items={[
          [
            'Here',
            <span key="s">
              <Badge tone={here ? 'good' : 'bad'}>{words(d.state)}</Badge> {d.stateMessage}
            </span>,
          ],
          ['Items', formatCount(d.items)],
          ['Classes', d.classes],
          [
            'Licence',
            d.licenceUrl ? (
              <a key="l" href={d.licenceUrl} rel="noreferrer">
                {d.licence}
              </a>
            ) : (
              d.licence
            ),
          ],
          ['Redistribution', d.redistributable ? 'allowed' : 'not allowed; its items are never shown here'],
          ['Citation', d.citation],
          [
            'Benchmarks',
            d.benchmarks.map((b) => (
              <span key={b.key} className="block">
                <TextLink href={`/leaderboards/${b.key}`}>{b.title}</TextLink>
              </span>
            )),
          ],
        ]}
      />
      <h2>How to get it</h2>
      <Markdown source={d.howToGet} />
      <h2>Files</h2>
      <p className="text-soft mb-2">
        Checksums are taken over the decompressed content, so a repacked archive is the same data.
      </p>
      <DataTable
        label="Files"
        rows={d.sources}
        rowKey={(s) => s.file}
        columns={[
          {
            head: 'File',
            cell: (s) => (
              <>
                <code>{s.file}</code>
                {s.url && (
                  <a className="block break-all" href={s.url} rel="noreferrer">
                    {s.url}
                  </a>
                )}
              </>
            ),
          },
          { head: 'Size', numeric: true, cell: (s) => formatBytes(s.bytes) },
          { head: 'SHA-256', fold: true, cell: (s) => <Hash value={s.sha256} length={24} /> },
        ]}
      />
    </>
  );
}
