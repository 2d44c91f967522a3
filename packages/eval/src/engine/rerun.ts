/** Deriving a receipt again. */
import { receiptDifferences } from '../core/receipt.js';
import type { Receipt, RunResult } from '../core/types.js';
import type { RunOptions } from './run.js';
import { runVariant } from './run.js';

export interface RerunResult {
  readonly equal: boolean;
  /** Digested fields that came out otherwise; empty when equal. */
  readonly differences: readonly string[];
  readonly result: RunResult;
}

/** Runs what a receipt describes, here and now, and compares. Throws what `runVariant` throws. */
export async function rerunReceipt(receipt: Receipt, options: RunOptions = {}): Promise<RerunResult> {
  const { benchmark, benchmarkHash, variant, variantHash, seed, fraction } = receipt;
  const request = {
    benchmark,
    benchmarkHash,
    variant,
    variantHash,
    seed,
    ...(fraction === undefined ? {} : { fraction }),
  };
  const result = await runVariant(request, options);
  const differences = receiptDifferences(receipt, result.receipt);
  return { equal: differences.length === 0, differences, result };
}
