import { definition as translation } from '../../predictions/protocols/translation.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'bleu',
  title: 'BLEU',
  field: 'translation',
  keys: [{ pattern: 'bleu', meaning: 'corpus BLEU of n-grams up to 4' }],
  summary: 'Geometric mean of clipped n-gram precisions up to length 4, times a penalty for short output, in percent.',
  definition:
    'Counts are added over the whole corpus before anything is divided. An n-gram counts at most as often as in the reference that has it most. The brevity penalty compares with the reference closest in length, the shorter of equally close ones. Signature: `case:mixed|eff:no|tok:13a|smooth:exp`.',
  formula: String.raw`\mathrm{BLEU} = 100 \cdot \min\!\left(1, e^{1 - r/c}\right)\cdot\left(\prod_{n=1}^{4} p_n\right)^{1/4}`,
  resampled: 'Segments (lines); corpus counts do not decompose, so intervals need a bootstrap that adds up again.',
  ties: 'None.',
  edges: [
    'An order without a match counts as 1/2, then 1/4 … of one n-gram (smoothing `exp`).',
    'Without any match, or without a candidate n-gram of some order, it is 0.',
    'Another number of lines than the references have is refused.',
  ],
  oracle: { tool: 'sacreBLEU', version: '2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/translation/translation.test.ts',
      figure: 'the documented example with two references, 48.530827, to 5 decimals, with its lengths 17 and 18',
    },
  ],
  disagreements: [
    '**Tokenisers.** 13a (here), `intl`, `zh`, `ja-mecab`, `flores200` or none differ by several points; text that was tokenised beforehand most of all.',
    '`multi-bleu.perl` does not smooth and tokenises nothing; mteval-v11b’s brevity penalty takes the shortest reference.',
    'NLTK’s sentence BLEU averaged over sentences is another number.',
    'Lower-casing (`case:lc`) adds about a point.',
  ],
  sources: [
    { title: 'Papineni et al. 2002, BLEU', url: 'https://aclanthology.org/P02-1040/' },
    { title: 'Post 2018, A call for clarity in reporting BLEU scores', url: 'https://arxiv.org/abs/1804.08771' },
  ],
  example: {
    given: 'Candidate “the cat sat on the mat”, reference “the cat sat on a mat”.',
    working:
      'Precisions: 5/6 (the second “the” is clipped), 3/5, 2/4, 1/3; lengths are equal. $100·(5/6 · 3/5 · 1/2 · 1/3)^{1/4} = 100·(1/12)^{1/4} = 53.7285$.',
    results: { bleu: 100 * (1 / 12) ** 0.25 },
    compute: () => scoreFiles(translation, { out: 'the cat sat on the mat\n' }, { ref: 'the cat sat on a mat\n' }),
  },
};
