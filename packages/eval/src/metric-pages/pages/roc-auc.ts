import { definition as classification } from '../../predictions/protocols/classification.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'roc_auc',
  title: 'Area under the ROC curve',
  field: 'classification',
  keys: [
    { pattern: 'roc_auc', meaning: 'chance that a positive stands above a negative' },
    { pattern: 'auc', meaning: 'the same of same and different pairs of faces' },
  ],
  summary: 'Chance that a random positive has a higher score than a random negative, equal scores counting a half.',
  definition:
    'For two classes the score is the probability of class 1. For more, each class is taken against the rest and the areas of the classes that occur are averaged with equal weights. In face verification positives are pairs of one person and the score is the similarity.',
  formula: String.raw`\mathrm{AUC} = \frac{1}{m\,n}\sum_{i=1}^{m}\sum_{j=1}^{n}\left(\mathbf{1}[s_i^+ > s_j^-] + \tfrac12\,\mathbf{1}[s_i^+ = s_j^-]\right)`,
  resampled: 'Images (folds in face verification); no mean over them, so intervals need a bootstrap that ranks again.',
  ties: 'A positive and a negative of equal score count a half; constant scores give ½.',
  edges: [
    'Absent, with a warning, where every label is of one class.',
    'With three classes or more, those without a label are left out of the mean, with a warning.',
    'Absent where predicted classes are handed in without scores.',
  ],
  oracle: { tool: 'scikit-learn roc_auc_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases, one with eleven distinct scores only',
    },
    {
      path: 'packages/eval/src/predictions/embeddings/verification.test.ts',
      figure: 'face verification: worked cases with ties, to 14 decimals',
    },
  ],
  disagreements: [
    '`roc_auc_score` refuses multi-class labels in which a class is absent.',
    'One-against-one averaging (Hand and Till 2001) and weighted averages give other numbers.',
    'From hard decisions instead of scores, the “AUC” is the balanced accuracy.',
  ],
  sources: [
    { title: 'Fawcett 2006, An introduction to ROC analysis', url: 'https://doi.org/10.1016/j.patrec.2005.10.010' },
    { title: 'Hand and Till 2001, multi-class AUC', url: 'https://doi.org/10.1023/A:1010920819831' },
  ],
  example: {
    given: 'Positives with scores .9, .5, .5 and negatives with .5, .1.',
    working: 'Of six pairs .9 wins two; each .5 ties one and wins one: $(2 + 1.5 + 1.5)/6 = 5/6 \\approx 0.8333$.',
    results: { roc_auc: 5 / 6 },
    compute: () =>
      scoreFiles(classification, { 'p.txt': '0.9\n0.5\n0.5\n0.5\n0.1\n' }, { 'labels.txt': '1\n1\n1\n0\n0\n' }),
  },
};
