import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { PageHead, TextLink } from '@/components/ui';
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
      <DataTable
        label="Metrics"
        rows={metrics.nodes}
        rowKey={(m) => m.id}
        columns={[
          {
            head: 'Metric',
            cell: (m) => (
              <>
                <TextLink href={`/metrics/${m.key}`}>{m.title}</TextLink>{' '}
                <span className="text-soft">v{m.version}</span>
              </>
            ),
          },
          {
            head: 'Score keys',
            cell: (m) =>
              m.outputs.map((o) => (
                <span key={o.key} className="block">
                  <code>{o.key}</code>{' '}
                  <span className="text-soft">{o.direction === 'HIGHER' ? 'higher' : 'lower'} is better</span>
                </span>
              )),
          },
          { head: 'Unit of resampling', fold: true, cell: (m) => m.resampling },
          { head: 'Benchmarks', numeric: true, fold: true, cell: (m) => m.benchmarks.length },
        ]}
      />
    </>
  );
}
