import type { Metadata } from 'next';
import { Badge, PageHead, TableFrame, TextLink } from '@/components/ui';
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
      <TableFrame label="Datasets">
        <table className="max-sm:[&_:is(th,td):nth-child(3)]:hidden max-sm:[&_:is(th,td):nth-child(4)]:hidden max-sm:[&_:is(th,td):nth-child(6)]:hidden">
          <thead>
            <tr>
              <th scope="col">Dataset</th>
              <th scope="col" className="num">
                Items
              </th>
              <th scope="col" className="num">
                Classes
              </th>
              <th scope="col">Licence</th>
              <th scope="col">Here</th>
              <th scope="col" className="num">
                Benchmarks
              </th>
            </tr>
          </thead>
          <tbody>
            {datasets.nodes.map((d) => (
              <tr key={d.id}>
                <td className="min-w-56">
                  <TextLink href={`/datasets/${d.key}`}>{d.title}</TextLink>{' '}
                  <span className="text-soft">{d.revision}</span>
                  <span className="block text-soft">{d.summary}</span>
                </td>
                <td className="num">{formatCount(d.items)}</td>
                <td className="num">{d.classes}</td>
                <td>{d.licence}</td>
                <td>
                  <Badge tone={d.state === 'BUNDLED' || d.state === 'PRESENT' ? 'good' : 'bad'} title={d.stateMessage}>
                    {words(d.state)}
                  </Badge>
                </td>
                <td className="num">{d.benchmarks.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
