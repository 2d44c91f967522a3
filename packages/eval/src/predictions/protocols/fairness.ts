import { onlyFile } from '../only-file.js';
import { COMPAS } from '../fairness/compas.js';
import { decisionNotes, fairnessRules, scoreCompas, scoreGroups } from '../fairness/run.js';
import { fairnessOutputs } from '../fairness/score.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'fairness',
  version: 1,
  title: 'Group fairness',
  summary: 'Error rates by group, parity and odds gaps, and distance covariances with protected attributes.',
  page: `# Group fairness

Decisions against labels 0 or 1 and a group for each row from \`--labels\`; score keys carry the name of the group. Without
labels: COMPAS, all 7,214 rows or the 6,172 that ProPublica's filter keeps (told apart by their number, with a warning);
boards have \`compas\` and \`compas-filtered\`.

${fairnessRules}`,
  primary: 'equalised_odds_gap',
  outputs: fairnessOutputs,
  resampling: 'image',
  oracle: { tool: 'propublica/compas-analysis', version: 'bafff5d' },
  predictions: decisionNotes('n'),
  labels: [
    {
      name: 'labels and groups',
      formats: ['.csv', '.tsv'],
      contents: 'Columns label (0 or 1) and group (text); a column id pairs rows.',
      example: 'id,label,group\n1,0,a\n2,1,b',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(labels may come with the predictions)',
  datasets: [COMPAS],
  ownLabels: true,
  score: (context) =>
    context.labels.length > 0
      ? scoreGroups(context, onlyFile(context.labels, 'labels'))
      : scoreCompas(context, 'either'),
};
