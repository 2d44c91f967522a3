/** Reference results that come with the release: receipts and the tuning records behind them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Receipt, TuningRecord } from './types.js';

export function receiptsDirectory(): string {
  return fileURLToPath(new URL('../../receipts/', import.meta.url));
}

function recordsIn(folder: string): unknown[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}

/** Every receipt of the release, by benchmark, file and seed. */
export function shippedReceipts(): readonly Receipt[] {
  const root = receiptsDirectory();
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => name.includes('@'))
    .sort()
    .flatMap((name) => recordsIn(join(root, name)) as Receipt[]);
}

let tuning: ReadonlyMap<string, TuningRecord> | undefined;

/** The shipped choice of a variant's point; undefined where none was computed. */
export function shippedTuning(benchmarkHash: string, variantHash: string): TuningRecord | undefined {
  tuning ??= new Map(
    (recordsIn(join(receiptsDirectory(), 'tuning')) as TuningRecord[]).map((record) => [
      `${record.benchmarkHash}/${record.variantHash}`,
      record,
    ]),
  );
  return tuning.get(`${benchmarkHash}/${variantHash}`);
}
