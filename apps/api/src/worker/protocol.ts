/**
 * What workers and the API say to each other over HTTP: bodies, limits, answers. A worker holds a token with the scope
 * `worker` and no database credentials; every report names its attempt, and reports on an attempt that is over are refused.
 */
import type { RunRequest, TuningRecord } from '@touchstone/eval/meta';
import { z } from 'zod';

export const PROTOCOL_VERSION = 1;

/** Longest that a claim may wait for a run, ms. */
export const MAX_WAIT_MS = 25_000;
/** A beat with runs is at most so far from the next one, so that a cancellation is heard within a second. */
export const BEAT_MS = { working: 400, idle: 2_000 } as const;

export const LIMITS = {
  smallBody: '256kb',
  batchBody: '4mb',
  resultBody: '64mb',
  linesPerBatch: 500,
  lineLength: 4_000,
  linesPerAttempt: 20_000,
  pointsPerBatch: 20_000,
  chunksPerAttempt: 20_000,
  /** Base64 of a sketch; one of 1,000 replicates takes 5,368 characters. */
  sketchText: 20_000,
} as const;

const uuid = z.uuid();
const attempt = z.int().min(1).max(1_000_000);
const name = z.string().min(1).max(200);
const finite = z.number();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const registerBody = z.object({
  protocol: z.int(),
  name: name.regex(/^[\w.:@ -]+$/),
  backends: z.array(name).max(16),
  datasets: z.array(name).max(1_000),
  memoryBytes: finite.min(0),
  capacity: z.int().min(1).max(1_000),
  registry: z.object({
    benchmarks: z.record(name, hash),
    methods: z.record(name, z.int()),
    code: name,
  }),
});
export type RegisterBody = z.infer<typeof registerBody>;

export interface RegisterAnswer {
  readonly workerId: string;
  /** Why it will be given no runs, in words; null when it may get some. */
  readonly refusal: string | null;
}

export const claimBody = z.object({
  waitMs: z.int().min(0).max(MAX_WAIT_MS),
  datasets: z.array(name).max(1_000),
});
export type ClaimBody = z.infer<typeof claimBody>;

export interface ClaimedRun {
  readonly id: string;
  readonly attempt: number;
  readonly request: RunRequest;
  readonly tuning: TuningRecord | null;
}

export interface ClaimAnswer {
  readonly run: ClaimedRun | null;
}

const progress = z.object({
  phase: z.enum(['data', 'tuning', 'training', 'scoring']),
  step: finite,
  steps: finite,
  loss: finite.nullable(),
  stepsPerSecond: finite,
  etaMs: finite,
});

export const heartbeatBody = z.object({
  draining: z.boolean(),
  runs: z.array(z.object({ id: uuid, attempt, progress: progress.optional() })).max(1_000),
});
export type HeartbeatBody = z.infer<typeof heartbeatBody>;

export interface HeartbeatAnswer {
  /** Runs whose cancellation was asked for. */
  readonly cancel: readonly string[];
  /** Runs that are no longer this worker's: their children are to be ended, nothing more is to be sent. */
  readonly lost: readonly string[];
}

export const logBody = z.object({
  attempt,
  /** Position of the first line in the attempt's log; a line sent twice is stored once. */
  from: z.int().min(0).max(LIMITS.linesPerAttempt),
  lines: z
    .array(
      z.object({
        at: z.iso.datetime(),
        level: z.enum(['info', 'warn', 'error']),
        line: z.string().max(LIMITS.lineLength),
      }),
    )
    .min(1)
    .max(LIMITS.linesPerBatch),
});
export type LogBody = z.infer<typeof logBody>;

export const seriesBody = z.object({
  attempt,
  chunk: z.int().min(0).max(LIMITS.chunksPerAttempt),
  points: z
    .array(
      z.object({
        key: name,
        step: z
          .int()
          .min(0)
          .max(2 ** 31 - 1),
        value: finite,
      }),
    )
    .min(1)
    .max(LIMITS.pointsPerBatch),
});
export type SeriesBody = z.infer<typeof seriesBody>;

const space = z.object({ learningRate: finite, weightDecay: finite });

/** The receipt's own digest and hashes say whether it is whole; here only its shape is looked at. */
const receipt = z.looseObject({
  schema: z.literal(1),
  benchmark: name,
  benchmarkHash: hash,
  variant: z.looseObject({ components: z.record(name, z.looseObject({ method: name, version: z.int() })) }),
  variantHash: hash,
  seed: z.int(),
  tuned: space.extend({ scale: finite.optional(), edge: z.boolean() }).nullable(),
  scores: z.record(name, finite),
  digest: hash,
});

export const resultBody = z.object({
  attempt,
  scores: z.record(name, finite),
  outcomes: z.record(name, z.base64()),
  /** Encoded bootstrap sketches; a worker of an earlier release sends none. */
  sketches: z.record(name, z.base64().max(LIMITS.sketchText)).default({}),
  /** Deflated JSON: names and groups of the test units. */
  units: z.base64().nullable().default(null),
  convergence: z.enum(['CONVERGED', 'NOT_CONVERGED']),
  tuning: z
    .object({
      benchmarkHash: hash,
      variantHash: hash,
      points: z.array(space.extend({ scale: finite.optional(), score: finite.nullable() })).max(64),
      chosen: z.int().min(0).max(63),
      edge: z.boolean(),
    })
    .nullable(),
  resources: z.object({ wallMs: finite.min(0), cpuMs: finite.min(0), peakBytes: finite.min(0), flops: finite.min(0) }),
  receipt,
  contended: z.boolean(),
});
export type ResultBody = z.infer<typeof resultBody>;

export const failBody = z.object({
  attempt,
  reason: z.enum([
    'NON_FINITE',
    'OUT_OF_MEMORY',
    'TIME_LIMIT',
    'HEARTBEAT_LOST',
    'CRASHED',
    'METHOD_ERROR',
    'DATASET_MISSING',
    'DATASET_CORRUPT',
    'BACKEND_MISSING',
    'BAD_FILE',
    'REGISTRY_MISMATCH',
    'WORKER_LOST',
    'CANCELLED_BY_USER',
    'INTERNAL',
  ]),
  message: z.string().max(4_000),
});
export type FailBody = z.infer<typeof failBody>;

/** Which file of the variant's predictions, from 0. */
export const fileBody = z.object({ attempt, file: z.int().min(0).max(1_000) });
export type FileBody = z.infer<typeof fileBody>;

export const handBackBody = z.object({ attempt, message: z.string().max(1_000) });
export type HandBackBody = z.infer<typeof handBackBody>;

export const workerParams = z.object({ worker: uuid });
export const runParams = z.object({ worker: uuid, run: uuid });

/** What a refusal looks like on the wire. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}
