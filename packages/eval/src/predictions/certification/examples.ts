/** Certification logs and class counts as examples, and what is scored of them. */
import type { MetricOutput } from '../../core/types.js';
import { malformed } from '../errors.js';
import type { NpyArray } from '../formats/npy.js';
import { parseNpz } from '../formats/npy.js';
import { numberOf, parseTable, wholeOf } from '../formats/table.js';
import type { InputFile } from '../input.js';
import { meansOf } from '../reweighing.js';
import type { FileNote, ScoreReport } from '../types.js';
import { certify } from './randomised-smoothing.js';

/** L2 radii at which the certified accuracy is reported. */
const RADII = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5] as const;

/** One certificate an example; −1 abstains, radii are L2 distances of inputs. */
export interface Examples {
  /** The names are numbers of images in the data set, not of rows. */
  readonly indexed: boolean;
  readonly names: readonly string[];
  readonly labels: readonly number[];
  readonly predicted: readonly number[];
  readonly radii: readonly number[];
}

const COLUMNS = ['idx', 'label', 'predict', 'radius', 'correct'] as const;

async function readLog(file: InputFile): Promise<Examples> {
  const rows = parseTable(await file.read(), file.name, COLUMNS);
  const seen = new Map<string, number>();
  const examples = {
    indexed: true,
    names: [] as string[],
    labels: [] as number[],
    predicted: [] as number[],
    radii: [] as number[],
  };
  for (const { line, values } of rows) {
    const at = (column: string, low: number): number => wholeOf(file.name, line, column, values[column], low);
    const idx = String(at('idx', 0));
    if (seen.has(idx))
      throw malformed(file.name, { line }, `idx ${idx} again (line ${seen.get(idx)})`, 'each idx once');
    seen.set(idx, line);
    const [label, predicted, correct] = [at('label', 0), at('predict', -1), at('correct', 0)];
    const radius = numberOf(file.name, line, 'radius', values['radius']);
    if (radius < 0) throw malformed(file.name, { line, column: 'radius' }, String(radius), 'a radius ≥ 0');
    if (correct !== Number(label === predicted))
      throw malformed(
        file.name,
        { line, column: 'correct' },
        String(correct),
        `${Number(label === predicted)}, as label ${label} and predict ${predicted} say`,
      );
    examples.names.push(idx);
    examples.labels.push(label);
    examples.predicted.push(predicted);
    examples.radii.push(radius);
  }
  return examples;
}

async function readCounts(file: InputFile): Promise<Examples> {
  const arrays = await parseNpz(await file.read(), file.name, ['selection', 'estimation', 'labels', 'sigma', 'alpha']);
  const matrix = (key: string): NpyArray => {
    const found = arrays.get(key)!;
    if (found.shape.length !== 2)
      throw malformed(`${file.name}: ${key}.npy`, {}, `shape (${found.shape.join(', ')})`, '(n, classes)');
    const bad = found.data.findIndex((value: number) => !Number.isInteger(value) || value < 0);
    if (bad >= 0) throw malformed(`${file.name}: ${key}.npy`, {}, `${found.data[bad]} at element ${bad}`, 'counts ≥ 0');
    return found;
  };
  const scalar = (key: string): number => Number(arrays.get(key)!.data[0]);
  const [selection, estimation, labels] = [matrix('selection'), matrix('estimation'), arrays.get('labels')!];
  const [n, classes] = selection.shape as [number, number];
  if (estimation.shape[0] !== n || estimation.shape[1] !== classes || labels.data.length !== n)
    throw malformed(
      file.name,
      {},
      `estimation (${estimation.shape.join(', ')}), ${labels.data.length} labels`,
      `(${n}, ${classes}) and ${n}`,
    );
  const row = ({ data }: NpyArray, i: number) => data.subarray(i * classes, (i + 1) * classes);
  const options = { sigma: scalar('sigma'), alpha: scalar('alpha') };
  if (!(options.sigma > 0)) throw malformed(`${file.name}: sigma.npy`, {}, `${options.sigma}`, 'a number above 0');
  if (!(options.alpha > 0 && options.alpha < 1))
    throw malformed(`${file.name}: alpha.npy`, {}, `${options.alpha}`, 'a number above 0 and below 1');
  const bare = labels.data.findIndex((_: number, i: number) =>
    row(estimation, i).every((count: number) => count === 0),
  );
  if (bare >= 0) throw malformed(`${file.name}: estimation.npy`, {}, `no count in row ${bare}`, 'one at least');
  const certificates = Array.from({ length: n }, (_, i) => certify(row(selection, i), row(estimation, i), options));
  return {
    indexed: false,
    names: certificates.map((_, i) => String(i)),
    labels: Array.from(labels.data),
    predicted: certificates.map(({ predicted }) => predicted),
    radii: certificates.map(({ radius }) => radius),
  };
}

const output = (
  key: string,
  title: string,
  direction: 'higher' | 'lower',
  unit: string,
  high: number,
  precision: number,
): MetricOutput => ({
  key,
  title,
  direction,
  unit,
  range: [0, high] as const,
  precision,
});

export const CERTIFIED_OUTPUTS: readonly MetricOutput[] = [
  ...RADII.map((r) =>
    output(`certified_accuracy_at_${r}`, `Certified accuracy at radius ${r}`, 'higher', 'fraction', 1, 1e-4),
  ),
  output('average_certified_radius', 'Average certified radius', 'higher', 'L2 distance of inputs', 1e6, 1e-4),
  output('abstention_rate', 'Abstention rate', 'lower', 'fraction', 1, 1e-4),
];

export const CERTIFIED_PREDICTIONS: readonly FileNote[] = [
  {
    name: 'certification log',
    formats: ['.tsv', '.csv', 'plain text'],
    contents:
      'One line an example: idx, label, predict (−1 abstains), radius (L2, ≥ 0), correct (0 or 1); time is not read.',
    example: 'idx\tlabel\tpredict\tradius\tcorrect\ttime\n0\t3\t3\t0.378\t1\t15.4\n20\t7\t-1\t0.0\t0\t15.6',
  },
  {
    name: 'class counts',
    formats: ['.npz'],
    contents: 'selection and estimation, whole numbers [n, classes]; labels [n]; sigma and alpha, one number each.',
    example: 'np.savez("counts.npz", selection=n0, estimation=n, labels=y, sigma=0.25, alpha=0.001)',
  },
];

/** The examples of a log, or of class counts in an `.npz`; at least one. Throws FILE_MALFORMED. */
export async function readExamples(file: InputFile): Promise<Examples> {
  const examples = await (/\.npz$/i.test(file.name) ? readCounts(file) : readLog(file));
  if (examples.names.length === 0) throw malformed(file.name, {}, 'no example', 'at least one');
  return examples;
}

/** Certified accuracy at each radius, average certified radius and abstention rate, each a mean over the examples. */
export function certifiedReport({ names, labels, predicted, radii }: Examples): ScoreReport {
  const n = names.length;
  const right = Float64Array.from(labels, (label, i) => Number(label === predicted[i]));
  const outcomes: Record<string, Float64Array> = Object.fromEntries(
    RADII.map((r) => [`certified_accuracy_at_${r}`, right.map((ok, i) => Number(ok === 1 && radii[i]! >= r))]),
  );
  outcomes['average_certified_radius'] = right.map((ok, i) => ok * radii[i]!);
  outcomes['abstention_rate'] = Float64Array.from(predicted, (label) => Number(label === -1));
  return {
    scores: meansOf(outcomes),
    counts: { examples: n },
    warnings: [],
    outcomes,
    units: names,
    groups: labels.map(String),
  };
}
