/** An installation inside the test's process, on either engine: database, catalogue, users; and results that fit its runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { schema } from '@touchstone/db';
import {
  type Receipt,
  receiptDigest,
  registryHashes,
  resolveVariant,
  getBenchmark,
  scoreOutputs,
  type VariantInput,
} from '@touchstone/eval/meta';
import { encodeSketch, type PoissonWeights, sketchMean } from '@touchstone/eval/statistics';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { createPlatform, type OpenPlatform } from '../../apps/api/src/create-platform.js';
import { syncCatalogue } from '../../apps/api/src/jobs/catalogue.js';
import type { Claimed } from '../../apps/api/src/jobs/claim.js';
import { createRuns, type RunRow } from '../../apps/api/src/jobs/enqueue.js';
import { type EntryRow, upsertEntry } from '../../apps/api/src/jobs/entries.js';
import type { ResultReport } from '../../apps/api/src/jobs/finish.js';
import { recomputeEntry } from '../../apps/api/src/jobs/summary.js';
import { registerWorker } from '../../apps/api/src/jobs/workers.js';
import { issueToken } from '../../apps/api/src/lib/auth.js';
import { uuidv7 } from '../../apps/api/src/lib/uuid.js';
import { PROTOCOL_VERSION, type RegisterBody } from '../../apps/api/src/worker/protocol.js';

export interface Installation extends OpenPlatform {
  readonly home: string;
  remove(): Promise<void>;
}

export async function openInstallation(
  databaseUrl: string | null,
  home?: string,
  userLimit?: number,
): Promise<Installation> {
  const folder = home ?? mkdtempSync(join(tmpdir(), 'touchstone-db-'));
  const open = await createPlatform({
    config: { home: folder, host: '127.0.0.1', apiPort: 0, webPort: 0, databaseUrl, ownerToken: null },
    log: pino({ level: 'silent' }),
    ...(userLimit ? { userLimit } : {}),
  });
  await syncCatalogue(open.platform);
  return {
    ...open,
    home: folder,
    remove: async () => {
      await open.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface TestUser {
  readonly userId: string;
  readonly secret: string;
  readonly tokenId: string;
}

export async function addUser({ platform }: OpenPlatform, name: string): Promise<TestUser> {
  const userId = uuidv7();
  await platform.db.insert(schema.users).values({ id: userId, name, role: 'member', createdAt: new Date() });
  const { secret, row } = await issueToken(platform.db, {
    userId,
    name,
    scopes: ['read', 'submit', 'worker'],
    expiresAt: null,
  });
  return { userId, secret, tokenId: row.id };
}

export interface Submitted {
  readonly entry: EntryRow;
  readonly runs: RunRow[];
}

/** What a submission does to the database. */
export async function submit(
  { platform }: OpenPlatform,
  userId: string | null,
  benchmark: string,
  input: VariantInput,
  options: { seeds?: readonly number[]; generation?: number; priority?: number } = {},
): Promise<Submitted> {
  const definition = getBenchmark(benchmark);
  const { key, version, seeds } = definition.protocol;
  const { variant, variantHash, division } = resolveVariant(definition, input);
  const submitted = await platform.db.transaction(async (tx) => {
    const [row] = await tx.select().from(schema.benchmarks).where(eq(schema.benchmarks.key, key));
    if (row?.version !== version) throw new Error(`${key} is not in the catalogue`);
    const entry = await upsertEntry(tx, { benchmark: row, claim: 'RERUN', division, variant, variantHash });
    const { generation = 1, priority = 0 } = options;
    const runs = await createRuns(tx, {
      entryId: entry.id,
      seeds: options.seeds ?? seeds,
      userId,
      generation,
      priority,
    });
    await recomputeEntry(tx, entry.id);
    return { entry, runs };
  });
  platform.wakeDispatcher();
  return submitted;
}

export const abilities = (changes: Partial<RegisterBody> = {}): RegisterBody => ({
  protocol: PROTOCOL_VERSION,
  name: 'bench',
  backends: ['wasm'],
  datasets: ['digits', 'letter-recognition'],
  memoryBytes: 1e9,
  capacity: 1,
  registry: registryHashes(),
  ...changes,
});

export async function addWorker(open: OpenPlatform, user: TestUser, changes: Partial<RegisterBody> = {}) {
  const row = await registerWorker(open.platform, user, abilities(changes));
  return { ...row, registry: row.registry as RegisterBody['registry'] };
}

export interface TestOutcomes {
  /** Of the primary score, which is their mean. */
  readonly values: Float64Array;
  /** Class of each. */
  readonly groups: readonly string[];
  /** Weights of the units. */
  readonly weights: PoissonWeights;
}

/** A result with outcomes and their sketch, as a worker sends it. */
export function resultWith(claimed: Claimed, { values, groups, weights }: TestOutcomes): ResultReport {
  const { primary } = getBenchmark(claimed.request.benchmark).protocol;
  const sketch = sketchMean(values, weights);
  const packed = (bytes: Uint8Array | string) => deflateSync(bytes).toString('base64');
  return {
    ...resultOf(claimed, sketch.score),
    outcomes: { [primary]: packed(new Uint8Array(values.buffer)) },
    sketches: { [primary]: Buffer.from(encodeSketch(sketch)).toString('base64') },
    units: packed(JSON.stringify({ names: null, groups })),
  };
}

/** A result with a receipt that verifies; every score is `value`, or what `scores` says. */
export function resultOf({ request }: Claimed, value: number, scores: Record<string, number> = {}): ResultReport {
  const { protocol } = getBenchmark(request.benchmark);
  const all = Object.fromEntries(scoreOutputs(protocol).map(({ key }) => [key, scores[key] ?? value]));
  const resources = { wallMs: 1000, cpuMs: 900, peakBytes: 1e8, flops: 1e9 };
  const body: Omit<Receipt, 'digest'> = {
    schema: 1,
    benchmark: request.benchmark,
    benchmarkHash: request.benchmarkHash,
    variant: request.variant,
    variantHash: request.variantHash,
    datasets: protocol.datasets,
    code: 'test',
    backend: { name: 'wasm', version: '0' },
    plan: 'plain',
    seed: request.seed,
    tuned: null,
    scores: all,
    environment: { node: process.version, cpu: 'test', platform: 'test' },
    resources,
    convergence: 'CONVERGED',
  };
  const outcomes = deflateSync(new Uint8Array(Float64Array.of(1, 0, 1).buffer)).toString('base64');
  return {
    scores: all,
    outcomes: { [protocol.primary]: outcomes },
    sketches: {},
    units: null,
    convergence: 'CONVERGED',
    tuning: null,
    resources,
    receipt: { ...body, digest: receiptDigest(body) },
    contended: false,
  };
}
