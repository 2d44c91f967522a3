import { noiseScores } from '../../predictions/classification/cifar-n.js';
import { meanOf } from '../../metrics/shared/classification.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'memorised',
  title: 'Memorised label noise',
  field: 'classification',
  keys: [
    { pattern: 'accuracy_{set}', meaning: 'share of predictions equal to the noisy label of a set' },
    { pattern: 'memorised_{set}', meaning: 'the same among the images whose noisy label is wrong' },
  ],
  boards: ['cifar10n', 'cifar100n'],
  summary: 'How far a model repeats wrong training labels of people: 1 if it learned the noise by heart.',
  definition:
    'Predictions are made for the training images themselves. For each set of noisy labels, the agreement with it over all images, and over those images alone whose noisy label differs from the clean one. A model that sees through the noise has nearly 0 of the latter, whatever its accuracy.',
  formula: String.raw`\mathrm{memorised} = \frac{\bigl|\{i : \hat y_i = \tilde y_i \ne y_i\}\bigr|}{\bigl|\{i : \tilde y_i \ne y_i\}\bigr|}`,
  resampled: 'Images; both are means over the images that count.',
  ties: 'Those of the predicted class: of equal scores the first class.',
  edges: [
    '`memorised` is absent, with a warning, for a set without a wrong label.',
    'Images with a right noisy label do not count in `memorised`.',
  ],
  oracle: { tool: 'UCSC-REAL/cifar-10-100n labels', version: '49df7d8' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/classification.test.ts',
      data: 'cifar_n',
      figure:
        'clean labels as predictions give the published noise rates 9.01, 17.23, 18.12, 17.64, 40.21 and 40.20 %; noisy labels as predictions give 1',
    },
  ],
  disagreements: [
    'Papers on noisy labels mostly print test accuracy, which these are not.',
    'Memorisation in the sense of Feldman (2020) compares models with and without an example; it is another quantity.',
  ],
  sources: [
    { title: 'Wei et al. 2022, Learning with noisy labels revisited', url: 'https://arxiv.org/abs/2110.12088' },
    { title: 'Liu et al. 2020, Early-learning regularization', url: 'https://arxiv.org/abs/2007.00151' },
  ],
  example: {
    given: 'Four images with clean labels 0, 1, 2, 3, noisy labels 0, 1, 0, 0 and predictions 0, 0, 0, 3.',
    working:
      'Predictions equal the noisy label on the first and third: $2/4 = 0.5$. The noisy label is wrong on the last two, and one of these is repeated: $1/2 = 0.5$.',
    results: { accuracy_noisy: 1 / 2, memorised_noisy: 1 / 2 },
    compute() {
      const { agreement, memorised } = noiseScores(
        Int32Array.of(0, 0, 0, 3),
        Int32Array.of(0, 1, 0, 0),
        Int32Array.of(0, 1, 2, 3),
      );
      return {
        accuracy_noisy: meanOf(agreement),
        memorised_noisy: meanOf(memorised.filter((each) => !Number.isNaN(each))),
      };
    },
  },
};
