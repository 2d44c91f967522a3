import { BACKPROP, CLASSIFICATION_METRICS, CROSS_ENTROPY, pinned, RELU, SEEDS, TUNING_SEED } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as digits } from '../datasets/digits.js';

/** Does everything work? Never ranked, done in a second. */
export const definition: BenchmarkDefinition = {
  protocol: {
    schema: 1,
    key: 'digits-smoke',
    version: 1,
    track: 'train',
    task: 'classification',
    scale: 'SMOKE',
    fidelity: 'VARIANT(the test part of the UCI set, split by contiguous blocks)',
    datasets: [pinned(digits)],
    split: {
      rule: 'rows train 0-1199 val 1000-1199 test 1200-1796',
      train: 1200,
      val: 200,
      test: 597,
      sha256: 'c20a7f2ff614f017ea9b2433465de8b31a45dab9e05794e180b7c12cc4c479df',
    },
    features: { kind: 'scale', divisor: 16 },
    model: { kind: 'mlp', hidden: [], embeddingDim: 32, initialisation: 'heNormal' },
    optimiser: { kind: 'adamw', schedule: 'cosine' },
    tuningSeed: TUNING_SEED,
    steps: 150,
    batch: { kind: 'uniform', size: 64 },
    augmentation: 'none',
    seeds: SEEDS,
    backend: 'wasm',
    metrics: CLASSIFICATION_METRICS,
    primary: 'accuracy',
    slot: 'objective',
    accepts: { objective: CROSS_ENTROPY, layer: RELU, trainer: BACKPROP },
    fixed: {},
    space: {
      learningRate: { low: 1e-3, high: 1e-1, default: 1e-2 },
      weightDecay: { low: 1e-5, high: 1e-2, default: 1e-4 },
      trials: 4,
    },
  },
  title: 'Digits, smoke test',
  summary: 'A second of training on 1,797 small digits, to see that an installation works. It is never ranked.',
  page: '',
  baseline: CROSS_ENTROPY,
  resolution: null,
  references: [],
};
