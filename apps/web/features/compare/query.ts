import { graphql, type ResultOf } from '@/lib/api/graphql';

export const compareQuery = graphql(`
  query Compare($a: ID!, $b: ID!, $scoreKey: String) {
    difference(a: $a, b: $b, scoreKey: $scoreKey) {
      scoreKey
      mean
      low
      high
      n
      p
      tooSmall
      over
      a {
        id
        label
        mean
        benchmark {
          key
          title
          resolution
          scoreKeys {
            key
            title
            precision
            direction
          }
        }
      }
      b {
        id
        label
        mean
      }
      seeds {
        seed
        a
        b
        difference
      }
    }
  }
`);

export const choicesQuery = graphql(`
  query CompareChoices($key: String!) {
    leaderboard(benchmark: $key, first: 100) {
      nodes {
        id
        label
        division
        mean
      }
    }
  }
`);

export const boardsQuery = graphql(`
  query CompareBoards {
    benchmarks(first: 100) {
      nodes {
        key
        title
        entryCount
      }
    }
  }
`);

export type Difference = NonNullable<ResultOf<typeof compareQuery>['difference']>;
