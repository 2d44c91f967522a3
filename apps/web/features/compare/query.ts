import { graphql, type ResultOf } from '@/lib/api/graphql';

export const compareQuery = graphql(`
  query Compare($a: ID!, $b: ID!, $scoreKey: String) {
    difference(a: $a, b: $b, scoreKey: $scoreKey) {
      scoreKey
      mean
      interval {
        low
        high
        over
        level
      }
      n
      units
      p
      tooSmall
      separable
      seedsToDecide
      a {
        id
        label
        claim
        benchmark {
          key
          version
          title
          track
          seeds
          primary {
            key
          }
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
        claim
      }
      seeds {
        seed
        a
        b
        difference
      }
      examplesReason
      byClass(first: 2000) {
        group
        mean
        n
        interval {
          low
          high
        }
      }
      worstExamples(first: 20) {
        unit
        name
        group
        a
        b
        difference
      }
    }
  }
`);

/** What the board of a pair can see by the score that they are compared by. */
export const resolutionQuery = graphql(`
  query CompareResolution($key: String!, $scoreKey: String!) {
    leaderboard(benchmark: $key, orderBy: { key: $scoreKey }, first: 1) {
      resolution
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
        reportedOnly
      }
    }
  }
`);

export type Difference = NonNullable<ResultOf<typeof compareQuery>['difference']>;
export type Score = Difference['a']['benchmark']['scoreKeys'][number];

/** The score that two entries are compared by. */
export const scoreOf = (d: Difference): Score =>
  d.a.benchmark.scoreKeys.find(({ key }) => key === d.scoreKey) ?? {
    key: d.scoreKey,
    title: d.scoreKey,
    precision: 1e-4,
    direction: 'HIGHER',
  };

/** Digits that show a step ten times finer than the score's own. */
export const fine = (score: Score): number => score.precision / 10;
