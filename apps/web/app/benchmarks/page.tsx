import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { Badge, PageHead, ScaleBadge, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatScore, words } from '@/lib/format';

export const metadata: Metadata = { title: 'Benchmarks' };

const query = graphql(`
  query Benchmarks {
    benchmarks(first: 100) {
      nodes {
        id
        key
        version
        title
        summary
        scale
        fidelity
        state
        track
        slot
        entryCount
        resolution
        primary {
          title
          precision
        }
        datasets {
          key
          title
        }
        seeds
      }
    }
  }
`);

export default async function BenchmarksPage() {
  const { benchmarks } = await request(query);
  return (
    <>
      <PageHead title="Benchmarks">
        Each is a frozen, versioned protocol with a hash that stands in every run. A change is a new version, never an
        edit.
      </PageHead>
      <DataTable
        label="Benchmarks"
        rows={benchmarks.nodes}
        rowKey={(b) => b.id}
        columns={[
          {
            head: 'Benchmark',
            cellClassName: 'min-w-56',
            cell: (b) => (
              <>
                <TextLink href={`/leaderboards/${b.key}`}>{b.title}</TextLink>{' '}
                <span className="text-soft">v{b.version}</span>
                <span className="block text-soft">{b.summary}</span>
                <span className="flex flex-wrap gap-2 mt-0.5">
                  <ScaleBadge scale={b.scale} fidelity={b.fidelity} />
                  <TextLink href={`/benchmarks/${b.key}`}>protocol</TextLink>
                </span>
              </>
            ),
          },
          { head: 'Ranks', fold: true, cell: (b) => words(b.track === 'PREDICTIONS' ? b.track : b.slot) },
          { head: 'Primary score', fold: true, cell: (b) => b.primary.title },
          {
            head: 'Resolution',
            numeric: true,
            fold: true,
            cell: (b) => (b.resolution === null ? '–' : formatScore(b.resolution, b.primary.precision)),
          },
          {
            head: 'Data',
            fold: true,
            cell: (b) =>
              b.datasets.map((d) => (
                <TextLink key={d.key} href={`/datasets/${d.key}`}>
                  {d.title}
                </TextLink>
              )),
          },
          { head: 'Entries', numeric: true, cell: (b) => b.entryCount },
          {
            head: 'State',
            cell: (b) =>
              b.state === 'READY' ? <Badge tone="good">ready</Badge> : <Badge tone="bad">{words(b.state)}</Badge>,
          },
        ]}
      />
    </>
  );
}
