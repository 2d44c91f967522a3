/** Evaluation: definitions, and the engine that trains and scores (`@touchstone/eval`). */
export * from './meta.js';
export type { ForkedRun, ForkFailure, ForkOptions, ForkOutcome } from './engine/fork.js';
export { forkRun } from './engine/fork.js';
export type { RerunOptions, RerunResult } from './engine/rerun.js';
export { rerunReceipt } from './engine/rerun.js';
export type { RunOptions } from './engine/run.js';
export { requestFor, runVariant } from './engine/run.js';
export { cachedTuning, storeTuning } from './engine/tuning-store.js';
