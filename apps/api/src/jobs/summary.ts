/**
 * What a leaderboard shows of an entry: always recomputed from the raw scores of its runs in seed order, never
 * incremented, inside every transaction that changes one of them.
 */
import { type Database, schema } from '@touchstone/db';
import { hasOfficialLabels, outputOf, type Protocol, quantise, scoreOutputs, summarise } from '@touchstone/eval/meta';
import { decodeSketch, entrySketch, type RunSketch, sketchEstimate } from '@touchstone/eval/statistics';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { rowsOf } from '../lib/sql.js';
import type { EntryRow } from './entries.js';
import { type BoardLabels, foreignRuns, otherLabels } from './labels.js';
import type { RunRow } from './enqueue.js';

type CountedRun = Pick<
  RunRow,
  | 'id'
  | 'seed'
  | 'generation'
  | 'state'
  | 'reason'
  | 'shipped'
  | 'edge'
  | 'convergence'
  | 'wallMs'
  | 'cpuMs'
  | 'peakBytes'
  | 'flops'
>;

/** Newest generation whose every protocol seed succeeded, else the newest; 1 without runs. */
export function countedGeneration(runs: readonly CountedRun[], seeds: readonly number[]): number {
  const generations = [...new Set(runs.map((run) => run.generation))].sort((a, b) => b - a);
  const isComplete = (generation: number) =>
    seeds.every((seed) =>
      runs.some((run) => run.generation === generation && run.seed === seed && run.state === 'SUCCEEDED'),
    );
  return generations.find(isComplete) ?? generations[0] ?? 1;
}

/** Why an entry has no rank, in words; null when every protocol seed succeeded. */
export function unrankedReason(runs: readonly CountedRun[], seeds: readonly number[]): string | null {
  const bySeed = new Map(runs.map((run) => [run.seed, run]));
  const succeeded = seeds.filter((seed) => bySeed.get(seed)?.state === 'SUCCEEDED').length;
  if (succeeded === seeds.length) return null;
  const broken = seeds.flatMap((seed) => {
    const run = bySeed.get(seed);
    if (run?.state === 'FAILED') return [`seed ${seed} ${run.reason ?? 'FAILED'}`];
    if (run?.state === 'CANCELLED') return [`seed ${seed} cancelled`];
    return run ? [] : [`seed ${seed} not submitted`];
  });
  if (broken.length > 0) return `${succeeded} of ${seeds.length}: ${broken.join(', ')}`;
  return succeeded === 0 ? 'no seed has finished' : `${succeeded} of ${seeds.length} seeds have finished`;
}

const NO_COMMON_LABELS = 'rows of this board may be of different data';

const mean = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
};

function precisions(protocol: Protocol, keys: readonly string[]): Map<string, number> {
  try {
    if (protocol.outputs) return new Map(keys.map((key) => [key, outputOf(protocol, key)?.precision ?? 0]));
    return new Map(scoreOutputs(protocol).map((output) => [output.key, output.precision]));
  } catch {
    // An old board whose metric the code no longer has: its scores stay readable, unquantised.
    return new Map();
  }
}

interface Recomputed {
  readonly entry: Partial<EntryRow>;
  readonly summaries: (typeof schema.summaries.$inferInsert)[];
}

type Sketches = ReadonlyMap<string, ReadonlyMap<string, RunSketch>>;

/** What an interval covers, its ends, and the test units behind it: from sketches where every run has one, else over seeds. */
function intervalOf(
  values: readonly number[],
  runs: readonly CountedRun[],
  scoreKey: string,
  sketches: Sketches,
): Pick<typeof schema.summaries.$inferInsert, 'low' | 'high' | 'over' | 'units'> {
  const known = runs.flatMap((run) => {
    const sketch = sketches.get(run.id)?.get(scoreKey);
    return sketch ? [[run.seed, sketch] as const] : [];
  });
  if (known.length === values.length) {
    const entry = entrySketch(new Map(known));
    const { interval } = sketchEstimate(entry);
    return {
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      over: interval?.over ?? null,
      units: entry.units > 1 ? entry.units : null,
    };
  }
  const { interval } = summarise(values);
  return { low: interval?.low ?? null, high: interval?.high ?? null, over: interval ? 'SEEDS' : null, units: null };
}

