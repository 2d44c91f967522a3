import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Papers' };

const query = graphql(`
  query Papers {
    papers(first: 100) {
      nodes {
        id
        key
        title
        authors
        year
        venue
        methods {
          key
          title
        }
      }
    }
  }
`);

export default async function PapersPage() {
  const { papers } = await request(query);
  return (
    <>
      <PageHead title="Papers">
        The published sources. Their figures are claims and are never ranked with runs.
      </PageHead>
      <DataTable
        label="Papers"
        rows={papers.nodes}
        rowKey={(p) => p.id}
        columns={[
          {
            head: 'Paper',
            cellClassName: 'min-w-56',
            cell: (p) => (
              <>
                <TextLink href={`/papers/${p.key}`}>{p.title}</TextLink>
                <span className="block text-soft">{p.authors}</span>
              </>
            ),
          },
          { head: 'Venue', fold: true, cell: (p) => p.venue },
          { head: 'Year', numeric: true, cell: (p) => p.year },
          {
            head: 'Methods',
            cell: (p) =>
              p.methods.map((m) => (
                <span key={m.key} className="block">
                  <TextLink href={`/methods/${m.key}`}>{m.title}</TextLink>
                </span>
              )),
          },
        ]}
      />
    </>
  );
}
