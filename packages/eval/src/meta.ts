/** Definitions and records of evaluation, without the engine (`@touchstone/eval/meta`). */
export * from './core/types.js';
export type { EvalErrorCode } from './core/errors.js';
export { EvalError } from './core/errors.js';
export { headroom, measuredResolution } from './core/headroom.js';
export { canonicalJson, hashJson, sha256 } from './core/hash.js';
export { lockFile, lockPath, readLock } from './core/lock.js';
export { completeParams } from './core/params.js';
export type { ReceiptCheck } from './core/receipt.js';
export { CODE_VERSION, receiptDifferences, receiptDigest, verifyReceipt } from './core/receipt.js';
export type { RegistryHashes } from './core/registry-hashes.js';
export { registryHashes } from './core/registry-hashes.js';
export {
  benchmarkHash,
  benchmarkName,
  getBenchmark,
  getDataset,
  getMetric,
  listBenchmarks,
  listDatasets,
  listMetrics,
  metricsOf,
  outputOf,
  primaryOutput,
  scoreOutputs,
} from './core/registry.js';
export { receiptsDirectory, shippedReceipts, shippedTuning } from './core/shipped.js';
export type { ShippedFile, ShippedOutcomes, ShippedRun } from './core/shipped-outcomes.js';
export {
  decodeShippedOutcomes,
  encodeShippedOutcomes,
  encodeShippedUnits,
  outcomesBeside,
  shippedOutcomeFiles,
  shippedUnits,
  shippedUnitsPath,
} from './core/shipped-outcomes.js';
export type { AcceptedMethod, ResolvedVariant } from './core/variant.js';
export {
  acceptedMethods,
  baselineVariant,
  defaultComponent,
  divisionOf,
  labelOf,
  resolveVariant,
  untrainedVariant,
  validateSeeds,
  variantHash,
} from './core/variant.js';
export type { DatasetStatus, Environment } from './data-store.js';
export {
  dataDirectories,
  datasetState,
  homeDirectory,
  locate,
  ownDataDirectory,
  verifyDataset,
  writeAtomically,
} from './data-store.js';
export type { PullOptions, PullProgress } from './data-pull.js';
export { importDataset, pullDataset } from './data-pull.js';
export type { DescribedPattern } from './metric-pages/lookup.js';
export {
  describedPatterns,
  findMetricPage,
  listMetricPages,
  metricOfPage,
  pageOfMetric,
  pageOfScore,
  protocolsOfPage,
  scoresOfPage,
} from './metric-pages/lookup.js';
export type { MetricPage } from './metric-pages/types.js';
export type { PredictionBenchmark } from './predictions/records.js';
export {
  hasOfficialLabels,
  labelFolder,
  labelRevision,
  listPredictionBenchmarks,
  predictionBenchmark,
} from './predictions/records.js';
export type { Direction, RankInference } from './statistics/rank.js';
export { holm, quantise, rankEntries, rankInference } from './statistics/rank.js';
export type { ResolutionInput } from './statistics/resolution.js';
export { resolution } from './statistics/resolution.js';
export type { Interval, PairedDifference, Summary } from './statistics/summary.js';
export { pairedDifference, summarise } from './statistics/summary.js';
