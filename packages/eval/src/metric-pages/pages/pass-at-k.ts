import { definition as answers } from '../../predictions/protocols/math-answers.js';
import { ANSWER_LABELS, ANSWERS, ANSWERS_GIVEN, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'pass_at_k',
  title: 'pass@k',
  field: 'sampled answers',
  keys: [{ pattern: 'pass_at_{k}', meaning: 'chance that one of k samples is right' }],
  summary: 'Unbiased estimate, from n samples a problem, of the chance that at least one of k samples is right.',
  definition:
    'With c of n samples right, the share of subsets of k that hold a right one, averaged over problems. k runs over powers of two up to the fewest samples of any problem. Answers are compared after normalising: the last `\\boxed{…}` wins, 025 = 25 = 25.0, and there is no computer algebra.',
  formula: String.raw`\mathrm{pass@}k = \frac{1}{|P|}\sum_{p}\left(1 - \binom{n - c_p}{k}\Big/\binom{n}{k}\right)`,
  resampled: 'Queries (problems); the score is their mean.',
  ties: 'None.',
  edges: ['With fewer than k wrong samples it is 1.', 'For k = n it is 1 as soon as one sample is right.'],
  oracle: { tool: 'Chen et al. 2021, Eq. 1; Qwen2.5-Math’s scorer', version: '2021; 2024' },
  parity: [
    {
      path: 'packages/eval/src/predictions/answers/answers.test.ts',
      data: 'aime',
      figure:
        '100 MATH problems × 8 published samples: pass@8 .96, and every sample judged as the published scorer did',
    },
  ],
  disagreements: [
    '**Biased against unbiased.** $1 - (1 - c/n)^k$ puts samples back and is too *low*; “any of the first k” is unbiased but noisier, as it throws n − k samples away.',
    'Tools with computer algebra count more answers as equal: here 1/2 and .5 are different.',
    'A TeX thousands brace (`10{,}000`) stays as written, as in Qwen2.5-Math’s scorer.',
  ],
  sources: [
    {
      title: 'Chen et al. 2021, Evaluating large language models trained on code',
      url: 'https://arxiv.org/abs/2107.03374',
    },
    { title: 'Yang et al. 2024, Qwen2.5-Math', url: 'https://arxiv.org/abs/2409.12122' },
  ],
  example: {
    given: ANSWERS_GIVEN,
    working:
      'Two of four are right. pass@1 is $2/4 = 0.5$. Of the six pairs one holds no right sample: pass@2 is $1 - 1/6 = 0.8333$; the biased form gives only $1 - (1/2)^2 = .75$. pass@4 is 1.',
    results: { pass_at_1: 0.5, pass_at_2: 5 / 6, pass_at_4: 1 },
    compute: () => scoreFiles(answers, ANSWERS, ANSWER_LABELS),
  },
};
