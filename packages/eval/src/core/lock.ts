/** The lock of frozen protocols: key@version → hash. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchmarkHash, benchmarkName, listBenchmarks } from './registry.js';

export const lockPath = (): string => fileURLToPath(new URL('../../benchmarks.lock.json', import.meta.url));

export function readLock(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(lockPath(), 'utf8')) as Record<string, string>;
}

/** The lock with benchmarks added that it does not hold yet; a frozen hash is never replaced. */
export function lockFile(existing: Readonly<Record<string, string>>): Record<string, string> {
  const found = listBenchmarks().map(({ protocol }) => [benchmarkName(protocol), benchmarkHash(protocol)] as const);
  const entries = Object.entries({ ...Object.fromEntries(found), ...existing });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
