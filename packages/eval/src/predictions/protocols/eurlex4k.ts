import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { malformed } from '../errors.js';
import { parseNpy } from '../formats/npy.js';
import type { SparseRows } from '../formats/sparse.js';
import { parseCsr, parseScoreLines } from '../formats/sparse.js';
import type { InputFile } from '../input.js';
import { onlyFile } from '../only-file.js';
import { atKOutputs } from '../ranking/outputs.js';
import {
  inversePropensities,
  ndcgAt,
  precisionAt,
  propensityScoredAt,
  topOfDense,
  topOfSparse,
} from '../ranking/top-k.js';
import { countedMean, meansOf, reweighing, weightedMean } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const KS = [1, 3, 5] as const;

/** The first labels of every row, whichever format they came in. */
async function rankings(file: InputFile, rows: number, columns: number): Promise<number[][]> {
  const most = KS.at(-1)!;
  const content = await file.read();
  if (/\.npy$/i.test(file.name)) {
    const { shape, data } = parseNpy(content, file.name);
    if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns)
      throw malformed(file.name, {}, `shape (${shape.join(', ')})`, `(${rows}, ${columns})`);
    const bad = data.findIndex((value: number) => Number.isNaN(value) || value === Infinity);
    if (bad >= 0)
      throw malformed(
        file.name,
        {},
        `${data[bad]} in row ${Math.floor(bad / columns)}, column ${bad % columns}`,
        'finite scores or −Infinity',
      );
    return Array.from({ length: rows }, (_, i) => topOfDense(data, i * columns, columns, most));
  }
  const sparse = await (/\.npz$/i.test(file.name)
    ? parseCsr(content, file.name)
    : parseScoreLines(content, file.name, columns));
  if (sparse.rows !== rows || sparse.columns !== columns)
    throw malformed(file.name, {}, `${sparse.rows} rows, ${sparse.columns} labels`, `${rows} rows, ${columns} labels`);
  return Array.from({ length: rows }, (_, i) => topOfSparse(sparse, i, most));
}

const relevantOf = ({ offsets, indices }: SparseRows, row: number): Set<number> => {
  const labels = new Set<number>();
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) labels.add(indices[at]!);
  return labels;
};

export const definition: PredictionProtocol = {
  key: 'eurlex4k',
  version: 1,
  title: 'EURLex-4K extreme classification',
  summary: 'Precision, propensity-scored precision and nDCG at 1, 3, 5 over 3,865 documents and 3,714 labels.',
  page: `# EURLex-4K

Each test document's labels by descending score, equal scores by ascending label. \`precision_at_k\` is hits over k;
\`ndcg_at_k\` discounts by log2(rank + 1) against the best possible ranking; \`psp_at_k\` weights a hit by the inverse
propensity of its label (Jain et al. 2016, A = .55, B = 1.5, label counts of the 15,449 training documents) and divides
the total by that of the best possible ranking.

**VARIANT**: the data are those of rerank-XML (15,449 training, 3,865 test documents, 3,714 labels), not the split of the
extreme-classification repository (15,539 / 3,809 / 3,993), whose published figures are therefore another benchmark.
Values here are fractions; papers print percent.
`,
  primary: 'precision_at_1',
  outputs: atKOutputs({ precision: 'Precision', psp: 'Propensity-scored precision', ndcg: 'nDCG' }, KS),
  resampling: 'query',
  predictions: [
    {
      name: 'scores',
      formats: ['.npy', '.npz (scipy CSR)', 'plain text'],
      contents:
        'Scores [3865, 3714] in the order of Y.tst, higher is better; or one line a document of label:score pairs.',
      example: '12:0.93 7:0.51 3001:0.08\n44:0.72 12:0.31',
    },
  ],
  labels: [],
  datasets: ['eurlex4k'],
  async score({ predictions, dataFolder, progress }) {
    const folder = dataFolder('eurlex4k');
    const read = async (name: string) => parseCsr(await readFile(join(folder, name)), name);
    const [test, ...train] = [await read('Y.tst.npz'), await read('Y.trn.npz'), await read('Y.val.npz')] as const;
    const ranked = await rankings(onlyFile(predictions, 'predictions'), test.rows, test.columns);
    const frequencies = new Float64Array(test.columns);
    for (const { indices } of train) for (let at = 0; at < indices.length; at++) frequencies[indices[at]!]!++;
    const inverse = inversePropensities(
      frequencies,
      train.reduce((total, { rows }) => total + rows, 0),
    );

    const outcomes: Record<string, Float64Array> = {};
    const propensities: Record<string, { readonly gained: Float64Array; readonly best: Float64Array }> = {};
    for (const k of KS) {
      const [precision, ndcg] = [new Float64Array(test.rows), new Float64Array(test.rows)];
      const [gained, best] = [new Float64Array(test.rows), new Float64Array(test.rows)];
      ranked.forEach((labels, i) => {
        const relevant = relevantOf(test, i);
        precision[i] = precisionAt(k, labels, relevant);
        ndcg[i] = ndcgAt(k, labels, relevant);
        const propensity = propensityScoredAt(k, labels, relevant, inverse);
        gained[i] = propensity.gained;
        best[i] = propensity.best;
      });
      outcomes[`precision_at_${k}`] = precision;
      outcomes[`ndcg_at_${k}`] = ndcg;
      propensities[`psp_at_${k}`] = { gained, best };
      progress(k, KS.at(-1)!, 'documents ranked');
    }
    const ratios = (of: (values: Float64Array) => number): Record<string, number> =>
      Object.fromEntries(Object.entries(propensities).map(([key, { gained, best }]) => [key, of(gained) / of(best)]));
    const psp = ratios(countedMean);
    return {
      scores: { ...meansOf(outcomes), ...psp },
      counts: { documents: test.rows, labels: test.columns },
      warnings: [],
      outcomes,
      reweigh: reweighing(test.rows, psp, () => (weights) => ratios((values) => weightedMean(values, weights))),
    };
  },
};
