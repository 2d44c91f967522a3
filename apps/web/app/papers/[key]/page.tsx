import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Facts, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';

const query = graphql(`
  query PaperPage($key: String!) {
    paper(key: $key) {
      key
      title
      authors
      year
      venue
      url
      arxiv
      bibtex
      methods {
        key
        title
        summary
      }
    }
  }
`);

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(query, { key })).paper);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
}

export default async function PaperPage({ params }: Props) {
  const p = await load(decodeURIComponent((await params).key));
  if (!p) notFound();
  return (
    <>
      <PageHead title={p.title} kicker="Paper">
        {p.authors}
      </PageHead>
      <Facts
        items={[
          ['Venue', p.venue.includes(String(p.year)) ? p.venue : `${p.venue}, ${p.year}`],
          p.arxiv
            ? [
                'arXiv',
                <a key="a" href={`https://arxiv.org/abs/${encodeURIComponent(p.arxiv)}`} rel="noreferrer">
                  {p.arxiv}
                </a>,
              ]
            : null,
          p.url
            ? [
                'Address',
                <a key="u" href={p.url} rel="noreferrer" className="break-all">
                  {p.url}
                </a>,
              ]
            : null,
          [
            'Methods',
            p.methods.map((m) => (
              <span key={m.key} className="block">
                <TextLink href={`/methods/${m.key}`}>{m.title}</TextLink> <span className="text-soft">{m.summary}</span>
              </span>
            )),
          ],
        ]}
      />
      <h2>BibTeX</h2>
      <pre tabIndex={0}>{p.bibtex}</pre>
    </>
  );
}