/** Pure: the columns of the entry and its summary rows. `scores` and `sketches` by run id, then score key. */
function recompute(
  entry: Pick<EntryRow, 'id' | 'variant' | 'reference' | 'supersededBy' | 'supersededReason'>,
  board: BoardLabels,
  runs: readonly RunRow[],
  scores: ReadonlyMap<string, ReadonlyMap<string, number>>,
  sketches: Sketches,
  withdrawn: boolean,
): Recomputed {
  const { protocol } = board;
  const seeds = protocol.seeds;
  // Runs against the board's labels count before newer ones against others.
  const foreign = foreignRuns(board, runs);
  const own = runs.filter((run) => !foreign.has(run.id));
  const generation = countedGeneration(own.some((run) => run.state === 'SUCCEEDED') ? own : runs, seeds);
  const ofGeneration = runs.filter((run) => run.generation === generation);
  const counted = seeds.flatMap((seed) => ofGeneration.filter((run) => run.seed === seed && run.state === 'SUCCEEDED'));
  const missing = unrankedReason(ofGeneration, seeds);
  const theirs = counted.map((run) => foreign.get(run.id)).find((revision) => revision !== undefined);
  // Of a closed board, or until the files are scored against the board's labels.
  const superseded = entry.supersededBy || theirs || !board.current ? entry.supersededReason : null;
  const reason =
    superseded ??
    missing ??
    (theirs ? otherLabels(theirs, board.labelRevision!) : null) ??
    (entry.reference === 'UNTRAINED'
      ? 'reference row: nothing was trained'
      : protocol.scale === 'SMOKE'
        ? 'a smoke benchmark ranks nothing'
        : !hasOfficialLabels(protocol)
          ? NO_COMMON_LABELS
          : withdrawn
            ? 'withdrawn'
            : null);
  const keys = [...new Set(counted.flatMap((run) => [...(scores.get(run.id)?.keys() ?? [])]))].sort();
  const steps = precisions(protocol, keys);
  const summaries = keys.map((scoreKey) => {
    const scored = counted.filter((run) => scores.get(run.id)?.has(scoreKey));
    const values = scored.map((run) => scores.get(run.id)!.get(scoreKey)!);
    const { mean, deviation, n } = summarise(values);
    const step = steps.get(scoreKey);
    return {
      entryId: entry.id,
      scoreKey,
      n,
      mean,
      quantised: step ? quantise(mean, step) * step : mean,
      deviation,
      ...intervalOf(values, scored, scoreKey, sketches),
    };
  });
  return {
    entry: {
      generation,
      complete: missing === null,
      unrankedReason: reason,
      supersededReason: superseded,
      withdrawn,
      edge: counted.some((run) => run.edge),
      notConverged: counted.some((run) => run.convergence === 'NOT_CONVERGED'),
      shipped: counted.length > 0 && counted.every((run) => run.shipped),
      wallMs: mean(counted.map((run) => run.wallMs)),
      cpuMs: mean(counted.map((run) => run.cpuMs)),
      peakBytes: mean(counted.map((run) => run.peakBytes)),
      flops: mean(counted.map((run) => run.flops)),
    },
    summaries,
  };
}

/** Sketches of the runs of these entries by run, then score key. */
async function sketchesOf(tx: Database, entryIds: readonly string[]): Promise<Sketches> {
  const rows = await tx
    .select({ runId: schema.sketches.runId, key: schema.sketches.key, sketch: schema.sketches.sketch })
    .from(schema.sketches)
    .innerJoin(schema.runs, and(eq(schema.runs.id, schema.sketches.runId), eq(schema.runs.state, 'SUCCEEDED')))
    .where(inArray(schema.runs.entryId, [...entryIds]));
  const found = new Map<string, Map<string, RunSketch>>();
  for (const { runId, key, sketch } of rows) {
    const known = found.get(runId) ?? new Map<string, RunSketch>();
    found.set(runId, known.set(key, decodeSketch(sketch)));
  }
  return found;
}

