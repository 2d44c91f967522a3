/** Runs are the outbox and the truth: a run's row decides what happens next, whatever any queue remembers. */
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './account.js';
import { at, bytea, id } from './columns.js';
import { entries } from './entry.js';

export const runs = pgTable(
  'runs',
  {
    id: id(),
    entryId: uuid('entry_id')
      .notNull()
      .references(() => entries.id),
    /** Who is charged with it in the queue: the first submitter. Null for shipped and demonstration runs. */
    userId: uuid('user_id').references(() => users.id),
    seed: integer('seed').notNull(),
    /** rerunSubmission makes a new one. */
    generation: integer('generation').notNull().default(1),
    /** QUEUED | RUNNING | SUCCEEDED | FAILED | CANCELLED */
    state: text('state').notNull(),
    reason: text('reason'),
    message: text('message'),
    /** Rises at every claim; every report of a worker is fenced by it. */
    attempt: integer('attempt').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(3),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    /** Lower runs first: 0 for people, 10 for the demonstration. */
    priority: integer('priority').notNull().default(0),
    workerId: uuid('worker_id'),
    leaseUntil: at('lease_until'),
    /** Handed to the queue, so that the dispatcher tops it up only once. */
    dispatchedAt: at('dispatched_at'),
    /** Why nobody takes it, in words for the submitter. */
    waitingReason: text('waiting_reason'),
    progress: jsonb('progress'),
    receipt: jsonb('receipt'),
    receiptDigest: text('receipt_digest'),
    convergence: text('convergence'),
    edge: boolean('edge').notNull().default(false),
    shipped: boolean('shipped').notNull().default(false),
    /** For a shipped run that was also run here: whether the scores were equal bit for bit. */
    rederivedEqual: boolean('rederived_equal'),
    wallMs: doublePrecision('wall_ms'),
    cpuMs: doublePrecision('cpu_ms'),
    peakBytes: doublePrecision('peak_bytes'),
    flops: doublePrecision('flops'),
    contended: boolean('contended').notNull().default(false),
    /** Blob of JSON with the names and groups of the test units; the same for every run of a benchmark, so kept once. */
    unitBlob: text('unit_blob'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (t) => [
    uniqueIndex('runs_identity').on(t.entryId, t.seed, t.generation),
    index('runs_queue').on(t.state, t.priority, t.id),
    index('runs_user').on(t.userId, t.state),
    index('runs_finished').on(t.finishedAt),
  ],
);

export const scores = pgTable(
  'scores',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    value: doublePrecision('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
);

export const logs = pgTable(
  'logs',
  {
    id: id(),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    attempt: integer('attempt').notNull(),
    at: at('at').notNull(),
    level: text('level').notNull(),
    line: text('line').notNull(),
  },
  (t) => [index('logs_run').on(t.runId, t.id)],
);

/** A series in chunks: `points` is interleaved float64 little-endian (step, value) × n. */
export const seriesChunks = pgTable(
  'series_chunks',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    attempt: integer('attempt').notNull(),
    chunk: integer('chunk').notNull(),
    n: integer('n').notNull(),
    firstStep: integer('first_step').notNull(),
    lastStep: integer('last_step').notNull(),
    min: doublePrecision('min').notNull(),
    max: doublePrecision('max').notNull(),
    points: bytea('points').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key, t.attempt, t.chunk] })],
);

/** Per-example outcomes: one compressed float64 array a run and score key, in the blob store. */
export const outcomes = pgTable(
  'outcomes',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    units: integer('units').notNull(),
    blob: text('blob').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
);

/** What a score does when the test units are drawn again: the encoded bootstrap sketch of one run and score key. */
export const sketches = pgTable(
  'sketches',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** Independent units behind the score. */
    units: integer('units').notNull(),
    sketch: bytea('sketch').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
);

export const tuningRecords = pgTable(
  'tuning_records',
  {
    benchmarkHash: text('benchmark_hash').notNull(),
    variantHash: text('variant_hash').notNull(),
    record: jsonb('record').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.benchmarkHash, t.variantHash] })],
);
