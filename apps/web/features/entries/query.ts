import { graphql, type ResultOf } from '@/lib/api/graphql';

export const entryQuery = graphql(`
  query EntryPage($id: ID!) {
    node(id: $id) {
      __typename
      ... on Entry {
        id
        rank
        rankInterval
        mean
        deviation
        n
        unrankedReason
        reference
        belowUntrained
        division
        claim
        label
        params
        variant
        variantHash
        attempts
        edge
        notConverged
        shipped
        source {
          title
          url
          year
          note
        }
        submitter
        updatedAt
        interval {
          low
          high
          over
          level
        }
        method {
          key
          title
        }
        summaries {
          scoreKey
          mean
          deviation
          n
          interval {
            low
            high
          }
        }
        difference {
          mean
          low
          high
          n
          p
          tooSmall
          b {
            id
            label
          }
        }
        cost {
          wallMs
          cpuMs
          peakBytes
          flops
        }
        benchmark {
          key
          version
          title
          scoreKeys {
            key
            title
            precision
          }
          primary {
            key
            title
            precision
          }
          baseline {
            id
          }
        }
        runs {
          id
          seed
          state
          reason
          message
          generation
          shipped
          rederivedEqual
          scores {
            key
            value
          }
          cost {
            wallMs
          }
        }
        events {
          id
          at
          kind
          message
          actor
        }
      }
    }
  }
`);

export type Entry = Extract<NonNullable<ResultOf<typeof entryQuery>['node']>, { __typename: 'Entry' }>;
