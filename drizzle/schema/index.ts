export * from './account.js';
export * from './benchmark.js';
export * from './entry.js';
export * from './operation.js';
export * from './run.js';
export * from './submission.js';
