import { BACKPROP, CONTRASTIVE, pinned, RELU, RETRIEVAL_METRICS, SEEDS, TUNING_SEED } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as birds } from '../datasets/cub200-first50-thumb64.js';

/** Birds of species never seen in training, found by hand-made features under a learned linear embedding. */
export const definition: BenchmarkDefinition = {
  protocol: {
    schema: 1,
    key: 'cub50-thumb64-retrieval',
    version: 1,
    track: 'train',
    task: 'retrieval',
    scale: 'PROXY',
    fidelity: 'VARIANT(classes 1–50 of 200 as 64 × 64 thumbnails, HOG and colour instead of a convolutional net)',
    datasets: [pinned(birds)],
    split: {
      rule: 'classes train 0-24 val 12-24 test 25-49',
      train: 1402,
      val: 743,
      test: 1487,
      sha256: '1a9ef96490d789886ca33cfaec49df822b4233416b19cf143ac4ca938e9ebe48',
    },
    features: {
      kind: 'hog-colour',
      hog: { cells: 8, bins: 9 },
      histograms: { bins: [4, 4, 4], regions: 'centre and quadrants' },
      standardise: 'training items',
      norm: 'unit',
    },
    model: { kind: 'linear', hidden: [], embeddingDim: 128, initialisation: 'pca' },
    optimiser: { kind: 'adamw', schedule: 'cosine' },
    tuningSeed: TUNING_SEED,
    steps: 200,
    batch: { kind: 'pk', classes: 12, perClass: 5 },
    augmentation: 'none',
    seeds: SEEDS,
    backend: 'wasm',
    metrics: RETRIEVAL_METRICS,
    primary: 'map_at_r',
    slot: 'objective',
    accepts: { objective: CONTRASTIVE },
    fixed: { layer: RELU, trainer: BACKPROP },
    space: {
      learningRate: { low: 3e-5, high: 3e-3, default: 3e-4 },
      weightDecay: { low: 1e-5, high: 1e-2, default: 1e-4 },
      trials: 12,
    },
  },
  title: 'CUB-200-2011 birds 1–50 as thumbnails, retrieval',
  summary: 'Train a linear embedding of classical image features on birds 1–25, then find birds 26–50 by similarity.',
  page: '',
  baseline: CONTRASTIVE,
  resolution: null,
  references: [],
};
