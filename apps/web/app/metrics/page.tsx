import type { Metadata } from 'next';
import { PageHead, TableFrame, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Metrics' };

const query = graphql(`
  query Metrics {
    metrics(first: 100) {
      nodes {
        id
        key
        version
        title
        resampling
        outputs {
          key
          direction
        }
        benchmarks {
          key
        }
      }
    }
  }
`);

export default async function MetricsPage() {
  const { metrics } = await request(query);
  return (
    <>
      <PageHead title="Metrics">
        Named in full, versioned, with their direction, range, ties and missing values written down.
      </PageHead>
      <TableFrame label="Metrics">
        <table className="max-sm:[&_:is(th,td):nth-child(3)]:hidden max-sm:[&_:is(th,td):nth-child(4)]:hidden">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Score keys</th>
              <th scope="col">Unit of resampling</th>
              <th scope="col" className="num">
                Benchmarks
              </th>
            </tr>
          </thead>
          <tbody>
            {metrics.nodes.map((m) => (
              <tr key={m.id}>
                <td>
                  <TextLink href={`/metrics/${m.key}`}>{m.title}</TextLink>{' '}
                  <span className="text-soft">v{m.version}</span>
                </td>
                <td>
                  {m.outputs.map((o) => (
                    <span key={o.key} className="block">
                      <code>{o.key}</code>{' '}
                      <span className="text-soft">{o.direction === 'HIGHER' ? 'higher' : 'lower'} is better</span>
                    </span>
                  ))}
                </td>
                <td>{m.resampling}</td>
                <td className="num">{m.benchmarks.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
