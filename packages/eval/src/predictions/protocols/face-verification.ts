import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalError } from '../../core/errors.js';
import type { NamedArrays } from '../embeddings/arrays.js';
import { matrixOf, readTextColumn } from '../embeddings/arrays.js';
import { exactDots } from '../embeddings/rows.js';
import { unitRows } from '../embeddings/engine.js';
import type { FacePairs } from '../embeddings/lfw-pairs.js';
import { parseFacePairs, imageName } from '../embeddings/lfw-pairs.js';
import {
  areaUnderRoc,
  crossValidate,
  equalErrorRate,
  operatingPoints,
  trueAcceptRate,
} from '../embeddings/verification.js';
import { weightedVerification } from '../embeddings/weighted-verification.js';
import { malformed } from '../errors.js';
import { parseNpy } from '../formats/npy.js';
import { numberOf, parseJsonLines, parseLines, parseTable } from '../formats/table.js';
import type { InputFile } from '../input.js';
import { onlyFile } from '../only-file.js';
import { reweighing } from '../reweighing.js';
import type { PredictionProtocol, ScoreContext } from '../types.js';

const EXPONENTS = [1, 2, 3, 4, 5, 6] as const;

/** Row of each image. Throws FILE_MALFORMED for a name given twice. */
function rowsByName(
  file: string,
  names: readonly { readonly line: number; readonly name: string }[],
): Map<string, number> {
  const rows = new Map<string, number>();
  names.forEach(({ line, name }, row) => {
    const image = imageName(name);
    if (rows.has(image)) throw malformed(file, { line }, `${image} again`, 'each image once');
    rows.set(image, row);
  });
  return rows;
}

/** Cosines of the pairs: float64 sums rounded to float32. */
function cosines(file: string, named: NamedArrays, rowOf: ReadonlyMap<string, number>, pairs: FacePairs): Float64Array {
  const embeddings = matrixOf(named, 'embeddings');
  if (rowOf.size !== embeddings.n) throw malformed(file, {}, `${rowOf.size} names`, `${embeddings.n}, one a row`);
  const { width, raw, scales } = unitRows(embeddings);
  const [unit, one, out] = [new Float64Array(width), new Int32Array(1), new Float32Array(1)];
  return Float64Array.from(pairs.images, ([a, b], pair) => {
    const rows = [a, b].map((image) => {
      const row = rowOf.get(image);
      if (row === undefined)
        throw malformed(file, {}, `no image ${image} (pair ${pair + 1})`, 'every image of the pairs');
      return row;
    });
    for (let k = 0; k < width; k++) unit[k] = raw[rows[0]! * width + k]! * scales[rows[0]!]!;
    one[0] = rows[1]!;
    exactDots(unit, raw, scales, width, one, 1, out);
    return out[0]!;
  });
}

async function fromEmbeddings(files: readonly InputFile[], pairs: FacePairs): Promise<Float64Array> {
  const matrix = files.find(({ name }) => /\.npy$/i.test(name));
  const names = files.find(({ name }) => !/\.npy$/i.test(name));
  if (files.length !== 2 || !matrix || !names)
    throw new EvalError(
      'FILE_MALFORMED',
      `predictions: found ${files.map(({ name }) => name).join(', ')}, expected one file, or a .npy and a list of names`,
      {
        field: 'predictions',
        value: files.length,
        allowed: 'one file, or a .npy and a list of names',
      },
    );
  const listed = await readTextColumn(names, 'name');
  const rowOf = rowsByName(
    names.name,
    listed.map((name, i) => ({ line: i + 1, name })),
  );
  const named = { file: matrix.name, arrays: new Map([['embeddings', parseNpy(await matrix.read(), matrix.name)]]) };
  return cosines(names.name, named, rowOf, pairs);
}

