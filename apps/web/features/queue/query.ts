import { graphql, type ResultOf } from '@/lib/api/graphql';

export const queueQuery = graphql(`
  query QueuePage {
    queue {
      queued
      running
      message
      lastClaimAt
      workers {
        id
        name
        state
        lastSeenAt
        backends
        datasets
        memoryBytes
        running
        capacity
        codeVersion
        refusal
      }
      next {
        id
        seed
        state
        waitingReason
        queuePosition
        benchmark {
          key
          title
        }
        entry {
          label
        }
      }
    }
    runs(where: { states: [RUNNING] }, first: 50) {
      nodes {
        id
        seed
        worker
        benchmark {
          key
          title
        }
        entry {
          label
        }
        progress {
          phase
          step
          steps
          etaMs
        }
      }
    }
  }
`);

export type Queue = ResultOf<typeof queueQuery>;
