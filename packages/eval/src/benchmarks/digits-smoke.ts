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
  page: `## What it asks

Does this installation train, score and write receipts? A net of 32 hidden units learns 1,200 digits of 8 × 8 pixels in 150 steps and names 597 others. It is of the scale \`SMOKE\`: never ranked, not on the home page, four tuning points.

## Why not more

The writers of this set stand in contiguous blocks, so the split follows the order of the file. With 597 test items a difference under two hundredths means nothing. All slots of classification may be filled, so that any method can be tried in a second.
`,
  baseline: CROSS_ENTROPY,
  resolution: 0.0074,
  references: ['Alpaydin, Kaynak: Optical recognition of handwritten digits, UCI Machine Learning Repository, 1998'],
};
