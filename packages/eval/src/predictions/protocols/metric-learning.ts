import type { NamedArrays } from '../embeddings/arrays.js';
import { arrayOf, matrixOf, readArrays, readTextColumn, wholesOf } from '../embeddings/arrays.js';
import type { Embeddings } from '../embeddings/engine.js';
import {
  EMBEDDING_ORACLE,
  EMBEDDING_OUTPUTS,
  EMBEDDING_RULES,
  embeddingReport,
  type EmbeddingSet,
} from '../embeddings/report.js';
import { OFFICIAL_SPLITS } from '../embeddings/splits.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import type { PredictionProtocol, ScoreContext } from '../types.js';

function stacked(named: NamedArrays): Embeddings & { readonly queries: number } {
  const [query, gallery] = [matrixOf(named, 'query_embeddings'), matrixOf(named, 'gallery_embeddings')];
  if (query.width !== gallery.width)
    throw malformed(
      named.file,
      {},
      `${query.width} and ${gallery.width} dimensions`,
      'queries and gallery of one width',
    );
  const data = new Float32Array((query.n + gallery.n) * query.width);
  data.set(query.data);
  data.set(gallery.data, query.data.length);
  return { n: query.n + gallery.n, width: query.width, data, queries: query.n };
}

async function readEmbeddings({ predictions, labels, dataFolder }: ScoreContext): Promise<EmbeddingSet> {
  const named = await readArrays(onlyFile(predictions, 'predictions'), 'embeddings');
  const given = labels.length > 0 ? onlyFile(labels, 'labels') : undefined;
  const text = given && !/\.np[yz]$/i.test(given.name) ? await readTextColumn(given, 'label') : undefined;
  const source = given && !text ? await readArrays(given, 'labels') : named;
  const apart = named.arrays.has('query_embeddings');
  const { queries, ...embeddings } = apart ? stacked(named) : { ...matrixOf(named, 'embeddings'), queries: undefined };
  const { n } = embeddings;
  const count = (found: readonly (number | string)[]): readonly (number | string)[] => {
    if (found.length !== n) throw malformed(given!.name, {}, `${found.length} labels`, `${n}, one for each embedding`);
    return found;
  };
  if (apart) {
    const own = (name: string, many: number): readonly number[] => wholesOf(source, name, many);
    const all = text ? count(text) : [...own('query_labels', queries!), ...own('gallery_labels', n - queries!)];
    return { embeddings, labels: all, isQuery: all.map((_, i) => i < queries!) };
  }
  const official = OFFICIAL_SPLITS.find(({ images }) => images === n);
  const unlabelled = !given && !named.arrays.has('labels');
  if (unlabelled && official)
    return { embeddings, labels: await official.read(dataFolder(official.labels.folder)), isQuery: undefined };
  if (unlabelled && !named.arrays.has('labels')) arrayOf(named, 'labels');
  const flags = [source, named].find(({ arrays }) => arrays.has('is_query'));
  return {
    embeddings,
    labels: text ? count(text) : wholesOf(source, 'labels', n),
    isQuery: flags && wholesOf(flags, 'is_query', n, 0, 1).map((flag) => flag === 1),
  };
}

export const definition: PredictionProtocol = {
  key: 'metric-learning',
  version: 1,
  title: 'Metric learning: retrieval and clustering of embeddings',
  summary:
    'Recall@K, MAP@R, R-precision, NMI and AMI of embeddings of unseen classes (CUB-200-2011, Cars-196, SOP, In-Shop).',
  page: `# Metric learning

${EMBEDDING_RULES}`,
  primary: 'map_at_r',
  outputs: EMBEDDING_OUTPUTS,
  resampling: 'query',
  oracle: EMBEDDING_ORACLE,
  predictions: [
    {
      name: 'embeddings',
      formats: ['.npz', '.npy'],
      contents:
        'embeddings [n, d], labels [n] whole numbers, optional is_query [n] (1 query, 0 gallery); or query_embeddings, query_labels, gallery_embeddings, gallery_labels. A .npy holds embeddings alone.',
      example:
        'np.savez("cub.npz", embeddings=e, labels=y)\nnp.savez("inshop.npz", query_embeddings=q, query_labels=a, gallery_embeddings=g, gallery_labels=b)',
    },
  ],
  labels: [
    {
      name: 'labels',
      formats: ['.npy', '.npz', '.txt', '.csv'],
      contents: `One label an embedding, in its order: whole numbers (.npy; .npz with the names above), or texts, one a line or in a column "label". They go before labels in the predictions. Without any, ${OFFICIAL_SPLITS.map(({ order }) => order).join('; ')}.`,
      example: '101\n101\n102',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(CUB-200-2011, Cars-196 or labels sent along; clusters by the protocol’s own k-means)',
  datasets: OFFICIAL_SPLITS.map(({ labels }) => labels),
  ownLabels: true,
  score: async (context) => embeddingReport(await readEmbeddings(context), context),
};