/** Recomputes several entries in a handful of statements; they may be of different benchmarks. */
export async function recomputeEntries(tx: Database, entryIds: readonly string[]): Promise<void> {
  if (entryIds.length === 0) return;
  const ids = [...new Set(entryIds)].sort();
  // Locked in one order, so that two transactions that end runs of one entry wait for each other and neither reads stale scores.
  const entries = await tx
    .select({ entry: schema.entries })
    .from(schema.entries)
    .where(inArray(schema.entries.id, ids))
    .orderBy(schema.entries.id)
    .for('no key update', { of: schema.entries });
  const { benchmarks } = schema;
  // After the lock, so that an acceptance of other labels that was waited for is seen.
  const boards = await tx
    .select({
      id: benchmarks.id,
      protocol: sql<Protocol>`${benchmarks.protocol}`,
      labelRevision: benchmarks.labelRevision,
      current: benchmarks.current,
    })
    .from(benchmarks)
    .where(inArray(benchmarks.id, [...new Set(entries.map(({ entry }) => entry.benchmarkId))]));
  const board = new Map(boards.map((row) => [row.id, row]));
  const runs = await tx.select().from(schema.runs).where(inArray(schema.runs.entryId, ids));
  const scores = await tx
    .select({ runId: schema.scores.runId, key: schema.scores.key, value: schema.scores.value })
    .from(schema.scores)
    .innerJoin(schema.runs, and(eq(schema.runs.id, schema.scores.runId), eq(schema.runs.state, 'SUCCEEDED')))
    .where(inArray(schema.runs.entryId, ids));
  const withdrawn = new Set(
    (
      await rowsOf<{ entry_id: string }>(
        tx,
        // Rows that the platform itself ran (shipped, demonstration) stay, whoever sent the same variant and took it back.
        sql`select entry_id from submissions where entry_id in ${ids}
          and not exists (select 1 from runs where runs.entry_id = submissions.entry_id and runs.user_id is null)
          group by entry_id having count(withdrawn_at) = count(*)`,
      )
    ).map((row) => row.entry_id),
  );
  const byRun = new Map<string, Map<string, number>>();
  for (const { runId, key, value } of scores) {
    const known = byRun.get(runId);
    if (known) known.set(key, value);
    else byRun.set(runId, new Map([[key, value]]));
  }
  const sketches = await sketchesOf(tx, ids);
  const byEntry = new Map<string, RunRow[]>(ids.map((id) => [id, []]));
  for (const run of runs) byEntry.get(run.entryId)?.push(run);
  const now = new Date();
  const results = entries.map(({ entry }) => ({
    id: entry.id,
    ...recompute(
      entry,
      board.get(entry.benchmarkId)!,
      byEntry.get(entry.id) ?? [],
      byRun,
      sketches,
      withdrawn.has(entry.id),
    ),
  }));
  for (const { id, entry } of results)
    await tx
      .update(schema.entries)
      .set({ ...entry, updatedAt: now })
      .where(eq(schema.entries.id, id));
  await tx.delete(schema.summaries).where(inArray(schema.summaries.entryId, ids));
  const rows = results.flatMap((result) => result.summaries);
  if (rows.length > 0) await insertSummaries(tx, rows);
}

async function insertSummaries(tx: Database, rows: readonly (typeof schema.summaries.$inferInsert)[]): Promise<void> {
  await tx.execute(sql`
    insert into summaries (entry_id, score_key, n, mean, quantised, deviation, low, high, over, units)
    select "entryId", "scoreKey", n, mean, quantised, deviation, low, high, over, units
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      "entryId" uuid, "scoreKey" text, n int, mean float8, quantised float8, deviation float8, low float8, high float8, over text, units int)`);
}

/** Recomputes an entry's columns and summaries; call it in the transaction that changed one of its runs. */
export async function recomputeEntry(tx: Database, entryId: string): Promise<void> {
  await recomputeEntries(tx, [entryId]);
}

/** Entries recomputed at a time: five runs of ten scores each bring 200 kB of sketches an entry. */
const BATCH = 50;

/** Throws the summaries away and computes all of them anew. Returns the number of entries. */
export async function rebuildSummaries(db: Database): Promise<number> {
  return await db.transaction(async (tx) => {
    const ids = (await tx.select({ id: schema.entries.id }).from(schema.entries)).map((row) => row.id);
    await tx.delete(schema.summaries);
    for (let from = 0; from < ids.length; from += BATCH) await recomputeEntries(tx, ids.slice(from, from + BATCH));
    return ids.length;
  });
}
