import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { words } from '@/lib/format';

export const metadata: Metadata = { title: 'Methods' };

const query = graphql(`
  query Methods {
    methods(first: 100) {
      nodes {
        id
        key
        version
        title
        summary
        family
        slot
        paper {
          key
          year
          venue
        }
        benchmarks {
          key
        }
      }
    }
  }
`);

export default async function MethodsPage() {
  const { methods } = await request(query);
  return (
    <>
      <PageHead title="Methods">
        Published techniques, each defined once, with typed parameters and functions that can be checked with numbers.
      </PageHead>
      <DataTable
        label="Methods"
        rows={methods.nodes}
        rowKey={(m) => m.id}
        columns={[
          {
            head: 'Method',
            cellClassName: 'min-w-56',
            cell: (m) => (
              <>
                <TextLink href={`/methods/${m.key}`}>{m.title}</TextLink>{' '}
                <span className="text-soft">v{m.version}</span>
                <span className="block text-soft">{m.summary}</span>
              </>
            ),
          },
          { head: 'Slot', cell: (m) => words(m.slot) },
          { head: 'Family', fold: true, cell: (m) => m.family },
          {
            head: 'Paper',
            cell: (m) =>
              m.paper ? (
                <TextLink href={`/papers/${m.paper.key}`}>
                  {m.paper.venue.includes(String(m.paper.year)) ? m.paper.venue : `${m.paper.venue} ${m.paper.year}`}
                </TextLink>
              ) : (
                '–'
              ),
          },
          { head: 'Benchmarks', numeric: true, fold: true, cell: (m) => m.benchmarks.length },
        ]}
      />
    </>
  );
}
