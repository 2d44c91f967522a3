/** Tuning records that this installation has: shipped ones, and its own in TOUCHSTONE_HOME. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashJson } from '../core/hash.js';
import { shippedTuning } from '../core/shipped.js';
import type { TuningRecord } from '../core/types.js';
import type { Environment } from '../data-store.js';
import { homeDirectory, writeAtomically } from '../data-store.js';

function path(benchmarkHash: string, variantHash: string, env: Environment): string {
  return join(homeDirectory(env), 'cache', 'tuning', `${hashJson({ benchmarkHash, variantHash })}.json`);
}

/** The record of a benchmark and variant; undefined where it was never computed or its file is damaged. */
export async function cachedTuning(
  benchmarkHash: string,
  variantHash: string,
  env: Environment = process.env,
): Promise<TuningRecord | undefined> {
  const shipped = shippedTuning(benchmarkHash, variantHash);
  if (shipped) return shipped;
  try {
    const record = JSON.parse(await readFile(path(benchmarkHash, variantHash, env), 'utf8')) as TuningRecord;
    return fits(record, benchmarkHash, variantHash) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function fits(record: TuningRecord, benchmarkHash: string, variantHash: string): boolean {
  return (
    record.benchmarkHash === benchmarkHash &&
    record.variantHash === variantHash &&
    record.points?.[record.chosen] !== undefined
  );
}

/** Keeps a record for later runs; a folder that cannot be written costs the reuse and nothing else. */
export async function storeTuning(record: TuningRecord, env: Environment = process.env): Promise<boolean> {
  try {
    await writeAtomically(path(record.benchmarkHash, record.variantHash, env), JSON.stringify(record));
    return true;
  } catch {
    return false;
  }
}
