import { CERTIFIED_OUTPUTS, CERTIFIED_PREDICTIONS, certifiedReport, readExamples } from '../certification/examples.js';
import { onlyFile } from '../only-file.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'certified-accuracy',
  version: 1,
  title: 'Certified accuracy of randomised smoothing',
  summary:
    'Share of examples that are right and provably so within an L2 radius, from certification logs or class counts.',
  page: `# Certified accuracy

An example counts at radius r when the smoothed classifier is right *and* its certified L2 radius is at least r (Cohen,
Rosenfeld and Kolter 2019). Abstaining counts as wrong. The average certified radius takes 0 for a wrong example.

From class counts the certificate is computed here: the class with most selection counts (the first of equal ones), the
Clopper–Pearson lower bound p of its estimation count at level α, radius σΦ⁻¹(p); p ≤ ½ abstains.

## Known disagreements

Logs print radii with three digits, so an example whose radius lies within .0005 of r may fall on either side; counts do
not have this. A few papers divide the average radius by the number of *correct* examples; here it is over all.
`,
  primary: 'certified_accuracy_at_0.25',
  outputs: CERTIFIED_OUTPUTS,
  resampling: 'image',
  oracle: { tool: 'locuslab/smoothing analyze.py', version: '78a4d94' },
  predictions: CERTIFIED_PREDICTIONS,
  labels: [],
  fidelity: 'VARIANT(labels come with the predictions)',
  datasets: [],
  async score({ predictions, progress }) {
    const examples = await readExamples(onlyFile(predictions, 'predictions'));
    progress(examples.names.length, examples.names.length, 'examples');
    return certifiedReport(examples);
  },
};
