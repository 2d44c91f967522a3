import { graphql, type ResultOf } from '@/lib/api/graphql';

export const runQuery = graphql(`
  query RunPage($id: ID!) {
    run(id: $id) {
      id
      seed
      state
      reason
      message
      attempt
      maxAttempts
      generation
      variantHash
      variant
      receipt
      receiptDigest
      shipped
      rederivedEqual
      queuePosition
      waitingReason
      worker
      createdAt
      startedAt
      finishedAt
      seriesKeys
      benchmark {
        key
        version
        title
        primary {
          key
        }
        scoreKeys {
          key
          title
          precision
        }
      }
      entry {
        id
        label
        division
      }
      scores {
        key
        value
      }
      logs(last: 60) {
        at
        attempt
        level
        line
      }
      progress {
        phase
        step
        steps
        loss
        stepsPerSecond
        etaMs
      }
      cost {
        wallMs
        cpuMs
        peakBytes
        flops
      }
    }
  }
`);

export const seriesQuery = graphql(`
  query RunSeries($id: ID!, $keys: [String!]) {
    metricSeries(runs: [$id], keys: $keys, points: 200) {
      key
      points {
        step
        value
        min
        max
      }
    }
  }
`);

export type Run = NonNullable<ResultOf<typeof runQuery>['run']>;
