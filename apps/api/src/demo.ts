/**
 * The demonstration: a few variants of the two small boards are trained here, and three shipped receipts re-derived. Its
 * runs are ordinary ones of the system itself, after everybody else's; that they were queued is kept in the database, so
 * an interrupted demonstration goes on at the next start.
 */
import { type Database, schema } from '@touchstone/db';
import { benchmarkName, listBenchmarks, resolveVariant, type VariantInput } from '@touchstone/eval/meta';
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { createRuns, newestGeneration, PRIORITY } from './jobs/enqueue.js';
import { upsertEntry } from './jobs/entries.js';
import { recomputeEntry } from './jobs/summary.js';
import type { Platform } from './platform.js';

/** None ships as a receipt: every one of these rows is trained here. The cheapest comes first, so that a row is there soon. */
const VARIANTS: Readonly<Record<string, readonly VariantInput[]>> = {
  'letter-classification': [
    { method: 'label-smoothing', params: { epsilon: 0.2 } },
    { method: 'focal', params: { gamma: 1 } },
    { method: 'comp-sum', params: { tau: 1.5 } },
    { method: 'ps-kd', params: { alphaT: 0.5 } },
    { method: 'cross-entropy', slots: { layer: { method: 'gelu' } } },
  ],
  'letter-retrieval': [
    { method: 'multi-similarity', params: { alpha: 4 } },
    { method: 'supervised-contrastive', params: { temperature: 0.05 } },
    { method: 'hyperspherical-nsl', params: { temperature: 0.1 } },
    { method: 'triplet', params: { margin: 0.4 } },
    { method: 'contrastive', params: { margin: 0.7 } },
  ],
};
const REDERIVED = 3;
const STATE_KEY = 'demonstration';
const LOOK_MS = 1_500;

interface DemoState {
  /** Ids of all runs, in the order in which they were queued. */
  readonly runs: readonly string[];
  /** Those of them that repeat a shipped receipt, with what is said of it. */
  readonly rederived: readonly { readonly run: string; readonly title: string }[];
}

async function readState(db: Database): Promise<DemoState | null> {
  const [row] = await db.select().from(schema.settings).where(eq(schema.settings.key, STATE_KEY));
  return (row?.value as DemoState | undefined) ?? null;
}

/** A new generation of one seed of a shipped entry: when it has finished it is compared with the receipt. */
async function queueRederivations(tx: Database, keys: readonly string[]): Promise<DemoState['rederived']> {
  const { runs, entries, benchmarks } = schema;
  const shipped = await tx
    .select({
      entryId: entries.id,
      label: entries.label,
      key: benchmarks.key,
      version: benchmarks.version,
      seed: runs.seed,
    })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .innerJoin(benchmarks, eq(benchmarks.id, entries.benchmarkId))
    .where(
      and(
        eq(runs.shipped, true),
        inArray(benchmarks.key, [...keys]),
        eq(benchmarks.current, true),
        isNotNull(entries.methodKey),
        sql`${entries.division} <> 'PLATFORM_TUNED'`,
      ),
    )
    .orderBy(asc(runs.seed), asc(benchmarks.key), asc(entries.label))
    .limit(REDERIVED);
  const out: { run: string; title: string }[] = [];
  for (const { entryId, label, key, version, seed } of shipped) {
    const generation = (await newestGeneration(tx, entryId)) + 1;
    const [run] = await createRuns(tx, {
      entryId,
      seeds: [seed],
      userId: null,
      generation,
      priority: PRIORITY.demonstration,
    });
    await recomputeEntry(tx, entryId);
    out.push({ run: run!.id, title: `${label}, seed ${seed} of ${benchmarkName({ key, version })}` });
  }
  return out;
}

