import { definition as classification } from '../../predictions/protocols/classification.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'pr_auc',
  title: 'Area under precision-recall',
  field: 'classification',
  keys: [{ pattern: 'pr_auc', meaning: 'average precision, step by step' }],
  summary: 'Average precision: precision at every distinct score, weighted by the recall that it adds.',
  definition:
    'The threshold moves down through the distinct scores; each step of recall counts with the precision after it, and nothing is interpolated. For two classes it is that of class 1; for more, the mean over the classes that occur, each against the rest.',
  formula: String.raw`\mathrm{AP} = \sum_k (R_k - R_{k-1})\,P_k`,
  resampled: 'Images; no mean over them, so intervals need a bootstrap that ranks again.',
  ties: 'Equal scores enter together, as one step.',
  edges: [
    'Absent, with a warning, without a label of class 1 (two classes).',
    'Chance is the share of positives, not ½.',
    'With three classes or more, those without a label are left out of the mean, with a warning.',
  ],
  oracle: { tool: 'scikit-learn average_precision_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases with ties',
    },
  ],
  disagreements: [
    'The trapezoid rule between points (`auc(recall, precision)`) is larger: linear interpolation of precision is too optimistic (Davis and Goadrich 2006).',
    'Detection interpolates: see [COCO AP](/metrics/coco_ap) and [VOC AP](/metrics/voc_ap).',
    'Codes that break ties by the order of the file depend on that order.',
  ],
  sources: [
    {
      title: 'Davis and Goadrich 2006, The relationship between precision-recall and ROC curves',
      url: 'https://doi.org/10.1145/1143844.1143874',
    },
  ],
  example: {
    given: 'Positives with scores .9 and .4, negatives with .7 and .6.',
    working:
      'At .9 precision is 1 and recall ½; at .4 precision 2/4 and recall 1: $\\frac12 · 1 + \\frac12 · \\frac12 = 0.75$.',
    results: { pr_auc: 0.75 },
    compute: () => scoreFiles(classification, { 'p.txt': '0.9\n0.4\n0.7\n0.6\n' }, { 'labels.txt': '1\n1\n0\n0\n' }),
  },
};
