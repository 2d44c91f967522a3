/** Deriving a receipt again. */
import { receiptDifferences } from '../core/receipt.js';
import type { Receipt, RunResult } from '../core/types.js';
import { withRecordedFiles } from './recorded-files.js';
import type { RunOptions } from './run.js';

export interface RerunOptions extends RunOptions {
  /** The files that a predictions receipt names by their SHA-256, in any order and under any name. */
  readonly predictions?: readonly string[];
}

export interface RerunResult {
  readonly equal: boolean;
  /** Digested fields that came out otherwise; empty when equal. */
  readonly differences: readonly string[];
  readonly result: RunResult;
}

/**
 * Runs what a receipt describes, here and now, and compares. Throws what `runVariant` and `scoreVariant` throw, and HASH_MISMATCH
 * where a file of a predictions receipt is not among those given, RECEIPT_INVALID where one has no plain name.
 */
export async function rerunReceipt(receipt: Receipt, options: RerunOptions = {}): Promise<RerunResult> {
  const { benchmark, benchmarkHash, variant, variantHash, seed, fraction } = receipt;
  const request = {
    benchmark,
    benchmarkHash,
    variant,
    variantHash,
    seed,
    ...(fraction === undefined ? {} : { fraction }),
  };
  const { predictions = [], ...runOptions } = options;
  // Each is loaded only where it is needed: scoring files takes no tensor backend.
  const result = variant.predictions
    ? await withRecordedFiles(variant, predictions, async (files) => {
        const { scoreVariant } = await import('./score-run.js');
        const { onMessage = () => undefined, signal = new AbortController().signal } = runOptions;
        return scoreVariant(request, files, { onMessage, signal });
      })
    : await (await import('./run.js')).runVariant(request, runOptions);
  const differences = receiptDifferences(receipt, result.receipt);
  return { equal: differences.length === 0, differences, result };
}
