/** The UCI regression sets with the 20 published splits of Hernández-Lobato and Gal. */
import { join } from 'node:path';
import { malformed } from '../errors.js';
import type { Matrix } from '../formats/matrix.js';
import { parseMatrix, readMatrices } from '../formats/matrix.js';
import type { InputFile, InputTree } from '../input.js';
import { openInput } from '../input.js';
import { meansOf } from '../reweighing.js';
import type { PredictionProtocol, ScoreContext, ScoreReport } from '../types.js';
import type { Gaussian } from './input.js';
import { column, columnNamed, gaussianOf, NUMBERS } from './input.js';
import { NO_DEVIATIONS, regressionOutputs, regressionRules, scoreRegression } from './outputs.js';

export const SPLITS = 20;

export interface UciSet {
  readonly key: string;
  readonly title: string;
  /** Its folder inside the archive. */
  readonly folder: string;
  readonly examples: number;
  /** Test examples of each split. */
  readonly test: number;
  readonly target: string;
}

/** Targets and row numbers of the test examples of one split, in the order of the published index file. */
export interface Split {
  readonly rows: Int32Array;
  readonly targets: Float64Array;
}

/** The 20 splits of a set. Throws DATASET_MISSING through `dataFolder`, FILE_MALFORMED for another archive. */
export async function readSplits(folder: string, set: UciSet): Promise<Split[]> {
  const path = join(folder, 'uci_regression_splits.zip');
  const archive = await openInput(path);
  try {
    const numbers = async (name: string): Promise<Matrix> => {
      const file = archive.files.find((each) => each.name === `${set.folder}/data/${name}`);
      if (!file) throw malformed(path, {}, `no member ${set.folder}/data/${name}`, 'the published archive');
      return parseMatrix(await file.read(), `${path}: ${file.name}`);
    };
    const [table, target] = [await numbers('data.txt'), (await numbers('index_target.txt')).values[0]!];
    const values = column(table, target);
    const splits: Split[] = [];
    for (let split = 0; split < SPLITS; split++) {
      const { values: rows, name } = await numbers(`index_test_${split}.txt`);
      const bad = rows.findIndex((row: number) => !Number.isInteger(row) || row < 0 || row >= table.rows);
      if (bad >= 0) throw malformed(name, { line: bad + 1 }, String(rows[bad]), `a row from 0 to ${table.rows - 1}`);
      splits.push({ rows: Int32Array.from(rows), targets: Float64Array.from(rows, (row) => values[row]!) });
    }
    return splits;
  } finally {
    await archive.close();
  }
}

const SPLIT_NAME = /(?:^|[^0-9])(\d{1,2})(?:\.(?:npy|csv|tsv|txt))?$/i;

/** Under the split number that its name ends in. Throws FILE_MALFORMED. */
function place(into: Map<number, Matrix>, name: string, matrix: Matrix): void {
  const split = Number(SPLIT_NAME.exec(name)?.[1] ?? NaN);
  if (!(split < SPLITS))
    throw malformed(matrix.name, {}, `the name ${name}`, `one that ends in a split, 0 … ${SPLITS - 1}`);
  if (into.has(split)) throw malformed(matrix.name, {}, `split ${split} again`, 'each split once');
  into.set(split, matrix);
}

/** One table with a column `split`, taken apart. */
function bySplit(matrix: Matrix): Map<number, Matrix> {
  const { columns, values, name } = matrix;
  const at = matrix.header!.indexOf('split');
  const rows = new Map<number, number[]>();
  for (let row = 0; row < matrix.rows; row++) {
    const split = values[row * columns + at]!;
    if (!Number.isInteger(split) || split < 0 || split >= SPLITS)
      throw malformed(name, { line: matrix.firstLine! + row, column: 'split' }, String(split), `0 … ${SPLITS - 1}`);
    const members = rows.get(split);
    if (members) members.push(row);
    else rows.set(split, [row]);
  }
  return new Map(
    [...rows].map(([split, members]) => {
      const part = new Float64Array(members.length * columns);
      members.forEach((row, i) => part.set(values.subarray(row * columns, (row + 1) * columns), i * columns));
      const { firstLine: _, ...rest } = matrix;
      return [split, { ...rest, name: `${name}, split ${split}`, rows: members.length, values: part }];
    }),
  );
}

async function readParts(files: readonly InputFile[]): Promise<Map<number, Matrix>> {
  const parts = new Map<number, Matrix>();
  for (const file of files) {
    const members = await readMatrices(file, [], NUMBERS);
    const single = members.get('');
    if (files.length === 1 && single?.header?.includes('split')) return bySplit(single);
    if (single) place(parts, file.name, single);
    else for (const [key, matrix] of members) place(parts, key, matrix);
  }
  return parts;
}

