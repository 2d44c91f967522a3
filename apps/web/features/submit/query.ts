import { graphql, type ResultOf } from '@/lib/api/graphql';

export const formQuery = graphql(`
  query SubmitForm($key: String!) {
    benchmarks(first: 100) {
      nodes {
        key
        title
        slot
        track
        reportedOnly
        state
      }
    }
    benchmark(key: $key) {
      key
      title
      slot
      track
      reportedOnly
      state
      stateMessage
      dataKeys
      officialLabels
      fidelity
      scale
      files {
        name
        formats
        contents
        example
        optional
      }
      space
      seeds
      slots {
        slot
        ranked
        default {
          key
        }
        methods {
          key
          title
          summary
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
          }
        }
      }
    }
  }
`);

export const estimateQuery = graphql(`
  query Estimate($input: SubmitVariantInput!) {
    estimate(input: $input) {
      valid
      variantHash
      division
      secondsPerRun
      runs
      newRuns
      queuePosition
      waitingReason
      userErrors {
        code
        field
        message
        value
        allowed
      }
    }
  }
`);

export const submitMutation = graphql(`
  mutation Submit($input: SubmitVariantInput!) {
    submitVariant(input: $input) {
      submission {
        id
      }
      userErrors {
        code
        field
        message
        value
        allowed
      }
    }
  }
`);

export const createUploadMutation = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      upload {
        id
        url
      }
      userErrors {
        code
        field
        message
        allowed
      }
    }
  }
`);

export const submitPredictionsMutation = graphql(`
  mutation SubmitPredictions($input: SubmitPredictionsInput!) {
    submitPredictions(input: $input) {
      submission {
        id
      }
      userErrors {
        code
        field
        message
        allowed
      }
    }
  }
`);

export type FormBenchmark = NonNullable<ResultOf<typeof formQuery>['benchmark']>;
export type FileKind = FormBenchmark['files'][number];
export type CreateUploadResult = ResultOf<typeof createUploadMutation>;
export type SubmitPredictionsResult = ResultOf<typeof submitPredictionsMutation>;
export type FormMethod = FormBenchmark['slots'][number]['methods'][number];
export type Parameter = FormMethod['parameters'][number];
export type EstimateResult = ResultOf<typeof estimateQuery>['estimate'];
