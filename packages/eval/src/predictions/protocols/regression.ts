import { basename } from 'node:path';
import { EvalError } from '../../core/errors.js';
import { matchRows } from '../classification/align.js';
import { malformed } from '../errors.js';
import { readMatrices } from '../formats/matrix.js';
import { onlyFile } from '../only-file.js';
import { gaussianOf, gaussianOfMembers, IDS, NUMBERS, targetsBeside, targetsOf } from '../regression/input.js';
import { NO_DEVIATIONS, regressionOutputs, regressionRules, scoreRegression } from '../regression/outputs.js';
import { uciSets } from '../regression/uci-sets.js';
import { readSplits, scoreSplits } from '../regression/uci.js';
import type { PredictionProtocol, ScoreContext, ScoreReport } from '../types.js';

/** The one UCI set that the paths name, if it is one. */
function uciSetOf({ predictions }: ScoreContext): (typeof uciSets)[number] | undefined {
  const names = predictions.flatMap(({ path, files }) => [basename(path), ...files.map(({ name }) => name)]);
  const found = uciSets.filter(({ folder, key }) => names.some((name) => name.includes(folder) || name.includes(key)));
  return found.length === 1 ? found[0] : undefined;
}

async function scoreLabelled(context: ScoreContext): Promise<ScoreReport | undefined> {
  const file = onlyFile(context.predictions, 'predictions');
  const members = await readMatrices(file, IDS, NUMBERS);
  const targets =
    context.labels.length > 0
      ? await (async () => {
          const labels = onlyFile(context.labels, 'labels');
          const read = await readMatrices(labels, IDS, NUMBERS);
          const found = targetsBeside(read) ?? (read.size === 1 ? targetsOf([...read.values()][0]!) : undefined);
          if (!found) throw malformed(labels.name, {}, 'several columns', 'one, or one called target');
          return found;
        })()
      : targetsBeside(members);
  if (!targets) return undefined;
  const single = members.get('');
  const predictions = single ? gaussianOf(single) : gaussianOfMembers(members, file.name);
  if (predictions.n === 0) throw malformed(file.name, {}, 'no example', 'one at least');
  const own = context.labels.length === 0;
  const rows = own ? undefined : matchRows(predictions, targets, targets.values.length);
  if (own && predictions.n !== targets.values.length)
    throw malformed(targets.name, {}, `${targets.values.length} targets`, `${predictions.n}, as the predictions have`);
  const values = rows ? Float64Array.from(rows, (row) => targets.values[row]!) : targets.values;
  const { scores, outcomes, reweigh } = scoreRegression(predictions, values);
  context.progress(1, 1, 'examples');
  return {
    scores,
    counts: { examples: predictions.n },
    warnings: predictions.deviations ? [] : [NO_DEVIATIONS],
    outcomes,
    reweigh,
    ...(predictions.ids ? { units: predictions.ids } : {}),
  };
}

export const definition: PredictionProtocol = {
  key: 'regression',
  version: 1,
  title: 'Regression',
  summary: 'Errors, Gaussian likelihood, coverage and sharpness of real-valued predictions against your own targets.',
  page: `# Regression

Predicted means, and if there are any standard deviations, against targets from \`--labels\` or a column of the same file.
Without targets, files named after one of ${uciSets.map(({ folder }) => `\`${folder}\``).join(', ')} are scored on its 20
published splits; boards of these have benchmarks of their own (${uciSets.map(({ key }) => `\`${key}\``).join(', ')}).

${regressionRules}`,
  primary: 'rmse',
  outputs: regressionOutputs,
  resampling: 'image',
  oracle: { tool: 'SciPy', version: '1.10.1' },
  predictions: [
    {
      name: 'means and standard deviations',
      formats: ['.npy', '.npz', '.csv', 'plain text'],
      contents:
        'Means [n], or means and standard deviations [n, 2], or columns (members) mean, std, target; a column id pairs rows.',
      example: 'id,mean,std\n17,3.1,0.4\n18,0.9,0.2',
    },
  ],
  labels: [
    {
      name: 'targets',
      formats: ['.npy', '.npz', '.csv', 'plain text'],
      contents: 'Numbers [n], or a column called target.',
      example: 'id,target\n17,2.9\n18,1.4',
      optional: true,
    },
  ],
  datasets: ['uci_regression_splits'],
  async score(context) {
    const set = context.labels.length === 0 ? uciSetOf(context) : undefined;
    const several = context.predictions.flatMap(({ files }) => files).length > 1;
    // Targets in the file itself come before what the file is called.
    const report = set && several ? undefined : await scoreLabelled(context);
    if (report) return report;
    if (set) {
      const splits = await readSplits(context.dataFolder('uci_regression_splits'), set);
      return scoreSplits(context.predictions, splits, context.progress);
    }
    throw new EvalError('FILE_MALFORMED', 'labels: found none, expected --labels or a column target', {
      field: 'labels',
      value: 'none',
      allowed: '--labels PATH, a column or member target, or files named after a UCI set',
    });
  },
};