/** The predictions in the order of the split's own rows. */
function inOrder(matrix: Matrix, { rows }: Split): Gaussian {
  const given = gaussianOf(matrix);
  if (given.n !== rows.length)
    throw malformed(matrix.name, {}, `${given.n} predictions`, `${rows.length}, one for each test example`);
  const named = columnNamed(matrix, ['row']);
  if (!named) return given;
  const positions = new Map(Array.from(named, (row, i) => [row, i]));
  const order = Int32Array.from(rows, (row) => positions.get(row) ?? -1);
  const absent = order.indexOf(-1);
  if (absent >= 0) throw malformed(matrix.name, {}, `no row ${rows[absent]}`, 'each test row of the split once');
  const sorted = (values: Float64Array): Float64Array => Float64Array.from(order, (at) => values[at]!);
  return {
    ...given,
    means: sorted(given.means),
    ...(given.deviations ? { deviations: sorted(given.deviations) } : {}),
  };
}

/** Scores by split, and their means over the 20. Throws FILE_MALFORMED for a split that is missing or of another size. */
export async function scoreSplits(
  trees: readonly InputTree[],
  splits: readonly Split[],
  progress: ScoreContext['progress'],
): Promise<ScoreReport> {
  const parts = await readParts(trees.flatMap(({ files }) => files));
  const missing = splits.findIndex((_, split) => !parts.has(split));
  if (missing >= 0)
    throw malformed('predictions', {}, `${parts.size} splits, none for split ${missing}`, `all of 0 … ${SPLITS - 1}`);
  const scored = splits.map((split, i) => {
    const result = scoreRegression(inOrder(parts.get(i)!, split), split.targets).scores;
    progress(i + 1, SPLITS, 'splits');
    return result;
  });
  const keys = Object.keys(scored[0]!).filter((key) => scored.every((each) => key in each));
  const outcomes = Object.fromEntries(keys.map((key) => [key, Float64Array.from(scored, (each) => each[key]!)]));
  return {
    scores: meansOf(outcomes),
    counts: { splits: SPLITS, examples: splits.reduce((sum, { rows }) => sum + rows.length, 0) },
    warnings: keys.includes('nll') ? [] : [NO_DEVIATIONS],
    outcomes,
    units: splits.map((_, i) => `split ${i}`),
  };
}

export const uciProtocol = (set: UciSet): PredictionProtocol => ({
  key: set.key,
  version: 1,
  title: `${set.title}, 20 published splits`,
  summary: `${set.target} of ${set.examples.toLocaleString('en')} examples: the mean over 20 test splits of ${set.test}.`,
  page: `# ${set.title}

The 20 random splits (nine tenths to train, one tenth to test) of Hernández-Lobato and Adams 2015 as published by Gal and
Ghahramani. Each score is computed on the ${set.test} test examples of a split, then averaged over the 20 splits. Scores of the
splits are the outcomes: they share training examples, so intervals use the correction of Nadeau and Bengio 2003, which takes
1/20 + 1/9 in the place of 1/20. The standard error usually printed, deviation over √20, is too small by a factor of about 1.8.

${regressionRules}`,
  primary: 'rmse',
  outputs: regressionOutputs,
  resampling: 'fold',
  testTrainRatio: 1 / 9,
  oracle: { tool: 'yaringal/DropoutUncertaintyExps', version: '6eb4497' },
  predictions: [
    {
      name: 'one table',
      formats: ['.csv', '.tsv'],
      contents: `Columns split (0 … 19), mean, and if there are any std (> 0) and row (of data.txt, from 0). Without row, the ${set.test} rows of a split stand in the order of index_test_SPLIT.txt.`,
      example: 'split,row,mean,std\n0,121,3.1,0.4\n0,115,0.9,0.2',
    },
    {
      name: 'one array a split',
      formats: ['.npz', 'folder or zip of .npy or .csv'],
      contents: `split_0 … split_19, each means [${set.test}] or means and standard deviations [${set.test}, 2].`,
      example: 'np.savez("yacht.npz", **{f"split_{k}": np.c_[mean[k], std[k]] for k in range(20)})',
    },
  ],
  labels: [],
  datasets: ['uci_regression_splits'],
  async score({ predictions, dataFolder, progress }) {
    return scoreSplits(predictions, await readSplits(dataFolder('uci_regression_splits'), set), progress);
  },
});
