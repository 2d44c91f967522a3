/** Leaderboard rows: recomputed from raw scores, never incremented; rank is a query, never a column. */
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
import { benchmarks } from './benchmark.js';
import { at, id } from './columns.js';

export const entries = pgTable(
  'entries',
  {
    id: id(),
    benchmarkId: uuid('benchmark_id')
      .notNull()
      .references(() => benchmarks.id),
    /** REPORTED | SUBMITTED | RERUN */
    claim: text('claim').notNull(),
    /** PLATFORM_TUNED | PUBLISHED_DEFAULTS | OPEN */
    division: text('division').notNull(),
    variant: jsonb('variant').notNull(),
    variantHash: text('variant_hash').notNull(),
    /** The component of the ranked slot; null for the untrained row. */
    methodKey: text('method_key'),
    methodVersion: integer('method_version'),
    params: jsonb('params').notNull(),
    label: text('label').notNull(),
    /** UNTRAINED | BASELINE | CEILING | null */
    reference: text('reference'),
    /** Newest generation of which every protocol seed succeeded, else the newest. */
    generation: integer('generation').notNull().default(1),
    /** Every protocol seed of the generation succeeded. */
    complete: boolean('complete').notNull().default(false),
    /** Why it has no rank; null when ranked. */
    unrankedReason: text('unranked_reason'),
    /** Every submission of it was withdrawn. */
    withdrawn: boolean('withdrawn').notNull().default(false),
    edge: boolean('edge').notNull().default(false),
    notConverged: boolean('not_converged').notNull().default(false),
    shipped: boolean('shipped').notNull().default(false),
    /** Where a reported number was published: title, address, note. Null for what was scored here. */
    source: jsonb('source'),
    /** The row in which the same files were scored again, by a newer metric or newer labels. */
    supersededBy: uuid('superseded_by'),
    /** Why its numbers no longer stand; null while they do. */
    supersededReason: text('superseded_reason'),
    wallMs: doublePrecision('wall_ms'),
    cpuMs: doublePrecision('cpu_ms'),
    peakBytes: doublePrecision('peak_bytes'),
    flops: doublePrecision('flops'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('entries_identity').on(t.benchmarkId, t.claim, t.division, t.variantHash),
    index('entries_board').on(t.benchmarkId, t.division, t.claim),
    index('entries_method').on(t.methodKey),
  ],
);

/** One row an entry and score key, over the protocol's seeds that succeeded, in seed order. */
export const summaries = pgTable(
  'summaries',
  {
    entryId: uuid('entry_id')
      .notNull()
      .references(() => entries.id, { onDelete: 'cascade' }),
    scoreKey: text('score_key').notNull(),
    n: integer('n').notNull(),
    mean: doublePrecision('mean').notNull(),
    /** Mean quantised to the metric's stated precision: what ranks compare. */
    quantised: doublePrecision('quantised').notNull(),
    deviation: doublePrecision('deviation'),
    low: doublePrecision('low'),
    high: doublePrecision('high'),
    /** What the interval covers: SEEDS | EXAMPLES | BOTH; null without one. */
    over: text('over'),
    /** Independent test units behind it; null where only scores are known. */
    units: integer('units'),
  },
  (t) => [primaryKey({ columns: [t.entryId, t.scoreKey] }), index('summaries_board').on(t.scoreKey, t.quantised)],
);
