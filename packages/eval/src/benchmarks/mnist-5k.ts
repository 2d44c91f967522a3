import { BACKPROP, CLASSIFICATION_METRICS, CROSS_ENTROPY, pinned, RELU, SEEDS, TUNING_SEED } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as mnist } from '../datasets/mnist.js';

/** Little to learn from, much to be judged by: the first 5,000 training images, all 10,000 test images. */
export const definition: BenchmarkDefinition = {
  protocol: {
    schema: 1,
    key: 'mnist-5k',
    version: 1,
    track: 'train',
    task: 'classification',
    scale: 'REDUCED',
    fidelity: 'VARIANT(first 5,000 of 60,000 training images)',
    datasets: [pinned(mnist)],
    split: {
      rule: 'rows train 0-4999 val 4000-4999 test 60000-69999',
      train: 5000,
      val: 1000,
      test: 10000,
      sha256: '9e84dfe2d6494681928d0ad7642f567c9a96c1efe459d016c16e0e4ccdc36a1c',
    },
    features: { kind: 'scale', divisor: 255 },
    model: { kind: 'mlp', hidden: [128], embeddingDim: 64, initialisation: 'heNormal' },
    optimiser: { kind: 'adamw', schedule: 'cosine' },
    tuningSeed: TUNING_SEED,
    steps: 600,
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
      learningRate: { low: 3e-4, high: 3e-2, default: 3e-3 },
      weightDecay: { low: 1e-5, high: 1e-2, default: 1e-4 },
      trials: 12,
    },
  },
  title: 'MNIST, 5,000 training images: objectives',
  summary: 'Handwritten digits from 5,000 training images, judged on all 10,000 test images; ranks objectives.',
  page: '',
  baseline: CROSS_ENTROPY,
  resolution: null,
  references: [],
};
