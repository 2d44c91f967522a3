/** Leaderboard rows come into being here, the same for a submission, a shipped receipt and the demonstration. */
import { type Database, schema } from '@touchstone/db';
import {
  baselineVariant,
  type BenchmarkDefinition,
  type Claim,
  type Division,
  labelOf,
  listBenchmarks,
  type Variant,
} from '@touchstone/eval/meta';
import { and, eq } from 'drizzle-orm';
import { uuidv7 } from '../lib/uuid.js';

export type EntryRow = typeof schema.entries.$inferSelect;
export type BenchmarkRow = typeof schema.benchmarks.$inferSelect;

export interface EntryIdentity {
  readonly benchmark: Pick<BenchmarkRow, 'id' | 'key' | 'version'>;
  readonly claim: Claim;
  readonly division: Division;
  readonly variant: Variant;
  readonly variantHash: string;
  /** Given by whoever sent predictions; otherwise made from the variant. */
  readonly label?: string;
  /** Where a reported number was published. */
  readonly source?: ReportedSource;
}

/** What entries.source holds. */
export interface ReportedSource {
  readonly title: string;
  readonly url: string;
  readonly year?: number;
  readonly note?: string;
}

/** The definition of a stored version; undefined once the code no longer has it. */
export function definitionOf(benchmark: Pick<BenchmarkRow, 'key' | 'version'>): BenchmarkDefinition | undefined {
  return listBenchmarks().find(
    ({ protocol }) => protocol.key === benchmark.key && protocol.version === benchmark.version,
  );
}

/** UNTRAINED, BASELINE (the row that its division is compared with) or null. */
export function referenceOf(
  definition: BenchmarkDefinition | undefined,
  variant: Variant,
  variantHash: string,
  division: Division,
): 'UNTRAINED' | 'BASELINE' | null {
  if (variant.untrained) return 'UNTRAINED';
  if (!definition || division === 'OPEN') return null;
  return baselineVariant(definition, division).variantHash === variantHash ? 'BASELINE' : null;
}

/** The row of this identity, made when it is new. Summaries are left to `recomputeEntry`. */
export async function upsertEntry(tx: Database, identity: EntryIdentity): Promise<EntryRow> {
  const { benchmark, claim, division, variantHash } = identity;
  const where = and(
    eq(schema.entries.benchmarkId, benchmark.id),
    eq(schema.entries.claim, claim),
    eq(schema.entries.division, division),
    eq(schema.entries.variantHash, variantHash),
  );
  const [known] = await tx.select().from(schema.entries).where(where);
  if (known) return known;
  await tx.insert(schema.entries).values(newEntry(identity)).onConflictDoNothing();
  const [row] = await tx.select().from(schema.entries).where(where);
  if (!row) throw new Error(`entry ${variantHash} vanished while it was made`);
  return row;
}

export function newEntry(identity: EntryIdentity): EntryRow {
  const { benchmark, claim, division, variant, variantHash } = identity;
  const definition = definitionOf(benchmark);
  const component = variant.untrained ? undefined : variant.components[definition?.protocol.slot ?? 'objective'];
  const now = new Date();
  return {
    id: uuidv7(),
    benchmarkId: benchmark.id,
    claim,
    division,
    variant,
    variantHash,
    methodKey: component?.method ?? null,
    methodVersion: component?.version ?? null,
    params: component?.params ?? {},
    label: identity.label ?? (definition ? labelOf(definition, variant) : (component?.method ?? 'untrained')),
    reference: referenceOf(definition, variant, variantHash, division),
    generation: 1,
    complete: false,
    unrankedReason: 'no seed has finished',
    withdrawn: false,
    edge: false,
    notConverged: false,
    shipped: false,
    source: identity.source ?? null,
    supersededBy: null,
    supersededReason: null,
    wallMs: null,
    cpuMs: null,
    peakBytes: null,
    flops: null,
    createdAt: now,
    updatedAt: now,
  };
}
