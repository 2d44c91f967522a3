import type { Metadata } from 'next';
import { PageHead, TableFrame, TextLink } from '@/components/ui';
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
      <TableFrame label="Methods">
        <table className="max-sm:[&_:is(th,td):nth-child(3)]:hidden max-sm:[&_:is(th,td):nth-child(5)]:hidden">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">Slot</th>
              <th scope="col">Family</th>
              <th scope="col">Paper</th>
              <th scope="col" className="num">
                Benchmarks
              </th>
            </tr>
          </thead>
          <tbody>
            {methods.nodes.map((m) => (
              <tr key={m.id}>
                <td className="min-w-56">
                  <TextLink href={`/methods/${m.key}`}>{m.title}</TextLink>{' '}
                  <span className="text-soft">v{m.version}</span>
                  <span className="block text-soft">{m.summary}</span>
                </td>
                <td>{words(m.slot)}</td>
                <td>{m.family}</td>
                <td>
                  {m.paper ? (
                    <TextLink href={`/papers/${m.paper.key}`}>
                      {m.paper.venue.includes(String(m.paper.year))
                        ? m.paper.venue
                        : `${m.paper.venue} ${m.paper.year}`}
                    </TextLink>
                  ) : (
                    '–'
                  )}
                </td>
                <td className="num">{m.benchmarks.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
