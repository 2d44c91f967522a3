/** Receipts: what a run was and what came out, named by a digest that anybody can recompute. */
import { EvalError } from './errors.js';
import { hashJson } from './hash.js';
import { hasOfficialLabels, predictionBenchmark } from '../predictions/records.js';
import { benchmarkHash, getBenchmark } from './registry.js';
import type { Protocol, Receipt } from './types.js';
import { variantHash } from './variant.js';

/** Rises with the release; method and metric versions say more exactly what computed a number. */
export const CODE_VERSION = 'touchstone 0.1.0';

type Digested = Omit<Receipt, 'digest' | 'environment' | 'resources' | 'convergence'>;

/** SHA-256 of the canonical JSON of everything but machine, cost and convergence. */
export function receiptDigest(receipt: Digested & Partial<Receipt>): string {
  const {
    digest: _digest,
    environment: _environment,
    resources: _resources,
    convergence: _convergence,
    ...rest
  } = receipt;
  return hashJson(rest);
}

export interface ReceiptCheck {
  readonly valid: boolean;
  /** Empty when valid: each names the field that does not hold. */
  readonly problems: readonly string[];
}

/** Digest, hashes and scores of a receipt, checked against its own content and this installation's benchmarks. */
export function verifyReceipt(receipt: Receipt): ReceiptCheck {
  const problems: string[] = [];
  try {
    if (receipt.schema !== 1) problems.push(`schema: expected 1, found ${String(receipt.schema)}`);
    const digest = receiptDigest(receipt);
    if (digest !== receipt.digest)
      problems.push(`digest: the content has ${digest}, the receipt says ${receipt.digest}`);
    const hash = variantHash(receipt.variant);
    if (hash !== receipt.variantHash)
      problems.push(`variantHash: the variant has ${hash}, the receipt says ${receipt.variantHash}`);
    problems.push(...benchmarkProblems(receipt));
  } catch (error) {
    problems.push(`not a receipt: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { valid: problems.length === 0, problems };
}

const DIGEST = /^[0-9a-f]{64}$/;

/** Labels of unknown checksum are supplied by whoever scores: any digest will do, but there must be one. */
function sameLabels(protocol: Protocol, { datasets }: Receipt): boolean {
  const known = protocol.datasets.filter(({ key }) => datasets.some((used) => used.key === key));
  if (known.length !== datasets.length || (hasOfficialLabels(protocol) && known.length !== protocol.datasets.length))
    return false;
  return known.every(({ key, revision, sha256 }, i) => {
    const used = datasets[i]!;
    if (used.key !== key || used.revision !== revision) return false;
    if (sha256.length > 0) return used.sha256.join() === sha256.join();
    return used.sha256.length > 0 && used.sha256.every((digest) => DIGEST.test(digest));
  });
}

function benchmarkProblems(receipt: Receipt): string[] {
  const problems: string[] = [];
  try {
    const { protocol } = predictionBenchmark(receipt.benchmark) ?? getBenchmark(receipt.benchmark);
    const known = benchmarkHash(protocol);
    if (known !== receipt.benchmarkHash)
      problems.push(`benchmarkHash: ${receipt.benchmark} has ${known} here, the receipt says ${receipt.benchmarkHash}`);
    const same =
      protocol.track === 'train'
        ? hashJson(protocol.datasets) === hashJson(receipt.datasets)
        : sameLabels(protocol, receipt);
    if (!same) problems.push(`datasets: the receipt was made on other data than ${receipt.benchmark} names`);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    problems.push(`benchmark: ${error.message}`);
  }
  return problems;
}

/** Names of the digested fields that differ; scores by key. Empty when the two receipts say the same. */
export function receiptDifferences(a: Receipt, b: Receipt): string[] {
  const fields = ['benchmarkHash', 'variantHash', 'datasets', 'code', 'backend', 'plan', 'seed', 'tuned'] as const;
  const different: string[] = fields.filter((field) => hashJson(a[field]) !== hashJson(b[field]));
  for (const key of new Set([...Object.keys(a.scores), ...Object.keys(b.scores)]))
    if (!Object.is(a.scores[key], b.scores[key]))
      different.push(`scores.${key}: ${String(a.scores[key])} against ${String(b.scores[key])}`);
  if (different.length === 0 && a.digest !== b.digest) different.push('digest');
  return different;
}
