import { definition as classification } from '../../predictions/protocols/classification.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'top_1_agreement',
  title: 'Agreement with the most chosen class',
  field: 'classification',
  keys: [{ pattern: 'top_1_agreement', meaning: 'share of examples whose most probable and most chosen class agree' }],
  summary: 'Share of examples on which the most probable class is the one that most people chose.',
  definition:
    'Accuracy against the majority of people instead of a label. CIFAR-10’s own label and the majority differ on some images, so it is not the accuracy.',
  formula: String.raw`\frac{1}{n}\sum_{i=1}^{n}\mathbf{1}\!\left[\arg\max_c p_{ic} = \arg\max_c h_{ic}\right]`,
  resampled: 'Images; the score is their mean.',
  ties: 'Of equal ones the first class, on both sides. Three images of CIFAR-10H have two most chosen classes.',
  edges: ['Absent where predicted classes are handed in without scores, and without label distributions.'],
  oracle: { tool: 'NumPy argmax', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases with ties',
    },
    {
      path: 'packages/eval/src/predictions/classification/classification.test.ts',
      data: 'cifar10h',
      figure: 'people against themselves agree on all 10,000 images',
    },
  ],
  disagreements: ['Leaving the three tied images of CIFAR-10H out instead moves the score by .0003 at most.'],
  sources: [
    {
      title: 'Peterson et al. 2019, Human uncertainty makes classification more robust',
      url: 'https://arxiv.org/abs/1908.07086',
    },
  ],
  example: {
    given: 'Two examples of two classes. People: (.5, .5) and (.9, .1). Predictions: (.6, .4) and (.3, .7).',
    working: 'The tie among people goes to class 0, which is predicted; the second disagrees: $1/2 = 0.5$.',
    results: { top_1_agreement: 1 / 2 },
    compute: () =>
      scoreFiles(classification, { 'p.csv': '0.6,0.4\n0.3,0.7\n' }, { 'people.csv': '0.5,0.5\n0.9,0.1\n' }),
  },
};
