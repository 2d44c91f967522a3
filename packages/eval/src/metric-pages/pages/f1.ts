import { definition as classification } from '../../predictions/protocols/classification.js';
import { FIVE_GIVEN, FIVE_LABELS, FIVE_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'f1',
  title: 'F1, macro and micro',
  field: 'classification',
  keys: [{ pattern: 'f1_{macro,micro}', meaning: 'F1 as mean over classes, or of all counts together' }],
  summary: 'Harmonic mean of precision and recall, averaged over classes (macro) or from the totals (micro).',
  definition:
    'F1 of a class is twice its hits over the sum of how often it is true and how often it is predicted. Macro F1 is the plain mean over the classes that occur among labels or predictions; micro F1 adds the counts of all classes first, which with one label an example is the accuracy.',
  formula: String.raw`F_1(c) = \frac{2\,\mathrm{TP}_c}{2\,\mathrm{TP}_c + \mathrm{FP}_c + \mathrm{FN}_c},\qquad \text{macro} = \frac{1}{|C|}\sum_{c \in C} F_1(c)`,
  resampled: 'Images. Micro F1 is their mean; macro F1 is not and needs a bootstrap that counts again.',
  ties: 'Those of the predicted class: of equal scores the first class.',
  edges: [
    'A class that neither occurs nor is predicted is left out of the macro mean.',
    'A class that occurs and is never predicted, or the reverse, has F1 0.',
  ],
  oracle: { tool: 'scikit-learn f1_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'both equal to 12 decimals in three cases, one with a class without labels',
    },
  ],
  disagreements: [
    'With `labels=` given, scikit-learn averages over these classes and takes 0 for absent ones.',
    'Macro F1 is also computed as the harmonic mean of macro precision and macro recall, which is never smaller (Opitz and Burst 2019).',
  ],
  sources: [{ title: 'Opitz and Burst 2019, Macro F1 and macro F1', url: 'https://arxiv.org/abs/1911.03347' }],
  example: {
    given: FIVE_GIVEN,
    working:
      'Class 0: $2·2/(3+3) = 2/3$. Class 1: $2·1/(2+2) = 1/2$. Macro: $7/12 \\approx 0.5833$. Micro: three of five right, 0.6.',
    results: { f1_macro: 7 / 12, f1_micro: 3 / 5 },
    compute: () => scoreFiles(classification, FIVE_PREDICTIONS, FIVE_LABELS),
  },
};
