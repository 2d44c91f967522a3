/** One batch of DataLoaders an operation, so that a list costs a constant number of statements. */
import { benchmarkLoaders } from '../modules/benchmark/benchmark.loader.js';
import { entryLoaders } from '../modules/entry/entry.loader.js';
import { runLoaders } from '../modules/run/run.loader.js';
import { submissionLoaders } from '../modules/submission/submission.loader.js';
import type { Platform } from '../platform.js';

export function createLoaders(platform: Platform) {
  const benchmark = benchmarkLoaders(platform.db);
  return {
    benchmark,
    entry: entryLoaders(platform, benchmark),
    run: runLoaders(platform.db),
    submission: submissionLoaders(platform.db),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
