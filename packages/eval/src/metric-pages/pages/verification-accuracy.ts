import { crossValidate } from '../../predictions/embeddings/verification.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'verification_accuracy',
  title: 'Verification accuracy over ten folds',
  field: 'verification',
  keys: [
    { pattern: 'accuracy', meaning: 'mean accuracy of the folds' },
    { pattern: 'accuracy_std', meaning: 'standard deviation over folds, divided by their number' },
    { pattern: 'accuracy_standard_error', meaning: 'standard error of the mean' },
  ],
  boards: ['face-verification'],
  summary: 'Share of pairs rightly told to be one person or two, the threshold of each fold chosen on the nine others.',
  definition:
    'A pair is accepted when its similarity is at least a threshold. For each of LFW’s ten folds, the threshold with the most right answers on the other nine is applied to it; the accuracy is the mean of the ten. `accuracy_std` divides squares by 10, as facenet and InsightFace print it; `accuracy_standard_error` is what LFW’s instructions ask for, with squares over 9 and the whole over √10.',
  formula: String.raw`\mathrm{acc} = \frac{1}{10}\sum_{f=1}^{10}\frac{1}{|F_f|}\sum_{p \in F_f}\mathbf{1}\!\left[(s_p \ge \tau_{-f}) = y_p\right]`,
  resampled: 'Folds; the accuracy is their mean.',
  ties: 'Of equally good thresholds the greatest, which accepts least; it lies half-way between two neighbouring similarities.',
  edges: [
    'Similarities are refused if their number is not that of the pairs, or if one is not finite.',
    'Similarities from embeddings are cosines in float64, rounded to float32.',
  ],
  oracle: null,
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/verification.test.ts',
      figure: 'worked cases: thresholds, ties and folds, exactly',
    },
  ],
  disagreements: [
    'facenet and InsightFace try a grid of 400 distances instead of every threshold, so accuracies differ by up to a few pairs of 6,000.',
    'One threshold chosen on all pairs is optimistic.',
    'Horizontal flips averaged into the embedding are part of the sender’s method, not of the metric.',
  ],
  sources: [
    { title: 'Huang et al. 2007, Labeled faces in the wild', url: 'http://vis-www.cs.umass.edu/lfw/' },
    { title: 'Schroff, Kalenichenko and Philbin 2015, FaceNet', url: 'https://arxiv.org/abs/1503.03832' },
  ],
  example: {
    given: 'Two folds of two pairs. Fold one: similarity 1 (same), 0 (different); fold two: 6 (same), 4 (different).',
    working:
      'Fold two’s best threshold 5 rejects both pairs of fold one: accuracy .5. Fold one’s best threshold .5 accepts both of fold two: .5. Mean: 0.5.',
    results: { accuracy: 0.5 },
    compute() {
      const { folds } = crossValidate(
        Float64Array.of(1, 0, 6, 4),
        Uint8Array.of(1, 0, 1, 0),
        Int32Array.of(0, 0, 1, 1),
        2,
      );
      return { accuracy: folds.reduce((sum, fold) => sum + fold.accuracy, 0) / folds.length };
    },
  },
};
