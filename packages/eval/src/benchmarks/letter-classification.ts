import { BACKPROP, CLASSIFICATION_METRICS, CROSS_ENTROPY, pinned, RELU, SEEDS, TUNING_SEED } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as letters } from '../datasets/letter-recognition.js';

/** The standard task of UCI Letter Recognition: 16,000 letters to learn from, 4,000 to name. */
export const definition: BenchmarkDefinition = {
  protocol: {
    schema: 1,
    key: 'letter-classification',
    version: 1,
    track: 'train',
    task: 'classification',
    scale: 'FULL',
    fidelity: 'OFFICIAL',
    datasets: [pinned(letters)],
    split: {
      rule: 'rows train 0-15999 val 14000-15999 test 16000-19999',
      train: 16000,
      val: 2000,
      test: 4000,
      sha256: '103267418fe66452780e8d04e2f7dfff89f1e31ed2d92edd8c209e12c29b3cd5',
    },
    features: { kind: 'standardise' },
    model: { kind: 'mlp', hidden: [128], embeddingDim: 64, initialisation: 'heNormal' },
    optimiser: { kind: 'adamw', schedule: 'cosine' },
    tuningSeed: TUNING_SEED,
    steps: 2000,
    batch: { kind: 'uniform', size: 128 },
    augmentation: 'none',
    seeds: SEEDS,
    backend: 'wasm',
    metrics: CLASSIFICATION_METRICS,
    primary: 'accuracy',
    slot: 'objective',
    accepts: { objective: CROSS_ENTROPY, layer: RELU },
    fixed: { trainer: BACKPROP },
    space: {
      learningRate: { low: 1e-3, high: 1e-1, default: 1e-2 },
      weightDecay: { low: 1e-5, high: 1e-2, default: 1e-4 },
      trials: 12,
    },
  },
  title: 'Letters, classification',
  summary: 'Name 26 capital letters from 16 measured attributes: the 16,000 / 4,000 split of the data’s authors.',
  page: '',
  baseline: CROSS_ENTROPY,
  resolution: null,
  references: [],
};
