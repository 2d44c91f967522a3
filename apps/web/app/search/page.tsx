import type { Metadata } from 'next';
import { Empty, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { words } from '@/lib/format';

export const metadata: Metadata = { title: 'Search' };

const query = graphql(`
  query Search($text: String!) {
    search(query: $text, first: 50) {
      kind
      key
      title
      summary
      href
    }
  }
`);

export default async function SearchPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { q } = await searchParams;
  const text = (Array.isArray(q) ? q[0] : q)?.trim().slice(0, 200) ?? '';
  const hits = text ? (await request(query, { text })).search : [];
  return (
    <>
      <PageHead title="Search" />
      <form className="flex gap-3 mb-6">
        <label htmlFor="q" className="sr-only">
          Search for
        </label>
        <input id="q" name="q" type="search" defaultValue={text} className="grow max-w-[480px]" />
        <button className="button">Search</button>
      </form>
      {text && hits.length === 0 && <Empty>Nothing is called “{text}”.</Empty>}
      <ul>
        {hits.map((hit) => (
          <li key={`${hit.kind}${hit.key}`} className="border-b border-line py-2">
            <TextLink href={/^\/(?!\/)/.test(hit.href) ? hit.href : '/'}>{hit.title}</TextLink>{' '}
            <span className="text-soft">{words(hit.kind)}</span>
            <span className="block text-soft max-w-[80ch]">{hit.summary}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
