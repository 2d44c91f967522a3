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
  page: `## What it asks

Does an objective give an embedding that is good for classes it never saw? A net learns from the letters A–M; each of the 10,060 letters N–Z then looks for its like among all the others. The primary score is MAP@R, which asks for the whole class and not only for one neighbour.

## Protocol

Sixteen attributes, z-scored on the training letters; a net of 128 hidden units and a linear embedding of 32; AdamW with a cosine schedule, 600 steps of 8 classes × 8 letters. The tuned division trains on A–H and chooses by MAP@R on I–M, then trains on A–M. Similarity is the cosine. The row \`untrained\` ranks by the 16 attributes themselves.

## What is claimed and what we find

The multi-similarity paper (Wang et al. 2019) reports it above contrastive and triplet losses on images.

- At published defaults multi-similarity has .338, contrastive .331, normalised softmax .324, supervised contrastive .320, triplet .319; the raw attributes have .197. Multi-similarity is above contrastive by .007, with a 95 % interval over seeds and letters from −.007 to .021: the claim is not separable here. All pairs judged at once, it is above supervised contrastive and triplet, and no other two can be told apart.
- Tuned, multi-similarity is above contrastive by .026 (.004 to .049): the claim holds in that division, for this pair alone; all five rows judged at once, none can be told from another. Read it with the next point in mind.
- **Tuning does not help here.** The choice is made on five other letters with a net that saw eight, and it prefers slower rates than the thirteen letters need: tuned contrastive (.299, its choice lies on the edge of the space) is below contrastive at its defaults (.331). Selection on few classes is what class-disjoint validation costs.
- Recall@1 tells another story: raw attributes find a like neighbour in 97.6 % of cases, and no objective is above that by more than a hair. They gather classes; they do not improve the nearest neighbour.

## Limits

Thirteen training classes are few. Most losses are still falling at the end (\`NOT_CONVERGED\`): this is a comparison at 600 steps. Intervals cover seeds and other letters, which are drawn as classes: thirteen decide little. The smallest difference that the board sees is about .03, a fifth of the distance from \`untrained\` to the best row.

The default learning rate and the number of steps were chosen before freezing from two to four tries of several methods on seed 0, read on test scores together with convergence: no method was meant to gain, but the choice was not blind.
`,
  paper: 'wang-2019',
  baseline: CONTRASTIVE,
  resolution: 0.0143,
  references: [
    'Frey, Slate: Letter recognition using Holland-style adaptive classifiers, Machine Learning 6(2), 1991',
    'Musgrave, Belongie, Lim: A metric learning reality check, ECCV 2020',
    'Wang et al.: Multi-similarity loss with general pair weighting for deep metric learning, CVPR 2019',
  ],
};
