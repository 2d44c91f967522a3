/** What every board of embeddings reports: retrieval of the class by cosine, and agreement of clusters with classes. */
import type { MetricOutput } from '../../core/types.js';
import type { Contingency } from '../clustering/contingency.js';
import { adjustedMutualInformation, contingency, normalisedMutualInformation } from '../clustering/contingency.js';
import { kMeans } from '../clustering/k-means.js';
import { weightedAgreement } from '../clustering/weighted.js';
import { malformed } from '../errors.js';
import { meansOf, reweighing } from '../reweighing.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { numberClasses } from './arrays.js';
import type { Embeddings } from './engine.js';
import { unitRows } from './engine.js';
import { nearest } from './nearest.js';

const KS = [1, 2, 4, 8, 10, 20, 30, 40, 100, 1000] as const;
/** Given even where there are fewer others; the rest only where they can miss. */
const ALWAYS = 8;

/** Queries and gallery in one matrix; `isQuery` only where queries and gallery are apart. */
export interface EmbeddingSet {
  readonly embeddings: Embeddings;
  readonly labels: readonly (number | string)[];
  readonly isQuery: readonly boolean[] | undefined;
}

const score = (key: string, title: string, low = 0) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [low, 1] as const,
  precision: 1e-4,
});

export const EMBEDDING_OUTPUTS: readonly MetricOutput[] = [
  ...KS.map((k) => score(`recall_at_${k}`, `Recall@${k}`)),
  score('map_at_r', 'MAP@R'),
  score('r_precision', 'R-precision'),
  score('nmi', 'NMI (arithmetic)'),
  score('ami', 'AMI', -1),
];

export const EMBEDDING_ORACLE = {
  tool: 'scikit-learn (NMI, AMI), NumPy (rankings)',
  version: '1.2.1, 1.24.2',
} as const;

/** The rules, for pages. */
export const EMBEDDING_RULES = `**Order.** Embeddings are read as float32. Similarity is the cosine: rows divided by their L2 norm and multiplied in
float64 in the order of the dimensions, the sum rounded to float32. Equal similarities stand in ascending order of the
position in the file. A zero row has similarity 0 to everything.

**Self-matches.** Without a query/gallery split every item is a query among all others, itself left out by its position
(a duplicate of it stays). With a split (In-Shop: 14,218 queries, 12,612 gallery) nothing is left out.

**Recall@K** (\`recall_at_k\`): share of queries with at least one item of their class among the first K. CUB and Cars use
1, 2, 4, 8; SOP 1, 10, 100, 1000; In-Shop 1, 10, 20, 30, 40. A K above 8 that is not below the number of other items
would always be 1 and is left out. **MAP@R**: for a query with R relevant items (1/R)·Σ over the first R ranks of
precision(i)·relevant(i), mean over queries (Musgrave, Belongie and Lim 2020). **R-precision**: relevant share of the
first R. Queries without a relevant item count nowhere; a warning says how many.

**NMI and AMI**: of the classes and a k-means clustering of all L2-normalised embeddings (queries and gallery together),
k = the number of classes. NMI = I/((H(cluster) + H(class))/2), the *arithmetic* mean of the entropies; AMI corrects for
chance under the hypergeometric model, with the same mean. k-means is one run of Lloyd's algorithm (Philox,
seed 0): first centres by k-means++ for up to 1,000 classes, for more k items drawn without replacement (as faiss does); at
most 25 rounds; empty clusters take the items farthest from their centres. float32
products with fixed order, float64 means: the same result on any machine and any number of threads. Labels with a single
item a class, or a single class, have NMI and AMI too, but they say little. Their intervals draw items and keep the clusters.

## Known disagreements

- "mAP@R" also names the mean over *classes*, and mAP over the whole ranking; both differ from MAP@R.
- Tools that rank by float32 distances break near-ties by rounding; here they are decided in float64.
- Tools that find the query among its own neighbours and drop the *first* neighbour instead drop a duplicate at times.
- NMI with the geometric mean is larger or equal. Other starts or several restarts of k-means give another NMI and AMI, by a
  hundredth at times; papers use those of Matlab, faiss or scikit-learn, mostly without saying which.
`;

/** The rows and labels of the given positions. */
function subset({ n, width, data }: Embeddings, labels: Int32Array, keep: (i: number) => boolean) {
  const positions = Array.from({ length: n }, (_, i) => i).filter(keep);
  const values = new Float32Array(positions.length * width);
  positions.forEach((from, to) => {
    for (let k = 0; k < width; k++) values[to * width + k] = data[from * width + k]!;
  });
  return {
    rows: unitRows({ n: positions.length, width, data: values }),
    labels: Int32Array.from(positions, (i) => labels[i]!),
  };
}

/** Scores, counts and outcomes by query. Throws FILE_MALFORMED where there is no query or no gallery. */
export async function embeddingReport(
  { embeddings, labels, isQuery }: EmbeddingSet,
  context: Pick<ScoreContext, 'progress'>,
): Promise<ScoreReport> {
  const { classes, numbered } = numberClasses(labels);
  const classOf = numbered[0]!;
  const all = { rows: unitRows(embeddings), labels: classOf };
  const queries = isQuery ? subset(embeddings, classOf, (i) => isQuery[i]!) : all;
  const gallery = isQuery ? subset(embeddings, classOf, (i) => !isQuery[i]!) : undefined;
  if (queries.rows.n === 0 || gallery?.rows.n === 0)
    throw malformed('is_query', {}, `${queries.rows.n} queries of ${embeddings.n}`, 'queries and a gallery');
  const found = await nearest(queries, gallery, classes, (done, total) =>
    context.progress(done, total, 'queries ranked'),
  );
  const clusters = await kMeans(all.rows, classes, (done, total) => context.progress(done, total, 'k-means rounds'));

  const counted = found.relevant.reduce((sum, r) => sum + Number(r > 0), 0);
  const others = gallery ? gallery.rows.n : embeddings.n - 1;
  const ks = KS.filter((k) => k <= ALWAYS || k < others);
  const outcomes: Record<string, Float64Array> = {};
  for (const k of ks)
    outcomes[`recall_at_${k}`] = Float64Array.from(found.firstHit, (rank) => (rank === 0 ? NaN : Number(rank <= k)));
  outcomes['map_at_r'] = found.averagePrecision;
  outcomes['r_precision'] = found.rPrecision;
  const table = contingency(clusters, classOf);
  const warnings: string[] = [];
  if (ks.length < KS.length)
    warnings.push(`recall_at_${KS.filter((k) => !ks.includes(k)).join(', ')} left out: only ${others} items to rank`);
  if (counted < queries.rows.n)
    warnings.push(`${queries.rows.n - counted} queries have no other item of their class and count nowhere`);
  const agreement = (of: Contingency) => ({
    nmi: normalisedMutualInformation(of, 'arithmetic'),
    ami: adjustedMutualInformation(of),
  });
  const agreed = agreement(table);
  const groups = labels.filter((_, i) => !isQuery || isQuery[i]!).map(String);
  return {
    scores: { ...meansOf(outcomes), ...agreed },
    counts: {
      items: embeddings.n,
      queries: queries.rows.n,
      'queries counted': counted,
      ...(gallery ? { gallery: gallery.rows.n } : {}),
      classes,
      dimensions: embeddings.width,
    },
    warnings,
    outcomes,
    groups,
    // Queries of one class have the same right answers.
    clusters: groups,
    reweigh: reweighing(embeddings.n, agreed, weightedAgreement(clusters, classOf, agreement)),
  };
}
