import { pageOfRules, predictionNotes } from '../classification/notes.js';
import { scoreClassification } from '../classification/run.js';
import { hardOutputs, softOutputs } from '../classification/score.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'classification',
  version: 1,
  title: 'Classification',
  summary:
    'Accuracy, calibration, selective risk and ranking of class probabilities or logits against your own labels.',
  page: `# Classification

Probabilities, logits or predicted classes against classes, distributions over classes, or both (\`--labels\` twice).
Rows pair up by id where both files have ids, else in order. Against distributions: \`cross_entropy\` −Σ h ln p,
\`kl_divergence\` Σ h ln(h/p) and \`top_1_agreement\`, the share of examples whose most probable classes are the same (of
equal ones the first, on both sides); counts of votes are divided by their sums.

${pageOfRules}`,
  primary: 'accuracy',
  outputs: [...hardOutputs, ...softOutputs],
  resampling: 'image',
  oracle: { tool: 'scikit-learn', version: '1.2.1' },
  predictions: predictionNotes('n', 'classes'),
  labels: [
    {
      name: 'classes',
      formats: ['.npy', '.npz', '.csv', 'plain text'],
      contents:
        'Whole numbers [n] from 0, or a column called label, whose texts are names of the predictions’ header; a column id pairs rows.',
      example: 'id,label\n17,cat\n18,dog',
      optional: true,
    },
    {
      name: 'distributions',
      formats: ['.npy', '.csv'],
      contents: 'Probabilities or counts of votes [n, classes], e.g. cifar10h-probs.npy.',
      example: '0.9,0.1,0\n0,0.4,0.6',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(labels come with the predictions)',
  datasets: [],
  score: scoreClassification,
};
