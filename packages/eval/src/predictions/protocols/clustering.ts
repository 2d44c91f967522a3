import { numberClasses } from '../embeddings/arrays.js';
import { contingency } from '../clustering/contingency.js';
import { readClusters } from '../clustering/input.js';
import { matchedItems } from '../clustering/matching.js';
import { agreements, matchedShares, rematches, weightedAgreement } from '../clustering/weighted.js';
import { countedMean, reweighing } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const output = (key: string, title: string, low = 0) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [low, 1] as const,
  precision: 1e-4,
});

export const definition: PredictionProtocol = {
  key: 'clustering',
  version: 1,
  title: 'Clustering against classes',
  summary: 'Hungarian accuracy, NMI, ARI and AMI of cluster assignments.',
  page: `# Clustering

\`acc\`: share of items that agree under the one-to-one matching of clusters and classes that makes it greatest (linear sum
assignment on the whole table; with unequal numbers the rest of clusters or classes goes without). Several matchings can be
best; the accuracy is the same, the per-item outcomes may not be. Intervals draw items and match each drawing anew; above 65,536
pairs of cluster and class they keep the one matching, which makes them a little too narrow.

\`nmi\` = \`nmi_arithmetic\` = I/((H(cluster) + H(class))/2); \`nmi_geometric\` = I/√(H(cluster)·H(class)). \`ami\`: adjusted
for chance (hypergeometric), arithmetic mean. \`ari\`: Hubert and Arabie's adjusted Rand index. Where both labellings are one
group all are 1; where only one of them is, mutual information is 0 and so are NMI, AMI and ARI.

Every value of cluster is a cluster, −1 for noise included.

## Known disagreements

scikit-learn took the geometric mean for NMI before 0.22 and the arithmetic one since; most deep clustering papers follow
whichever they had. "Purity" and many-to-one accuracies are never smaller than \`acc\`.
`,
  primary: 'acc',
  outputs: [
    output('acc', 'Accuracy (Hungarian)'),
    output('nmi', 'NMI (arithmetic)'),
    output('nmi_arithmetic', 'NMI (arithmetic)'),
    output('nmi_geometric', 'NMI (geometric)'),
    output('ari', 'Adjusted Rand index', -1),
    output('ami', 'AMI (arithmetic)', -1),
  ],
  resampling: 'image',
  oracle: { tool: 'scikit-learn, SciPy linear_sum_assignment', version: '1.2.1, 1.10.1' },
  predictions: [
    {
      name: 'clusters',
      formats: ['.csv', '.tsv', '.npz'],
      contents:
        'One row an item: cluster, and label unless --labels has it; whole numbers or names. In a .npz whole numbers [n], clusters and labels.',
      example: 'cluster,label\n3,cat\n3,cat\n0,dog',
    },
  ],
  labels: [
    {
      name: 'labels',
      formats: ['.csv', '.tsv', '.npz'],
      contents: 'One row an item, in the same order: label.',
      example: 'label\ncat\ncat\ndog',
      optional: true,
    },
  ],
  datasets: [],
  async score(context) {
    const { clusters, truth } = await readClusters(context, ['label'], ['label']);
    const given = truth.columns.get('label')!;
    const labels = numberClasses(given).numbered[0]!;
    const table = contingency(clusters, labels);
    context.progress(1, 3, 'table of clusters and classes');
    const acc = matchedItems(table, clusters, labels);
    context.progress(2, 3, 'matching');
    const scores = { acc: countedMean(acc), ...agreements(table) };
    context.progress(3, 3, 'measures');
    const { acc: share, ...rest } = scores;
    const anew = rematches(table);
    return {
      scores,
      counts: { items: table.n, clusters: table.rows.length, classes: table.columns.length },
      warnings: [],
      outcomes: { acc },
      groups: Array.from(given, String),
      reweigh: reweighing(
        table.n,
        anew ? { acc: share, ...rest } : rest,
        weightedAgreement(clusters, labels, (each) => ({
          ...(anew ? matchedShares(each, { acc: () => true }) : {}),
          ...agreements(each),
        })),
      ),
    };
  },
};
