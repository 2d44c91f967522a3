/** `verify-receipt` and `rerun`: a number is only as good as the way back to it. */
import type { Receipt } from '@touchstone/eval/meta';
import { verifyReceipt } from '@touchstone/eval/meta';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { readLimited } from '../core/submission-file.js';

const LIMIT = 16 * 1024 * 1024;

const isFile = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'sha256'].every((field) => typeof (value as Record<string, unknown>)[field] === 'string');

/** As much of its shape as is read before its digest is looked at. */
function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== 'object' || value === null) return false;
  const { digest, variantHash, seed, variant } = value as Partial<Record<keyof Receipt, unknown>>;
  if (typeof digest !== 'string' || typeof variantHash !== 'string' || typeof seed !== 'number') return false;
  if (typeof variant !== 'object' || variant === null) return false;
  const { predictions } = variant as { predictions?: { files?: unknown } | null };
  return predictions === undefined || (Array.isArray(predictions?.files) && predictions.files.every(isFile));
}

/** A receipt, a list of them, or the output of `run --json`. */
function collect(content: unknown): unknown[] {
  if (isReceipt(content)) return [content];
  if (Array.isArray(content)) return content;
  const runs = (content as { runs?: unknown } | null)?.runs;
  if (!Array.isArray(runs)) return [];
  return runs.map((run: { receipt?: unknown }) => run.receipt).filter((receipt) => receipt !== null);
}

/** Throws FILE_NOT_FOUND, FILE_TOO_LARGE, RECEIPT_INVALID. */
async function readReceipts(path: string): Promise<readonly Receipt[]> {
  const text = await readLimited(path, LIMIT);
  const invalid = (reason: string): CliError =>
    new CliError('RECEIPT_INVALID', `${path}: ${reason}`, {
      field: 'file',
      value: path,
      allowed: 'a receipt, a list of receipts, or output of run --json',
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid('not JSON');
  }
  const receipts = collect(content);
  if (receipts.length === 0) throw invalid('holds no receipt');
  receipts.forEach((receipt, i) => {
    if (!isReceipt(receipt)) throw invalid(`item ${i} is not a receipt`);
  });
  return receipts as Receipt[];
}

const nameOf = (receipt: Receipt): string =>
  `${receipt.benchmark}, seed ${receipt.seed}, ${receipt.digest.slice(0, 12)}`;

export async function verifyReceipts(path: string, options: { readonly json?: boolean }, io: Io): Promise<ExitCode> {
  const results = (await readReceipts(path)).map((receipt) => ({ receipt, ...verifyReceipt(receipt) }));
  const failed = results.filter(({ valid }) => !valid).length;
  if (options.json)
    io.out(
      `${JSON.stringify(results.map(({ receipt, valid, problems }) => ({ digest: receipt.digest, valid, problems })))}\n`,
    );
  else {
    for (const { receipt, valid, problems } of results)
      io.out(
        `${valid ? io.colour.green('valid  ') : io.colour.red('INVALID')} ${nameOf(receipt)}${problems.map((p) => `\n  ${p}`).join('')}\n`,
      );
    io.out(`${results.length - failed} passed, ${failed} failed\n`);
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

interface RerunOptions {
  readonly predictions?: readonly string[];
  readonly json?: boolean;
}

export async function rerun(path: string, options: RerunOptions, io: Io): Promise<ExitCode> {
  const receipts = await readReceipts(path);
  const { predictions } = options;
  const scored = receipts.find(({ variant }) => variant.predictions);
  if (scored && !predictions?.length)
    throw new CliError('USAGE', `rerun: ${scored.benchmark} scores files, and --predictions is missing`, {
      field: '--predictions',
      value: null,
      allowed: scored.variant.predictions!.files.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256})`).join(', '),
    });
  const { rerunReceipt } = await import('@touchstone/eval');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const results: { digest: string; equal: boolean; differences: readonly string[] }[] = [];
  for (const receipt of receipts) {
    io.progress(`running ${nameOf(receipt)}`);
    const { equal, differences } = await rerunReceipt(receipt, {
      signal: stop.signal,
      ...(predictions ? { predictions } : {}),
    });
    results.push({ digest: receipt.digest, equal, differences });
    if (!options.json)
      io.out(
        `${equal ? io.colour.green('re-derived here: equal') : io.colour.red('DIFFERENT')} ${nameOf(receipt)}${differences.map((d) => `\n  ${d}`).join('')}\n`,
      );
  }
  const failed = results.filter(({ equal }) => !equal).length;
  io.out(options.json ? `${JSON.stringify(results)}\n` : `${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
