/** What the list says of each benchmark. */
import { graphql, type ResultOf } from '@/lib/api/graphql';

export const benchmarksQuery = graphql(`
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
        officialLabels
        reportedOnly
        dataKeys
        primary {
          key
          title
          precision
        }
        datasets {
          key
          title
        }
      }
    }
  }
`);

export type ListedBenchmark = ResultOf<typeof benchmarksQuery>['benchmarks']['nodes'][number];
