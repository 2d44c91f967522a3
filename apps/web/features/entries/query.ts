import { graphql, type ResultOf } from '@/lib/api/graphql';

export const entryQuery = graphql(`
  query EntryPage($id: ID!) {
    node(id: $id) {
      __typename
      ... on Entry {
        id
        rank
        rankLow
        rankHigh
        tieGroups
        mean
        deviation
        n
        units
        unrankedReason
        supersededReason
        supersededBy {
          id
          label
          benchmark {
            key
            version
            title
          }
        }
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
          units
          interval {
            low
            high
            over
          }
        }
        difference {
          mean
          low
          high
          n
          p
          over
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
          track
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

/** Rows beside an entry, with the groups that they are tied in. */
export const tiesQuery = graphql(`
  query EntryTies($key: String!, $division: Division!, $claims: [Claim!]) {
    leaderboard(benchmark: $key, division: $division, claims: $claims, where: { ranked: true }, first: 100) {
      nodes {
        id
        label
        rank
        tieGroups
      }
    }
  }
`);

export type TiedEntry = ResultOf<typeof tiesQuery>['leaderboard']['nodes'][number];
