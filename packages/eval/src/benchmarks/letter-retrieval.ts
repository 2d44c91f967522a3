import { BACKPROP, CONTRASTIVE, pinned, RELU, RETRIEVAL_METRICS, SEEDS, TUNING_SEED } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as letters } from '../datasets/letter-recognition.js';

/** Letters never seen in training are looked up by similarity: A–M train, N–Z test. */
export const definition: BenchmarkDefinition = {
  protocol: {
    schema: 1,
    key: 'letter-retrieval',
    version: 1,
    track: 'train',
    task: 'retrieval',
    scale: 'REDUCED',
    fidelity: 'VARIANT(class-disjoint split of a classification set)',
    datasets: [pinned(letters)],
    split: {
      rule: 'classes train 0-12 val 8-12 test 13-25',
      train: 9940,
      val: 3794,
      test: 10060,
      sha256: '32ce8e8d0ed92f6aba8b2337c01052083e080e100f240745ce241799f2350a08',
    },
    features: { kind: 'standardise' },
    model: { kind: 'mlp', hidden: [128], embeddingDim: 32, initialisation: 'heNormal' },
    optimiser: { kind: 'adamw', schedule: 'cosine' },
    tuningSeed: TUNING_SEED,
    steps: 600,
    batch: { kind: 'pk', classes: 8, perClass: 8 },
    augmentation: 'none',
    seeds: SEEDS,
    backend: 'wasm',
    metrics: RETRIEVAL_METRICS,
    primary: 'map_at_r',
    slot: 'objective',
    accepts: { objective: CONTRASTIVE, layer: RELU },
    fixed: { trainer: BACKPROP },
    space: {
      learningRate: { low: 1e-3, high: 1e-1, default: 1e-2 },
      weightDecay: { low: 1e-5, high: 1e-2, default: 1e-4 },
      trials: 12,
    },
  },
  title: 'Letters, retrieval of unseen classes',
  summary: 'Train an embedding on the letters A–M, then find the letters N–Z by cosine similarity among 10,060 items.',
  page: '',
  baseline: CONTRASTIVE,
  resolution: null,
  references: [],
};
