import { precisionAt } from '../../predictions/ranking/top-k.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'precision_at_k',
  title: 'Precision@k of labels and items',
  field: 'ranking and recommendation',
  keys: [{ pattern: 'precision_at_{k}', meaning: 'hits among the first k, over k' }],
  summary: 'Share of right labels or items among the first k of each document’s or user’s ranking.',
  definition:
    'Hits over k, averaged over documents (extreme classification) or users (recommendation). On `amazon-baby-recommendation` the user’s training items are taken out of the ranking first.',
  formula: String.raw`P@k = \frac{1}{n}\sum_{i=1}^{n}\frac{1}{k}\,\bigl|\mathrm{top}_k(i) \cap Y_i\bigr|`,
  resampled: 'Queries (documents or users); the score is their mean.',
  ties: 'Equal scores stand in ascending order of the label or item.',
  edges: [
    'Divides by k also where fewer are ranked or relevant.',
    'What a sparse file does not store is never ranked, nor is a score of −∞.',
  ],
  oracle: { tool: 'the Extreme Classification Repository’s definition', version: '2016' },
  parity: [
    {
      path: 'packages/eval/src/predictions/ranking/protocols.test.ts',
      data: 'eurlex4k',
      figure: 'the labels themselves have P@1 1, a constant ranking its label’s frequency to 12 decimals',
    },
  ],
  disagreements: [
    'Papers of extreme classification print percent.',
    'Some tools break ties at random, or by descending label.',
  ],
  sources: [
    { title: 'The Extreme Classification Repository', url: 'http://manikvarma.org/downloads/XC/XMLRepository.html' },
  ],
  example: {
    given: 'A document with the labels 1, 8, 9 and the ranking 3, 1, 8.',
    working: 'Two hits, over k = 5: $2/5 = 0.4$. Over k = 1: 0.',
    results: { precision_at_5: 2 / 5, precision_at_1: 0 },
    compute() {
      const relevant = new Set([1, 8, 9]);
      return {
        precision_at_5: precisionAt(5, [3, 1, 8], relevant),
        precision_at_1: precisionAt(1, [3, 1, 8], relevant),
      };
    },
  },
};
