/** Pieces that protocols share. They are values, frozen by every hash that contains them: change one, and locked hashes move. */
import type { ComponentRef, DatasetDefinition, Protocol } from './types.js';

export const CROSS_ENTROPY: ComponentRef = { method: 'cross-entropy', version: 1, params: {} };
export const RELU: ComponentRef = { method: 'relu', version: 1, params: {} };
export const BACKPROP: ComponentRef = { method: 'backprop', version: 1, params: {} };
export const CONTRASTIVE: ComponentRef = {
  method: 'contrastive',
  version: 1,
  params: { margin: 1, balance: 'pairs' },
};

export const CLASSIFICATION_METRICS: Protocol['metrics'] = [
  { key: 'accuracy', version: 1 },
  { key: 'top-k', version: 1 },
  { key: 'negative-log-likelihood', version: 1 },
  { key: 'brier', version: 1 },
  { key: 'ece', version: 1 },
  { key: 'aurc', version: 1 },
];

export const RETRIEVAL_METRICS: Protocol['metrics'] = [
  { key: 'map-at-r', version: 1 },
  { key: 'recall-at-k', version: 1 },
];

export const SEEDS = [0, 1, 2, 3, 4] as const;
export const TUNING_SEED = 1000;

/** The pinned revision of a dataset, as a protocol names it. */
export function pinned({ key, revision, sources }: DatasetDefinition): Protocol['datasets'][number] {
  return { key, revision, sha256: sources.map((source) => source.sha256) };
}
