/** What a run asks of a worker, and whether a worker has it; the same rule decides a claim and words the reason for waiting. */
import { type Database, schema } from '@touchstone/db';
import { benchmarkName, listDatasets, type Protocol, type RegistryHashes, type Variant } from '@touchstone/eval/meta';
import { eq, inArray } from 'drizzle-orm';

export interface Requirements {
  /** key@version */
  readonly benchmark: string;
  readonly benchmarkHash: string;
  readonly backend: string;
  readonly datasets: readonly string[];
  /** The datasets are folders of official labels that predictions are scored against. */
  readonly labels?: true;
  readonly methods: readonly { readonly key: string; readonly version: number }[];
}

export interface Abilities {
  readonly backends: readonly string[];
  readonly datasets: readonly string[];
  readonly registry: RegistryHashes;
}

export function requirementsOf(protocol: Protocol, hash: string, variant: Variant): Requirements {
  return {
    benchmark: benchmarkName(protocol),
    benchmarkHash: hash,
    backend: protocol.backend,
    datasets: protocol.datasets.map((dataset) => dataset.key),
    ...(protocol.track === 'predictions' ? { labels: true } : {}),
    methods: Object.values(variant.components).map(({ method, version }) => ({ key: method, version })),
  };
}

export type Lack =
  | { readonly kind: 'registry'; readonly what: string }
  | { readonly kind: 'backend'; readonly what: string }
  | { readonly kind: 'dataset'; readonly what: string };

/** The first thing that the worker lacks, null when it can take the run. */
export function lackOf(needs: Requirements, has: Abilities): Lack | null {
  const { benchmarks, methods } = has.registry;
  if (benchmarks[needs.benchmark] !== needs.benchmarkHash) return { kind: 'registry', what: needs.benchmark };
  const foreign = needs.methods.find(({ key, version }) => methods[key] !== version);
  if (foreign) return { kind: 'registry', what: `${foreign.key} version ${foreign.version}` };
  if (!has.backends.includes(needs.backend)) return { kind: 'backend', what: needs.backend };
  const missing = needs.datasets.find((key) => !has.datasets.includes(key));
  return missing ? { kind: 'dataset', what: missing } : null;
}

/** Why nobody takes it, in words for the submitter; null when an online worker can. */
export function reasonForWaiting(
  needs: Requirements,
  online: readonly (Abilities & { readonly name: string; readonly refusal: string | null })[],
  lastSeen: Date | null,
): string | null {
  if (online.length === 0)
    return lastSeen
      ? `no worker is online since ${lastSeen.toISOString()}; start one with: touchstone worker --server URL --token TOKEN`
      : 'no worker has ever been online; start one with: touchstone worker --server URL --token TOKEN';
  const willing = online.filter((worker) => worker.refusal === null);
  if (willing.length === 0) return `no worker takes runs: ${online[0]!.name}: ${online[0]!.refusal}`;
  const lacks = willing.map((worker) => lackOf(needs, worker));
  if (lacks.includes(null)) return null;
  // The worker that lacks least decides what is said: a missing dataset is easier to mend than other code.
  const order = ['dataset', 'backend', 'registry'] as const;
  const lack = order.flatMap((kind) => lacks.filter((l) => l?.kind === kind))[0]!;
  if (lack.kind === 'dataset' && needs.labels)
    return `no worker has the official labels; on a worker's machine they are a folder ${lack.what} under TOUCHSTONE_DATA`;
  if (lack.kind === 'dataset')
    return `no worker has the dataset ${lack.what}; on a worker's machine run: ${commandFor(lack.what)}`;
  if (lack.kind === 'backend') return `no worker has the backend ${lack.what}`;
  return `no worker has the code of ${lack.what} with this server's hash; update the workers to this server's version`;
}

/** What has no public address can only be brought by hand. */
function commandFor(dataset: string): string {
  const definition = listDatasets().find(({ key }) => key === dataset);
  const byHand = definition && !definition.bundled && definition.sources.some(({ url }) => url === undefined);
  return byHand ? `touchstone data import ${dataset} PATH` : `touchstone data pull ${dataset}`;
}

const cache = new Map<string, Requirements>();
const CACHE_LIMIT = 50_000;

/** Requirements by entry id. They never change, so each entry is read once a process. */
export async function requirementsOfEntries(
  db: Database,
  entryIds: readonly string[],
): Promise<Map<string, Requirements>> {
  const unknown = entryIds.filter((id) => !cache.has(id));
  if (unknown.length > 0) {
    if (cache.size + unknown.length > CACHE_LIMIT) cache.clear();
    const rows = await db
      .select({
        id: schema.entries.id,
        variant: schema.entries.variant,
        protocol: schema.benchmarks.protocol,
        hash: schema.benchmarks.hash,
      })
      .from(schema.entries)
      .innerJoin(schema.benchmarks, eq(schema.benchmarks.id, schema.entries.benchmarkId))
      .where(inArray(schema.entries.id, entryIds.length === unknown.length ? unknown : [...entryIds]));
    for (const row of rows)
      cache.set(row.id, requirementsOf(row.protocol as Protocol, row.hash, row.variant as Variant));
  }
  return new Map(entryIds.flatMap((id) => (cache.has(id) ? [[id, cache.get(id)!] as const] : [])));
}
