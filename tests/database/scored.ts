/** Submissions of files and results that fit them, made in the database without a worker process. */
import { schema } from '@touchstone/db';
import { predictionBenchmark, type Receipt, receiptDigest, type Variant, variantHash } from '@touchstone/eval/meta';
import { and, eq } from 'drizzle-orm';
import { type Claimed, claimRun, type LastServed } from '../../apps/api/src/jobs/claim.js';
import { upsertEntry } from '../../apps/api/src/jobs/entries.js';
import { finishRun, type ResultReport } from '../../apps/api/src/jobs/finish.js';
import type { Actor } from '../../apps/api/src/lib/auth.js';
import { store } from '../../apps/api/src/modules/submission/submission.store.js';
import { addWorker, type Installation, type TestUser } from './installation.js';

export const actorOf = ({ userId, tokenId }: TestUser): Actor =>
  ({ userId, tokenId, name: 'test', role: 'member', scopes: ['read', 'submit'] }) as unknown as Actor;

export interface Sent {
  readonly entryId: string;
  readonly submissionId: string;
  readonly runId: string;
}

/** What submitPredictions does with a file of this content, on the given version of a board. */
export async function sendFile(
  { platform }: Installation,
  user: TestUser,
  board: { readonly key: string; readonly version: number },
  content: string,
  options: { readonly keep?: boolean } = {},
): Promise<Sent> {
  const bytes = new TextEncoder().encode(content);
  const sha256 = options.keep === false ? '0'.repeat(64) : await platform.blobs.put(bytes, 'predictions');
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    predictions: { files: [{ name: 'file.txt', sha256 }] },
  };
  const { benchmarks } = schema;
  const where = and(eq(benchmarks.key, board.key), eq(benchmarks.version, board.version));
  const [benchmark] = await platform.db.select().from(benchmarks).where(where);
  return await platform.db.transaction(async (tx) => {
    const identity = { variant, variantHash: variantHash(variant), label: content } as const;
    const entry = await upsertEntry(tx, {
      benchmark: benchmark!,
      claim: 'SUBMITTED',
      division: 'OPEN',
      ...identity,
    });
    const [submissionId] = await store(tx, actorOf(user), [
      {
        entryId: entry.id,
        benchmarkId: benchmark!.id,
        generation: 1,
        seeds: [0],
        input: { benchmark: board.key, name: content },
        note: null,
        event: { kind: 'SUBMITTED', message: content },
      },
    ]);
    const [run] = await tx.select().from(schema.runs).where(eq(schema.runs.entryId, entry.id));
    return { entryId: entry.id, submissionId: submissionId!, runId: run!.id };
  });
}

export type Labels = Receipt['datasets'];

/** A result with a receipt that verifies; every score of the benchmark's is `value`. */
export function scoredResult({ request }: Claimed, value: number, labels?: Labels): ResultReport {
  const { protocol } = predictionBenchmark(request.benchmark)!;
  const scores = { [protocol.primary]: value };
  const resources = { wallMs: 10, cpuMs: 9, peakBytes: 1e6, flops: 0 };
  const body: Omit<Receipt, 'digest'> = {
    schema: 1,
    ...request,
    datasets: labels ?? protocol.datasets,
    code: 'test',
    backend: { name: 'none', version: '0' },
    plan: 'scoring',
    tuned: null,
    scores,
    environment: { node: process.version, cpu: 'test', platform: 'test' },
    resources,
    convergence: 'CONVERGED',
  };
  return {
    scores,
    outcomes: {},
    sketches: {},
    units: null,
    convergence: 'CONVERGED',
    tuning: null,
    resources,
    receipt: { ...body, digest: receiptDigest(body) },
    contended: false,
  };
}

/** A worker that has the labels of every board of these tests. */
export async function openScorer(installation: Installation, user: TestUser) {
  const datasets = ['cranfield', 'kitti_object', 'kitti_object_sample'];
  const worker = await addWorker(installation, user, { name: 'scorer', datasets });
  const served: LastServed = new Map();
  const { platform } = installation;
  return {
    claim: () => claimRun(platform.db, worker, served, 64),
    finish: (claimed: Claimed, value: number, labels?: Labels) => {
      const fence = { workerId: worker.id, runId: claimed.run.id, attempt: claimed.run.attempt };
      return finishRun(platform, fence, scoredResult(claimed, value, labels));
    },
  };
}
