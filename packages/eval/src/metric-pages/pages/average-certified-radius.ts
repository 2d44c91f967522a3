import { definition as certified } from '../../predictions/protocols/certified-accuracy.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'average_certified_radius',
  title: 'Average certified radius',
  field: 'certified robustness',
  keys: [{ pattern: 'average_certified_radius', meaning: 'mean radius, 0 for what is wrong' }],
  summary: 'Mean certified L2 radius over all examples, counting 0 where the prediction is wrong or abstains.',
  definition:
    'The area under the curve of certified accuracy over all radii, so it has no threshold to choose. In the unit of the input: on images in [0, 1], an L2 distance of pixel values.',
  formula: String.raw`\mathrm{ACR} = \frac{1}{n}\sum_{i=1}^{n} R_i\,\mathbf{1}\!\left[g(x_i) = y_i\right]`,
  resampled: 'Images; the score is their mean.',
  ties: 'None beyond those of the predicted class.',
  edges: [
    'The radius is limited by the number of samples: with 100,000 and α = .001 at most σ·3.8.',
    'Large radii of few easy examples weigh much; see certified accuracy beside it.',
  ],
  oracle: { tool: 'Zhai et al. (MACER), from its definition', version: '2020' },
  parity: [
    {
      path: 'packages/eval/src/predictions/certification/randomised-smoothing.test.ts',
      data: 'smoothing_certify_logs',
      figure: 'published CIFAR-10 log at σ = .25: 0.42888364 to ten decimals',
    },
  ],
  disagreements: [
    'A few papers divide by the number of *right* examples, which is larger.',
    'Inputs in [0, 255] or standardised inputs give radii in other units.',
  ],
  sources: [{ title: 'Zhai et al. 2020, MACER', url: 'https://arxiv.org/abs/2001.02378' }],
  example: {
    given: 'Four examples: right with radius .25, abstained, wrong with radius .9, right with radius .1.',
    working: '$(.25 + 0 + 0 + .1)/4 = 0.0875$.',
    results: { average_certified_radius: 0.35 / 4 },
    compute: () =>
      scoreFiles(certified, {
        log: 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t0.25\t1\n1\t2\t-1\t0\t0\n2\t2\t1\t0.9\t0\n3\t1\t1\t0.1\t1\n',
      }),
  },
};
