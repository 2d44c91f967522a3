/**
 * The code's catalogue into the database, at every start: protocols as JSON, so that old boards stay readable, and the
 * reference results that ship as receipts. Doing it again changes nothing.
 */
import { type Database, schema } from '@touchstone/db';
import {
  type BenchmarkDefinition,
  benchmarkHash,
  benchmarkName,
  divisionOf,
  hashJson,
  listBenchmarks,
  listPredictionBenchmarks,
  type Receipt,
  shippedReceipts,
} from '@touchstone/eval/meta';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import { uuidv7 } from '../lib/uuid.js';
import type { Platform } from '../platform.js';
import { type BenchmarkRow, newEntry } from './entries.js';
import { recordEvent } from './events.js';
import { recomputeEntries } from './summary.js';
import { supersedePredictions } from './supersede.js';

/** A frozen protocol was edited: its stored results belong to another hash. */
export class CatalogueConflictError extends Error {
  override readonly name = 'CatalogueConflictError';
  readonly code = 'CATALOGUE_CONFLICT';
}

async function syncBenchmarks(tx: Database): Promise<Map<string, BenchmarkRow>> {
  const { benchmarks } = schema;
  const definitions = [...listBenchmarks(), ...listPredictionBenchmarks()];
  const stored = new Map((await tx.select().from(benchmarks)).map((row) => [benchmarkName(row), row]));
  const newest = new Map<string, number>();
  for (const { protocol } of definitions)
    newest.set(protocol.key, Math.max(protocol.version, newest.get(protocol.key) ?? 0));
  const kept = new Map<string, BenchmarkRow>();
  for (const { protocol, title } of definitions) {
    const name = benchmarkName(protocol);
    const hash = benchmarkHash(protocol);
    const current = newest.get(protocol.key) === protocol.version;
    const known = stored.get(name);
    if (!known) {
      const row = {
        id: uuidv7(),
        key: protocol.key,
        version: protocol.version,
        hash,
        title,
        protocol,
        labelRevision: null,
        current,
        createdAt: new Date(),
      };
      await tx.insert(benchmarks).values(row);
      await recordEvent(tx, { kind: 'PUBLISHED', message: `${name} published`, benchmarkId: row.id });
      kept.set(name, row);
      continue;
    }
    if (known.hash !== hash) {
      const [used] = await tx
        .select({ id: schema.entries.id })
        .from(schema.entries)
        .where(eq(schema.entries.benchmarkId, known.id))
        .limit(1);
      if (used)
        throw new CatalogueConflictError(
          `benchmark ${name} has results under the hash ${known.hash.slice(0, 12)}, the code defines ${hash.slice(0, 12)}: ` +
            `a protocol with results never changes; give the new one the version ${protocol.version + 1}`,
        );
    }
    if (known.hash !== hash || known.title !== title || known.current !== current)
      await tx.update(benchmarks).set({ hash, title, protocol, current }).where(eq(benchmarks.id, known.id));
    if (known.current && !current)
      await recordEvent(tx, { kind: 'SUPERSEDED', message: `${name} has a newer version`, benchmarkId: known.id });
    kept.set(name, { ...known, hash, title, protocol, current });
  }
  const gone = [...stored.values()].filter((row) => row.current && !kept.has(benchmarkName(row)));
  for (const row of gone) {
    await tx.update(benchmarks).set({ current: false }).where(eq(benchmarks.id, row.id));
    const what = newest.has(row.key) ? 'has a newer version' : 'is no longer defined';
    await recordEvent(tx, { kind: 'SUPERSEDED', message: `${benchmarkName(row)} ${what}`, benchmarkId: row.id });
  }
  return kept;
}

/** Receipts whose protocol the code still defines as it was, with the row that they belong to. */
function usable(receipts: readonly Receipt[], rows: ReadonlyMap<string, BenchmarkRow>) {
  const definitions = new Map(listBenchmarks().map((d) => [benchmarkName(d.protocol), d]));
  return receipts.flatMap((receipt) => {
    const row = rows.get(receipt.benchmark);
    const definition = definitions.get(receipt.benchmark);
    return row && definition && row.hash === receipt.benchmarkHash ? [{ receipt, row, definition }] : [];
  });
}

type Usable = ReturnType<typeof usable>[number];

const identityOf = (benchmarkId: string, division: string, variantHash: string) =>
  `${benchmarkId} ${division} ${variantHash}`;

