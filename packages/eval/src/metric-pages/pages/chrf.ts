import { definition as translation } from '../../predictions/protocols/translation.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'chrf',
  title: 'chrF and chrF++',
  field: 'translation',
  keys: [
    { pattern: 'chrf', meaning: 'F score of character n-grams up to 6' },
    { pattern: 'chrf2pp', meaning: 'with words up to order 2 added (chrF++)' },
  ],
  summary: 'F score, recall weighing twice, of character n-grams up to 6, and for chrF++ of words up to 2, in percent.',
  definition:
    'White space is left out of the characters. Precision and recall of each order are averaged over the orders that both sides have, then combined with β = 2. With several references each segment takes the one with which it scores best; counts are added over the corpus. Signature: `case:mixed|eff:yes|nc:6|nw:0|space:no` (`nw:2` for chrF++).',
  formula: String.raw`\mathrm{chrF} = 100\cdot\frac{(1 + \beta^2)\,\bar P\,\bar R}{\beta^2 \bar P + \bar R},\qquad \beta = 2`,
  resampled: 'Segments (lines); corpus counts do not decompose, so intervals need a bootstrap that adds up again.',
  ties: 'Of equally good references the first.',
  edges: [
    'Orders that one side is too short for are left out (effective order).',
    'Without a common n-gram it is 0.',
    'Characters are Unicode code points, not UTF-16 units.',
  ],
  oracle: { tool: 'sacreBLEU', version: '2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/translation/translation.test.ts',
      figure: 'the documented example: chrF 59.73, both printed decimals; chrF++ by hand only',
    },
  ],
  disagreements: [
    '`chrF++.py`, NLTK and Moses smooth orders without n-grams by a small number instead of leaving them out (sacreBLEU’s `--chrf-eps-smoothing`).',
    'β = 1 and β = 3 (NLTK’s default) are printed too; the 2 in chrF2 is β.',
  ],
  sources: [
    { title: 'Popović 2015, chrF', url: 'https://aclanthology.org/W15-3049/' },
    { title: 'Popović 2017, chrF++', url: 'https://aclanthology.org/W17-4770/' },
  ],
  example: {
    given: 'Candidate “ab”, reference “abc”.',
    working:
      'Characters: order 1 has 2 of 2 and 2 of 3, order 2 has 1 of 1 and 1 of 2; $\\bar P = 1$, $\\bar R = 7/12$: $100·5·\\frac{7}{12}/(4 + \\frac{7}{12}) = 63.6364$. With words, order 1 has 0 of 1 on both sides: $\\bar P = 2/3$, $\\bar R = 7/18$, which gives 42.4242.',
    results: { chrf: (500 * (7 / 12)) / (4 + 7 / 12), chrf2pp: (500 * (2 / 3) * (7 / 18)) / (8 / 3 + 7 / 18) },
    compute: () => scoreFiles(translation, { out: 'ab\n' }, { ref: 'abc\n' }),
  },
};