/** Variants from position `from` up to `to` of every board. */
async function queueVariants(tx: Database, platform: Platform, from: number, to: number): Promise<string[]> {
  const queued: string[] = [];
  const definitions = new Map(
    listBenchmarks()
      .toReversed()
      .map((d) => [d.protocol.key, d]),
  );
  // Alternating between the boards, so that both fill at the same pace.
  for (let i = from; i < to; i++)
    for (const [key, list] of Object.entries(VARIANTS)) {
      const definition = definitions.get(key);
      const input = list[i];
      if (!definition || !input) continue;
      const [row] = await tx
        .select()
        .from(schema.benchmarks)
        .where(and(eq(schema.benchmarks.key, key), eq(schema.benchmarks.version, definition.protocol.version)));
      if (!row) continue;
      try {
        const { variant, variantHash, division } = resolveVariant(definition, input);
        const entry = await upsertEntry(tx, { benchmark: row, claim: 'RERUN', division, variant, variantHash });
        const runs = await createRuns(tx, {
          entryId: entry.id,
          seeds: definition.protocol.seeds,
          userId: null,
          generation: Math.max(1, await newestGeneration(tx, entry.id)),
          priority: PRIORITY.demonstration,
        });
        await recomputeEntry(tx, entry.id);
        queued.push(...runs.filter((run) => !run.shipped).map((run) => run.id));
      } catch (error) {
        platform.log.warn({ err: error, benchmark: key, variant: input }, 'demonstration: a variant was left out');
      }
    }
  return queued;
}

async function queueAll(platform: Platform): Promise<DemoState> {
  const state = await platform.db.transaction(async (tx) => {
    const known = await readState(tx);
    if (known) return known;
    const longest = Math.max(...Object.values(VARIANTS).map((list) => list.length));
    const first = await queueVariants(tx, platform, 0, 1);
    const rederived = await queueRederivations(tx, Object.keys(VARIANTS));
    const rest = await queueVariants(tx, platform, 1, longest);
    const made: DemoState = { runs: [...first, ...rederived.map(({ run }) => run), ...rest], rederived };
    await tx.insert(schema.settings).values({ key: STATE_KEY, value: made });
    return made;
  });
  platform.wakeDispatcher();
  return state;
}

export interface Demo {
  /** In words, for serverInfo. */
  state(): string;
  /** Every run has ended. */
  finished(): boolean;
  stop(): void;
}

/** Queues the demonstration unless that was done before, and reports as its runs end. */
export async function startDemo(platform: Platform, print: (line: string) => void): Promise<Demo> {
  const { db } = platform;
  const { runs: ids, rederived } = await queueAll(platform);
  let words = `0 of ${ids.length} runs`;
  const told = new Set<string>();
  let first = true;
  let finished = false;

  const look = async () => {
    const rows = await db
      .select({ id: schema.runs.id, entryId: schema.runs.entryId, seed: schema.runs.seed, state: schema.runs.state })
      .from(schema.runs)
      .where(inArray(schema.runs.id, [...ids]));
    const state = new Map(rows.map((row) => [row.id, row]));
    const ended = rows.filter((row) => !['QUEUED', 'RUNNING'].includes(row.state)).length;
    for (const { run, title } of rederived) {
      const row = state.get(run);
      if (told.has(run) || row?.state !== 'SUCCEEDED') continue;
      const [shipped] = await db
        .select({ equal: schema.runs.rederivedEqual })
        .from(schema.runs)
        .where(
          and(eq(schema.runs.entryId, row.entryId), eq(schema.runs.seed, row.seed), eq(schema.runs.shipped, true)),
        );
      told.add(run);
      // What an earlier start has said is not said again.
      if (!first || ended < ids.length) print(`${title}: re-derived here: ${shipped?.equal ? 'equal' : 'DIFFERENT'}`);
    }
    first = false;
    words =
      ended < ids.length
        ? `${ended} of ${ids.length} runs`
        : `done: ${ids.length} runs, ${told.size} receipts re-derived`;
    finished = ended === ids.length;
    if (finished) clearInterval(timer);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => platform.log.warn({ err: error }, 'demonstration: could not look at its runs'));
  }, LOOK_MS).unref();
  await look();
  return { state: () => words, finished: () => finished, stop: () => clearInterval(timer) };
}
