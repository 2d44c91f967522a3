import { graphql, type ResultOf } from '@/lib/api/graphql';

export const methodQuery = graphql(`
  query MethodPage($key: String!) {
    method(key: $key) {
      key
      version
      title
      summary
      family
      slot
      formula
      page
      notes
      functions
      paper {
        key
        title
        authors
        year
        venue
        url
      }
      parameters {
        name
        title
        type
        default
        minimum
        maximum
        exclusiveMinimum
        exclusiveMaximum
        options
        unit
        source
      }
      inputs {
        name
        shape
        dtype
        domain
      }
      reported {
        dataset
        metric
        value
        unit
        setting
        where
        verified
      }
      benchmarks {
        key
        title
      }
      entries(first: 50) {
        id
        rank
        mean
        n
        label
        division
        params
        interval {
          low
          high
        }
        benchmark {
          key
          title
          primary {
            title
            precision
          }
        }
      }
    }
  }
`);

export type Method = NonNullable<ResultOf<typeof methodQuery>['method']>;
