import { definition as answers } from '../../predictions/protocols/math-answers.js';
import { ANSWER_LABELS, ANSWERS, ANSWERS_GIVEN, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'avg_at_k',
  title: 'avg@k',
  field: 'sampled answers',
  keys: [{ pattern: 'avg_at_{k}', meaning: 'right share of the first k samples' }],
  summary: 'Share of right answers among the first k samples of a problem, averaged over problems.',
  definition:
    'The plain accuracy of one sample, estimated from k. With k = n it equals pass@1; with smaller k it uses fewer samples and is noisier.',
  formula: String.raw`\mathrm{avg@}k = \frac{1}{|P|}\sum_{p}\frac{1}{k}\sum_{j=1}^{k}\mathbf{1}\!\left[a_{pj} = a^*_p\right]`,
  resampled: 'Queries (problems); the score is their mean.',
  ties: 'None.',
  edges: [
    'Samples are taken in the order of the file.',
    'k runs over powers of two up to the fewest samples of any problem.',
  ],
  oracle: { tool: 'Qwen2.5-Math’s scorer', version: '2024' },
  parity: [
    {
      path: 'packages/eval/src/predictions/answers/answers.test.ts',
      data: 'aime',
      figure: '100 MATH problems × 8 published samples: .91, every sample judged as published',
    },
  ],
  disagreements: ['Papers call it mean@k or simply accuracy; some report the best of several seeds under the name.'],
  sources: [{ title: 'Yang et al. 2024, Qwen2.5-Math', url: 'https://arxiv.org/abs/2409.12122' }],
  example: {
    given: ANSWERS_GIVEN,
    working: 'The first is wrong: avg@1 is 0. Of the first two one is right: 0.5. Of four two are: 0.5.',
    results: { avg_at_1: 0, avg_at_2: 0.5, avg_at_4: 0.5 },
    compute: () => scoreFiles(answers, ANSWERS, ANSWER_LABELS),
  },
};
