import { definition as certified } from '../../predictions/protocols/certified-accuracy.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'certified_accuracy_at_r',
  title: 'Certified accuracy at radius r',
  field: 'certified robustness',
  keys: [{ pattern: 'certified_accuracy_at_{r}', meaning: 'share right with a certified L2 radius of at least r' }],
  summary: 'Share of examples that are classified rightly and provably so within an L2 distance of r.',
  definition:
    'An example counts at r if the smoothed classifier predicts its label *and* the certified radius is at least r. Abstaining counts as wrong. From class counts, the certificate is computed here: the class with most selection counts, the lower Clopper–Pearson bound p of its share at level α, and the radius σΦ⁻¹(p); p ≤ ½ abstains.',
  formula: String.raw`\mathrm{CA}(r) = \frac{1}{n}\sum_{i=1}^{n}\mathbf{1}\!\left[g(x_i) = y_i \wedge R_i \ge r\right],\qquad R = \sigma\,\Phi^{-1}(\underline{p}_A)`,
  resampled: 'Images; the score is their mean.',
  ties: 'A radius equal to r counts. Of equally frequent classes the first is selected.',
  edges: [
    'Certificates hold with probability 1 − α each; the score is of the certificates, not of the true radii.',
    'At r = 0 it is the accuracy of the predictions that did not abstain.',
  ],
  oracle: { tool: 'locuslab/smoothing analyze.py', version: '78a4d94' },
  parity: [
    {
      path: 'packages/eval/src/predictions/certification/randomised-smoothing.test.ts',
      data: 'smoothing_certify_logs',
      figure:
        'published CIFAR-10 log at σ = .25: .600 at r = .25 and .428 at r = .5, exactly; bounds and Φ⁻¹ within 1e-12 of SciPy',
    },
  ],
  disagreements: [
    'Logs print radii with three digits, so that a radius within .0005 of r may fall on either side; counts do not have this.',
    'Published tables are of 500 test images (every 20th); the whole test set is another sample.',
    'The *best* certified accuracy over several σ, as tables of papers show it, is chosen on the test set.',
  ],
  sources: [
    {
      title: 'Cohen, Rosenfeld and Kolter 2019, Certified adversarial robustness via randomized smoothing',
      url: 'https://arxiv.org/abs/1902.02918',
    },
    { title: 'Clopper and Pearson 1934', url: 'https://doi.org/10.1093/biomet/26.4.404' },
  ],
  example: {
    given: 'Four examples: right with radius .25, abstained, wrong with radius .9, right with radius .1.',
    working: 'At r = 0 two of four count: 0.5. At r = .25 one, since its radius equals r: 0.25.',
    results: { certified_accuracy_at_0: 2 / 4, 'certified_accuracy_at_0.25': 1 / 4 },
    compute: () => scoreFiles(certified, { log: CERTIFICATION_LOG }),
  },
};

const CERTIFICATION_LOG =
  'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t0.25\t1\n1\t2\t-1\t0\t0\n2\t2\t1\t0.9\t0\n3\t1\t1\t0.1\t1\n';
