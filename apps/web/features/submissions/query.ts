import { graphql, type ResultOf } from '@/lib/api/graphql';

export const submissionQuery = graphql(`
  query SubmissionPage($id: ID!) {
    submission(id: $id) {
      id
      createdAt
      label
      state
      division
      withdrawnAt
      mine
      submitter
      benchmark {
        key
        title
        track
        files {
          name
          formats
          contents
          example
          optional
        }
        primary {
          key
          title
          precision
        }
      }
      entry {
        id
        rank
        mean
        deviation
        n
        unrankedReason
        interval {
          low
          high
          over
        }
        difference {
          mean
          low
          high
          n
          tooSmall
          b {
            label
          }
        }
      }
      runs {
        id
        seed
        state
        reason
        message
        queuePosition
        waitingReason
        progress {
          phase
          step
          steps
          etaMs
        }
        scores {
          key
          value
        }
        cost {
          wallMs
        }
      }
    }
  }
`);

export type Submission = NonNullable<ResultOf<typeof submissionQuery>['submission']>;
