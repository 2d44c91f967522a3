import { graphql, type ResultOf } from '@/lib/api/graphql';

export const benchmarkQuery = graphql(`
  query BenchmarkPage($key: String!) {
    benchmark(key: $key) {
      key
      version
      versions
      hash
      title
      summary
      page
      state
      stateMessage
      scale
      fidelity
      task
      track
      reportedOnly
      slot
      steps
      seeds
      backend
      resolution
      headroom
      protocol
      space
      entryCount
      primary {
        key
        title
        direction
        unit
        precision
        low
        high
      }
      metrics {
        key
        version
        title
      }
      scoreKeys {
        key
        title
        direction
        unit
        low
        high
      }
      files {
        name
        formats
        contents
        example
        optional
      }
      dataKeys
      officialLabels
      oracle
      datasets {
        key
        title
        state
        stateMessage
        licence
      }
      slots {
        slot
        ranked
        default {
          key
          title
        }
        methods {
          key
          title
        }
      }
      baseline {
        id
        label
        mean
      }
      untrained {
        id
        mean
      }
    }
  }
`);

export type Benchmark = NonNullable<ResultOf<typeof benchmarkQuery>['benchmark']>;
