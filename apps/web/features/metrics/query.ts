import { graphql, type ResultOf } from '@/lib/api/graphql';

export const metricsQuery = graphql(`
  query Metrics($search: String, $after: String) {
    metrics(first: 100, search: $search, after: $after) {
      totalCount
      nodes {
        id
        key
        title
        field
        summary
        patterns {
          pattern
        }
        outputs {
          key
        }
        benchmarks {
          key
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type ListedMetric = ResultOf<typeof metricsQuery>['metrics']['nodes'][number];

export const metricQuery = graphql(`
  query MetricPage($key: String!, $board: String) {
    metric(key: $key, benchmark: $board) {
      key
      version
      title
      field
      summary
      description
      formula
      resampling
      ties
      edgeCases
      oracle
      disagreements
      protocols
      parity {
        path
        data
        figure
      }
      sources {
        title
        url
      }
      example {
        given
        working
        results {
          key
          value
        }
      }
      patterns {
        pattern
        meaning
        direction
        unit
        low
        high
        keys
      }
      outputs {
        key
        title
        direction
        unit
        low
        high
      }
      benchmarks {
        key
        title
      }
    }
  }
`);

export type MetricPageData = NonNullable<ResultOf<typeof metricQuery>['metric']>;
