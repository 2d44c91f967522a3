import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { Badge, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatCount, words } from '@/lib/format';

export const metadata: Metadata = { title: 'Datasets' };

const query = graphql(`
  query Datasets {
    datasets(first: 100) {
      nodes {
        id
        key
        revision
        title
        summary
        licence
        items
        classes
        state
        stateMessage
        benchmarks {
          key
        }
      }
    }
  }
`);

export default async function DatasetsPage() {
  const { datasets } = await request(query);
  return (
    <>
      <PageHead title="Datasets">
        Each pinned to a revision whose content is checked by SHA-256. Nothing is ever substituted in silence.
      </PageHead>
      <DataTable
        label="Datasets"
        rows={datasets.nodes}
        rowKey={(d) => d.id}
        columns={[
          {
            head: 'Dataset',
            cellClassName: 'min-w-56',
            cell: (d) => (
              <>
                <TextLink href={`/datasets/${d.key}`}>{d.title}</TextLink>{' '}
                <span className="text-soft">{d.revision}</span>
                <span className="block text-soft">{d.summary}</span>
              </>
            ),
          },
          { head: 'Items', numeric: true, cell: (d) => formatCount(d.items) },
          { head: 'Classes', numeric: true, fold: true, cell: (d) => d.classes },
          { head: 'Licence', fold: true, cell: (d) => d.licence },
          {
            head: 'Here',
            cell: (d) => (
              <Badge tone={d.state === 'BUNDLED' || d.state === 'PRESENT' ? 'good' : 'bad'} title={d.stateMessage}>
                {words(d.state)}
              </Badge>
            ),
          },
          { head: 'Benchmarks', numeric: true, fold: true, cell: (d) => d.benchmarks.length },
        ]}
      />
    </>
  );
}
