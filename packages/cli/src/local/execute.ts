/** Runs the seeds of a variant here, each in a forked child, a few at a time. */
import type { ChildMessage, Receipt, RunReason, RunState, TuningRecord } from '@touchstone/eval';
import { forkRun, requestFor } from '@touchstone/eval';
import type { Resolved } from './resolve.js';

export interface LocalRun {
  readonly seed: number;
  readonly state: Extract<RunState, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'>;
  readonly reason: RunReason | null;
  readonly message: string | null;
  readonly scores: Readonly<Record<string, number>> | null;
  readonly receipt: Receipt | null;
  readonly lastLogLines: readonly string[];
}

interface ExecuteOptions {
  /** Runs at the same time, ≥ 1. */
  readonly jobs: number;
  readonly fraction?: number;
  readonly signal: AbortSignal;
  onMessage(seed: number, message: ChildMessage): void;
  onEnd(run: LocalRun): void;
}

/**
 * In the order of `seeds`, whatever order they end in. A tuned variant's point is chosen by the first run alone and
 * handed to the others. Never rejects for a failed run: that is a state.
 */
export async function execute(
  { benchmark, variant, seeds }: Resolved,
  options: ExecuteOptions,
): Promise<readonly LocalRun[]> {
  const results = new Map<number, LocalRun>();
  const waiting = [...seeds];
  let tuning: TuningRecord | undefined;

  const one = async (seed: number): Promise<void> => {
    const run = options.signal.aborted ? cancelled(seed) : await runSeed(seed);
    results.set(seed, run);
    options.onEnd(run);
  };
  const runSeed = async (seed: number): Promise<LocalRun> => {
    const forked = forkRun(requestFor(benchmark, variant.variant, seed, options.fraction), {
      onMessage: (message) => options.onMessage(seed, message),
      ...(tuning ? { tuning } : {}),
    });
    const cancel = (): void => forked.cancel();
    options.signal.addEventListener('abort', cancel, { once: true });
    const { result, failure } = await forked.promise;
    options.signal.removeEventListener('abort', cancel);
    if (!result) {
      const state = failure.reason === 'CANCELLED_BY_USER' ? 'CANCELLED' : 'FAILED';
      const { reason, message, lastLogLines } = failure;
      return { seed, state, reason, message, scores: null, receipt: null, lastLogLines };
    }
    tuning ??= result.tuning ?? undefined;
    const { scores, receipt } = result;
    return { seed, state: 'SUCCEEDED', reason: null, message: null, scores, receipt, lastLogLines: [] };
  };
  const take = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) await one(seed);
  };

  const first = variant.space === 'tuned' ? waiting.shift() : undefined;
  if (first !== undefined) await one(first);
  await Promise.all(Array.from({ length: options.jobs }, take));
  return seeds.map((seed) => results.get(seed) ?? cancelled(seed));
}

const cancelled = (seed: number): LocalRun => ({
  seed,
  state: 'CANCELLED',
  reason: 'CANCELLED_BY_USER',
  message: 'cancelled',
  scores: null,
  receipt: null,
  lastLogLines: [],
});
