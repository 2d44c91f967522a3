import type { Metadata } from 'next';
import { PageHead, TableFrame, TextLink } from '@/components/ui';
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
      <TableFrame label="Papers">
        <table className="max-sm:[&_:is(th,td):nth-child(2)]:hidden">
          <thead>
            <tr>
              <th scope="col">Paper</th>
              <th scope="col">Venue</th>
              <th scope="col" className="num">
                Year
              </th>
              <th scope="col">Methods</th>
            </tr>
          </thead>
          <tbody>
            {papers.nodes.map((p) => (
              <tr key={p.id}>
                <td className="min-w-56">
                  <TextLink href={`/papers/${p.key}`}>{p.title}</TextLink>
                  <span className="block text-soft">{p.authors}</span>
                </td>
                <td>{p.venue}</td>
                <td className="num">{p.year}</td>
                <td>
                  {p.methods.map((m) => (
                    <span key={m.key} className="block">
                      <TextLink href={`/methods/${m.key}`}>{m.title}</TextLink>
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