async function entriesFor(tx: Database, shipped: readonly Usable[]): Promise<(item: Usable) => string> {
  const wanted = new Map<string, ReturnType<typeof newEntry>>();
  const divisionFor = (definition: BenchmarkDefinition, receipt: Receipt) => divisionOf(definition, receipt.variant);
  for (const { receipt, row, definition } of shipped) {
    const division = divisionFor(definition, receipt);
    const identity = identityOf(row.id, division, receipt.variantHash);
    if (!wanted.has(identity))
      wanted.set(
        identity,
        newEntry({
          benchmark: row,
          claim: 'RERUN',
          division,
          variant: receipt.variant,
          variantHash: receipt.variantHash,
        }),
      );
  }
  if (wanted.size > 0)
    await tx
      .insert(schema.entries)
      .values([...wanted.values()])
      .onConflictDoNothing();
  const found = await tx
    .select({
      id: schema.entries.id,
      benchmarkId: schema.entries.benchmarkId,
      division: schema.entries.division,
      variantHash: schema.entries.variantHash,
    })
    .from(schema.entries)
    .where(
      and(
        eq(schema.entries.claim, 'RERUN'),
        inArray(schema.entries.benchmarkId, [...new Set(shipped.map(({ row }) => row.id))]),
      ),
    );
  const ids = new Map(found.map((e) => [identityOf(e.benchmarkId, e.division, e.variantHash), e.id]));
  return ({ receipt, row, definition }) =>
    ids.get(identityOf(row.id, divisionFor(definition, receipt), receipt.variantHash))!;
}

/** Receipts as SUCCEEDED runs of generation 1. A run made here stays; a shipped one is replaced when its receipt changed. */
async function storeReceipts(tx: Database, shipped: readonly Usable[]): Promise<void> {
  if (shipped.length === 0) return;
  const entryOf = await entriesFor(tx, shipped);
  const now = new Date().toISOString();
  const rows = shipped.map((item) => ({
    id: uuidv7(),
    entry: entryOf(item),
    seed: item.receipt.seed,
    receipt: item.receipt,
    digest: item.receipt.digest,
    convergence: item.receipt.convergence,
    edge: item.receipt.tuned?.edge ?? false,
    ...item.receipt.resources,
  }));
  const changed = await rowsOf<{ id: string; entry_id: string; seed: number }>(
    tx,
    sql`
    insert into runs as kept (id, entry_id, seed, generation, state, attempt, receipt, receipt_digest, convergence, edge, shipped,
      wall_ms, cpu_ms, peak_bytes, flops, created_at, started_at, finished_at)
    select r.id, r.entry, r.seed, 1, 'SUCCEEDED', 1, r.receipt, r.digest, r.convergence, r.edge, true,
      r."wallMs", r."cpuMs", r."peakBytes", r.flops, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, entry uuid, seed int, receipt jsonb, digest text,
      convergence text, edge boolean, "wallMs" float8, "cpuMs" float8, "peakBytes" float8, flops float8)
    on conflict (entry_id, seed, generation) do update set receipt = excluded.receipt, receipt_digest = excluded.receipt_digest,
      convergence = excluded.convergence, edge = excluded.edge, wall_ms = excluded.wall_ms, cpu_ms = excluded.cpu_ms,
      peak_bytes = excluded.peak_bytes, flops = excluded.flops, rederived_equal = null
    where kept.shipped and kept.receipt_digest is distinct from excluded.receipt_digest
    returning id, entry_id, seed`,
  );
  if (changed.length === 0) return;
  const byIdentity = new Map(rows.map((row) => [`${row.entry} ${row.seed}`, row.receipt]));
  const scores = changed.flatMap(({ id, entry_id, seed }) =>
    Object.entries(byIdentity.get(`${entry_id} ${seed}`)!.scores).map(([key, value]) => ({ id, key, value })),
  );
  const ids = changed.map((row) => row.id);
  // What an earlier receipt gave says nothing of this one.
  for (const { table, runId } of [
    { table: schema.scores, runId: schema.scores.runId },
    { table: schema.outcomes, runId: schema.outcomes.runId },
    { table: schema.sketches, runId: schema.sketches.runId },
  ])
    await tx.delete(table).where(inArray(runId, ids));
  await tx.execute(sql`
    insert into scores (run_id, key, value)
    select id, key, value from json_to_recordset(${JSON.stringify(scores)}::json) as s(id uuid, key text, value float8)`);
  await recomputeEntries(
    tx,
    changed.map((row) => row.entry_id),
  );
}

const SHIPPED_KEY = 'shipped-receipts';
/** Servers of one database start one after another: an arbitrary constant of ours. */
const CATALOGUE_LOCK = 7_306_004;

/** Brings benchmarks, shipped receipts and superseded predictions up to the code. Throws CatalogueConflictError. */
export async function syncCatalogue(platform: Platform): Promise<void> {
  const receipts = shippedReceipts();
  await platform.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${CATALOGUE_LOCK}::bigint)`);
    const rows = await syncBenchmarks(tx);
    const shipped = usable(receipts, rows);
    if (shipped.length < receipts.length)
      platform.log.warn(
        `${receipts.length - shipped.length} shipped receipts belong to protocols that the code no longer has`,
      );
    const state = hashJson(shipped.map(({ receipt }) => receipt.digest));
    const [known] = await tx.select().from(schema.settings).where(eq(schema.settings.key, SHIPPED_KEY));
    if (known?.value === state) return;
    await storeReceipts(tx, shipped);
    await tx
      .insert(schema.settings)
      .values({ key: SHIPPED_KEY, value: state })
      .onConflictDoUpdate({ target: schema.settings.key, set: { value: state } });
  });
  await supersedePredictions(platform);
}
