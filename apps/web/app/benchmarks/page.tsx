import type { Metadata } from 'next';
import { Badge, PageHead, ScaleBadge, TableFrame, TextLink } from '@/components/ui';
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
      <TableFrame label="Benchmarks">
        <table className="max-sm:[&_:is(th,td):nth-child(2)]:hidden max-sm:[&_:is(th,td):nth-child(3)]:hidden max-sm:[&_:is(th,td):nth-child(4)]:hidden max-sm:[&_:is(th,td):nth-child(5)]:hidden">
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              <th scope="col">Ranks</th>
              <th scope="col">Primary score</th>
              <th scope="col" className="num">
                Resolution
              </th>
              <th scope="col">Data</th>
              <th scope="col" className="num">
                Entries
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {benchmarks.nodes.map((b) => (
              <tr key={b.id}>
                <td className="min-w-56">
                  <TextLink href={`/leaderboards/${b.key}`}>{b.title}</TextLink>{' '}
                  <span className="text-soft">v{b.version}</span>
                  <span className="block text-soft">{b.summary}</span>
                  <span className="flex flex-wrap gap-2 mt-0.5">
                    <ScaleBadge scale={b.scale} fidelity={b.fidelity} />
                    <TextLink href={`/benchmarks/${b.key}`}>protocol</TextLink>
                  </span>
                </td>
                <td>{words(b.slot)}</td>
                <td>{b.primary.title}</td>
                <td className="num">{b.resolution === null ? '–' : formatScore(b.resolution, b.primary.precision)}</td>
                <td>
                  {b.datasets.map((d) => (
                    <TextLink key={d.key} href={`/datasets/${d.key}`}>
                      {d.title}
                    </TextLink>
                  ))}
                </td>
                <td className="num">{b.entryCount}</td>
                <td>
                  {b.state === 'READY' ? <Badge tone="good">ready</Badge> : <Badge tone="bad">{words(b.state)}</Badge>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}