async function fromJsonLines(file: InputFile, pairs: FacePairs): Promise<Float64Array> {
  const rows = parseJsonLines(await file.read(), file.name).map(({ line, value: { name, embedding } }) => {
    if (typeof name !== 'string') throw malformed(file.name, { line }, 'no name', '"name", the name of an image');
    if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every((x) => typeof x === 'number'))
      throw malformed(file.name, { line }, 'no embedding', '"embedding", a list of numbers');
    return { line, name, embedding: embedding as number[] };
  });
  const width = rows[0]?.embedding.length ?? 0;
  const data = new Float64Array(rows.length * width);
  rows.forEach(({ line, embedding }, i) => {
    if (embedding.length !== width) throw malformed(file.name, { line }, `${embedding.length} numbers`, `${width}`);
    data.set(embedding, i * width);
  });
  const arrays = new Map([['embeddings', { shape: [rows.length, width], data, dtype: '<f8' }]]);
  return cosines(file.name, { file: file.name, arrays }, rowsByName(file.name, rows), pairs);
}

async function similaritiesOf({ predictions }: ScoreContext, pairs: FacePairs): Promise<Float64Array> {
  const files = predictions.flatMap((tree) => tree.files);
  if (files.length > 1) return fromEmbeddings(files, pairs);
  const file = onlyFile(predictions, 'predictions');
  if (/\.jsonl$/i.test(file.name)) return fromJsonLines(file, pairs);
  const content = await file.read();
  let values: Float64Array;
  if (/\.npy$/i.test(file.name)) {
    const { shape, data } = parseNpy(content, file.name);
    if (shape.length !== 1) throw malformed(file.name, {}, `shape (${shape.join(', ')})`, `(${pairs.same.length},)`);
    values = Float64Array.from(data);
  } else {
    const lines = parseLines(content, file.name);
    values = Number.isFinite(Number(lines[0]?.text || NaN))
      ? Float64Array.from(lines, ({ line, text }) => numberOf(file.name, line, 'similarity', text))
      : Float64Array.from(parseTable(content, file.name, ['similarity']), ({ line, values: cells }) =>
          numberOf(file.name, line, 'similarity', cells['similarity']),
        );
  }
  if (values.length !== pairs.same.length)
    throw malformed(file.name, {}, `${values.length} similarities`, `${pairs.same.length}, one a pair`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw malformed(file.name, {}, `${values[bad]} for pair ${bad + 1}`, 'finite similarities');
  return values;
}

const fraction = (key: string, title: string, direction: 'higher' | 'lower') => ({
  key,
  title,
  direction,
  unit: 'fraction',
  range: [0, 1] as const,
  precision: 1e-4,
});

export const definition: PredictionProtocol = {
  key: 'face-verification',
  version: 1,
  title: 'Face verification by pairs (LFW)',
  summary: 'Accuracy over ten folds with the threshold chosen on nine, TAR at given FAR, EER and AUC of 6,000 pairs.',
  page: `# Face verification

The 6,000 pairs of LFW's \`pairs.txt\` (view 2): ten folds of 300 pairs of one person and 300 of two. A pair is accepted as
the same person when its similarity is at least a threshold.

**Accuracy.** For each fold the threshold with the most right answers on the nine others; of equally good ones the greatest.
It lies half-way between two neighbouring similarities (1 beyond the ends), and is applied to the fold left out.
\`accuracy\` is the mean of the ten; \`accuracy_std\` their standard deviation (divided by 10, as in facenet and InsightFace);
\`accuracy_standard_error\` is what LFW's own instructions ask for, s/√10 with s divided by 9.

**TAR at FAR** (\`tar_at_far_1e-3\` …): over all pairs, the greatest share of same pairs accepted by a threshold that accepts
at most that share of the different ones. Equal similarities are accepted together; nothing is interpolated. A rate below one
in the number of different pairs (1e-4 and lower for LFW's 3,000) cannot be measured and is left out with a warning.

**EER**: where false accepts and false rejects are equal, on straight lines between the points of the ROC. **AUC**: chance
that a same pair is more similar than a different one, equal ones counting half.

From embeddings, the similarity is the cosine (float64, rounded to float32).

**Intervals.** The folds are the outcomes of the accuracy: nine tenths of the pairs choose every threshold, so intervals use the
correction of Nadeau and Bengio 2003. TAR, EER and AUC draw pairs. People and images occur in several pairs, which drawing pairs
does not know of: these intervals are somewhat too narrow. The two measures of spread have none of their own.

## Known disagreements

facenet and InsightFace search a grid of 400 distances instead of every threshold, so accuracies differ by up to a few pairs;
facenet interpolates TAR at FAR per fold with a spline.
`,
  primary: 'accuracy',
  outputs: [
    fraction('accuracy', 'Accuracy', 'higher'),
    fraction('accuracy_std', 'Standard deviation of the accuracy over folds', 'lower'),
    fraction('accuracy_standard_error', 'Standard error of the accuracy', 'lower'),
    ...EXPONENTS.map((k) => fraction(`tar_at_far_1e-${k}`, `TAR at FAR 1e-${k}`, 'higher')),
    fraction('eer', 'Equal error rate', 'lower'),
    fraction('auc', 'Area under the ROC curve', 'higher'),
  ],
  resampling: 'fold',
  oracle: { tool: 'scikit-learn roc_curve, roc_auc_score', version: '1.2.1' },
  predictions: [
    {
      name: 'similarities',
      formats: ['.txt', '.csv', '.npy'],
      contents:
        'One number a pair, in the order of pairs.txt, greater for the same person; in a CSV the column similarity.',
      example: '0.71\n0.64\n-0.02',
    },
    {
      name: 'embeddings',
      formats: ['.jsonl', '.npy with a .txt of names'],
      contents: 'An embedding for every image of the pairs under its name, with or without folder and .jpg.',
      example: '{"name": "Abel_Pacheco/Abel_Pacheco_0001.jpg", "embedding": [0.12, -0.4]}',
      optional: true,
    },
  ],
  labels: [
    {
      name: 'pairs',
      formats: ['pairs.txt of LFW'],
      contents: 'Folds and pairs a fold; then for each fold the pairs of one person (name, image, image), then of two.',
      example: '10\t300\nAbel_Pacheco\t1\t4\n…\nAbdel_Madi_Shabneh\t1\tDean_Barker\t1',
      optional: true,
    },
  ],
  datasets: ['lfw'],
  async score(context) {
    const { labels, dataFolder, progress } = context;
    const given = labels.length > 0 ? onlyFile(labels, 'labels') : undefined;
    const content = given ? await given.read() : await readFile(join(dataFolder('lfw'), 'pairs.txt'));
    const pairs = parseFacePairs(content, given?.name ?? 'pairs.txt');
    const similarities = await similaritiesOf(context, pairs);
    const points = operatingPoints(similarities, pairs.same);
    const { folds } = crossValidate(similarities, pairs.same, pairs.fold, pairs.folds);
    progress(pairs.folds, pairs.folds, 'folds');

    const accuracies = Float64Array.from(folds, ({ accuracy }) => accuracy);
    const mean = accuracies.reduce((sum, value) => sum + value, 0) / pairs.folds;
    const squares = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const negatives = points.at(-1)!.falseAccepts;
    const possible = EXPONENTS.filter((k) => 10 ** k <= negatives);
    const rates = possible.map((k) => [`tar_at_far_1e-${k}`, trueAcceptRate(points, 10 ** -k)]);
    const left = EXPONENTS.filter((k) => !possible.includes(k)).map((k) => `1e-${k}`);
    const byPair: Record<string, number> = {
      ...(Object.fromEntries(rates) as Record<string, number>),
      eer: equalErrorRate(points),
      auc: areaUnderRoc(points),
    };
    return {
      scores: {
        accuracy: mean,
        accuracy_std: Math.sqrt(squares / pairs.folds),
        accuracy_standard_error: Math.sqrt(squares / (pairs.folds - 1) / pairs.folds),
        ...byPair,
      },
      counts: { pairs: pairs.same.length, same: points.at(-1)!.trueAccepts, different: negatives, folds: pairs.folds },
      warnings:
        left.length > 0 ? [`TAR at FAR ${left.join(', ')} left out: ${negatives} different pairs are too few`] : [],
      outcomes: { accuracy: accuracies },
      units: folds.map((_, i) => `fold ${i + 1}`),
      reweigh: reweighing(pairs.same.length, byPair, () => weightedVerification(similarities, pairs.same, possible)),
    };
  },
};
