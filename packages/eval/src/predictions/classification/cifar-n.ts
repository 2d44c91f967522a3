/** CIFAR-10N and CIFAR-100N: predictions on the training images against clean and human noisy labels. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { MetricOutput } from '../../core/types.js';
import { malformed } from '../errors.js';
import { parseMatrix } from '../formats/matrix.js';
import { meansOf } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';
import { codeLabels } from './align.js';
import { pageOfRules, predictionNotes } from './notes.js';
import { readClassifications, readJudgements, reportOf } from './run.js';
import type { Part } from './score.js';
import { hardOutputs, predictedClasses, scoreHard } from './score.js';

const IMAGES = 50_000;
const MOST_BYTES = 2 ** 24;

export interface NoisyLabelSet {
  readonly key: string;
  readonly title: string;
  readonly file: string;
  readonly classes: number;
  /** Column of the file by the name that the paper gives it, and its published noise rate in percent. */
  readonly noisy: readonly { readonly name: string; readonly column: string; readonly percent: string }[];
}

export interface NoiseScores {
  /** 1 where the prediction is the noisy label. */
  readonly agreement: Float64Array;
  /** Of the examples whose noisy label is wrong, 1 where the prediction repeats it; NaN for the others. */
  readonly memorised: Float64Array;
  readonly wrong: number;
}

/** Against one set of noisy labels. `clean` decides which of them are wrong. */
export function noiseScores(
  predicted: ArrayLike<number>,
  noisy: ArrayLike<number>,
  clean: ArrayLike<number>,
): NoiseScores {
  const agreement = Float64Array.from(noisy, (label, i) => Number(predicted[i] === label));
  const memorised = agreement.map((agrees, i) => (noisy[i] === clean[i] ? NaN : agrees));
  return { agreement, memorised, wrong: memorised.reduce((sum, each) => sum + Number(!Number.isNaN(each)), 0) };
}

/** The label columns of the official file by name, whole numbers below `classes`. Throws FILE_MALFORMED. */
export function noisyLabels(content: Buffer, file: string, set: NoisyLabelSet): ReadonlyMap<string, Int32Array> {
  const matrix = parseMatrix(content, file);
  const columns = ['clean_label', ...set.noisy.map(({ column }) => column)];
  return new Map(
    columns.map((column) => {
      const at = matrix.header?.indexOf(column) ?? -1;
      if (at < 0) throw malformed(file, { line: 1 }, `columns ${matrix.header?.join(', ')}`, `a column ${column}`);
      const values = Int32Array.from({ length: matrix.rows }, (_, i) => matrix.values[i * matrix.columns + at]!);
      const bad = values.findIndex((value) => value < 0 || value >= set.classes);
      if (bad >= 0) throw malformed(file, { line: bad + 2, column }, String(values[bad]), `0 … ${set.classes - 1}`);
      return [column, values] as const;
    }),
  );
}

const output = (key: string, title: string, direction: 'higher' | 'lower'): MetricOutput => ({
  key,
  title,
  direction,
  unit: 'fraction',
  range: [0, 1],
  precision: 1e-4,
});

export const noisyLabelProtocol = (set: NoisyLabelSet): PredictionProtocol => ({
  key: set.key,
  version: 1,
  title: `${set.title}: training images with human label noise`,
  summary: `Predictions on the 50,000 training images against the clean labels and ${set.noisy.length} set(s) of noisy ones.`,
  page: `# ${set.title}

Predictions for all 50,000 training images in the official order (Wei et al. 2022). Unsuffixed scores are against the clean
labels of the data, or those given with \`--labels\`. For each set of noisy labels, \`accuracy_SET\` is the share of
predictions equal to the noisy label, and \`memorised_SET\` the same among the images whose noisy label is wrong: a model that
has learned the noise by heart has 1, one that sees through it nearly 0. \`counts.wrong_SET\` says how many labels are wrong.

| set | column of the file | wrong labels |
|---|---|---|
${set.noisy.map(({ name, column, percent }) => `| ${name} | ${column} | ${percent} % |`).join('\n')}

These are *training* images: the scores tell what noise did to a model, not how it generalises.

${pageOfRules}`,
  primary: 'accuracy',
  outputs: [
    ...hardOutputs,
    ...set.noisy.flatMap(({ name }) => [
      output(`accuracy_${name}`, `Agreement with the noisy labels, ${name}`, 'higher'),
      output(`memorised_${name}`, `Wrong labels repeated, ${name}`, 'lower'),
    ]),
  ],
  resampling: 'image',
  oracle: { tool: 'UCSC-REAL/cifar-10-100n labels', version: '49df7d8' },
  predictions: predictionNotes('50000', String(set.classes)),
  labels: [
    {
      name: 'clean labels',
      formats: ['.npy', '.csv', 'plain text'],
      contents: `Whole numbers [50000] from 0 to ${set.classes - 1} in the official order; those of the data where absent.`,
      example: '6\n9\n9\n4',
      optional: true,
    },
  ],
  datasets: ['cifar_n'],
  async score(context) {
    const path = join(context.dataFolder('cifar_n'), set.file);
    const columns = noisyLabels(gunzipSync(await readFile(path), { maxOutputLength: MOST_BYTES }), set.file, set);
    const predictions = await readClassifications(context, { n: IMAGES, classes: set.classes });
    const { hard: given } = await readJudgements(context);
    const column = given ?? {
      name: set.file,
      values: Array.from(columns.get('clean_label')!, String),
      place: (row: number) => ({ line: row + 2 }),
    };
    const coded = codeLabels(predictions, column, set.classes);
    const predicted = predictedClasses(predictions, coded.predicted);
    const parts: Part[] = [scoreHard(predictions, coded, context.progress)];
    const counts: Record<string, number> = { classes: set.classes };
    for (const { name, column: key } of set.noisy) {
      const { agreement, memorised, wrong } = noiseScores(predicted, columns.get(key)!, coded.labels);
      counts[`wrong_${name}`] = wrong;
      const outcomes = {
        [`accuracy_${name}`]: agreement,
        ...(wrong > 0 ? { [`memorised_${name}`]: memorised } : {}),
      };
      parts.push({
        scores: meansOf(outcomes),
        outcomes,
        warnings: wrong > 0 ? [] : [`no wrong label in ${name}: memorised_${name} does not exist`],
      });
    }
    return reportOf(predictions, parts, counts);
  },
});
