import { definition as answers } from '../../predictions/protocols/math-answers.js';
import { ANSWER_LABELS, ANSWERS, ANSWERS_GIVEN, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'maj_at_k',
  title: 'maj@k',
  field: 'sampled answers',
  keys: [{ pattern: 'maj_at_{k}', meaning: 'whether the most frequent of the first k answers is right' }],
  summary: 'Share of problems on which the most frequent answer among the first k samples is right.',
  definition:
    'Self-consistency: samples vote with their normalised answers. It needs no scorer at test time, unlike [pass@k](/metrics/pass_at_k).',
  formula: String.raw`\mathrm{maj@}k = \frac{1}{|P|}\sum_{p}\mathbf{1}\!\left[\operatorname{mode}(a_{p1}, \dots, a_{pk}) = a^*_p\right]`,
  resampled: 'Queries (problems); the score is their mean.',
  ties: 'Of equally frequent answers the one seen first.',
  edges: ['Empty answers do not vote; without any vote the problem is lost.'],
  oracle: { tool: 'Qwen2.5-Math’s scorer', version: '2024' },
  parity: [
    {
      path: 'packages/eval/src/predictions/answers/answers.test.ts',
      data: 'aime',
      figure: '100 MATH problems × 8 published samples: .93 to 12 decimals',
    },
  ],
  disagreements: [
    'Votes weighted by a reward model (rm@k) are another measure.',
    'Ties at random, or shared in parts, change small k.',
    'Without normalising, equal answers in two spellings split their votes.',
  ],
  sources: [{ title: 'Wang et al. 2022, Self-consistency', url: 'https://arxiv.org/abs/2203.11171' }],
  example: {
    given: ANSWERS_GIVEN,
    working: 'Of the first two, 7 and 3 tie and 7 came first: maj@2 is 0. Of four, 3 has two votes: maj@4 is 1.',
    results: { maj_at_2: 0, maj_at_4: 1 },
    compute: () => scoreFiles(answers, ANSWERS, ANSWER_LABELS),
  },
};
