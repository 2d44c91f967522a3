import type { Contingency } from '../clustering/contingency.js';
import { adjustedRandIndex, contingency, normalisedMutualInformation } from '../clustering/contingency.js';
import { numberInOrder, readClusters } from '../clustering/input.js';
import { matchedItems } from '../clustering/matching.js';
import { matchedShares, rematches, weightedAgreement } from '../clustering/weighted.js';
import { malformed } from '../errors.js';
import { meansOf, reweighing } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const output = (key: string, title: string, low = 0) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [low, 1] as const,
  precision: 1e-4,
});

const TRUTHS: Readonly<Record<string, number>> = { '0': 0, '1': 1, true: 1, false: 0 };

export const definition: PredictionProtocol = {
  key: 'category-discovery',
  version: 1,
  title: 'Generalised category discovery',
  summary: 'Accuracy over all, old and new classes by one Hungarian assignment of the unlabelled items, NMI and ARI.',
  page: `# Generalised category discovery

The unlabelled items, of old classes (seen with labels in training) and new ones, are clustered together. Clusters and classes
are matched one to one, *once, over all items*, so that most agree (linear sum assignment). \`acc_all\`, \`acc_old\` and
\`acc_new\` are the shares that agree under that one matching among all items, those of old and those of new classes (Vaze et al. 2022,
version 2 of their evaluation). Old or new is a property of the class; a class with both marks is refused. \`acc_old\` and
\`acc_new\` are absent where there is no such item.

Several matchings can be best over all items and still differ in \`acc_old\`; a warning cannot tell, so the matching is a
fixed function of the counts: that of SciPy's \`linear_sum_assignment\`, clusters and classes in ascending order, for tables
of up to 1,024². \`nmi\` has the arithmetic mean of the entropies; \`ari\` is Hubert and Arabie's.

Intervals draw items and match each drawing anew; above 65,536 pairs of cluster and class they keep the one matching, which makes
those of the accuracies a little too narrow.

## Known disagreements

Version 1 of the same evaluation matches old and new items apart, which gives larger numbers; so do papers on novel category
discovery that match the new classes alone.
`,
  primary: 'acc_all',
  outputs: [
    output('acc_all', 'Accuracy, all classes'),
    output('acc_old', 'Accuracy, old classes'),
    output('acc_new', 'Accuracy, new classes'),
    output('nmi', 'NMI (arithmetic)'),
    output('ari', 'Adjusted Rand index', -1),
  ],
  resampling: 'image',
  oracle: { tool: 'SciPy linear_sum_assignment, scikit-learn', version: '1.10.1, 1.2.1' },
  predictions: [
    {
      name: 'clusters',
      formats: ['.csv', '.tsv', '.npz'],
      contents:
        'One row an unlabelled item: cluster, and label and old (1 for an item of an old class, else 0) unless --labels has them. In a .npz whole numbers [n]: clusters, labels, old.',
      example: 'cluster,label,old\n3,12,1\n3,12,1\n7,101,0',
    },
  ],
  labels: [
    {
      name: 'labels',
      formats: ['.csv', '.tsv', '.npz'],
      contents: 'One row an item, in the same order: label, old.',
      example: 'label,old\n12,1\n12,1\n101,0',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(labels come with the predictions)',
  datasets: [],
  async score(context) {
    const { clusters, truth } = await readClusters(context, ['label', 'old'], ['label', 'old']);
    const given = truth.columns.get('label')!;
    const labels = numberInOrder(given);
    const old = truth.columns.get('old')!.map((value, i) => {
      const flag = TRUTHS[String(value).toLowerCase()];
      if (flag === undefined) throw malformed(truth.file, {}, `old = ${value} of item ${i + 1}`, '0 or 1');
      return flag;
    });
    const oldClass = new Map<number, number>();
    labels.forEach((label, i) => {
      const known = oldClass.get(label) ?? old[i]!;
      if (known !== old[i]) throw malformed(truth.file, {}, `class ${given[i]} both old and new`, 'one of them');
      oldClass.set(label, known);
    });

    const table = contingency(clusters, labels);
    context.progress(1, 2, 'table of clusters and classes');
    const right = matchedItems(table, clusters, labels);
    context.progress(2, 2, 'matching');
    const part = (flag: number): Float64Array => right.map((value, i) => (old[i] === flag ? value : NaN));
    const outcomes = { acc_all: right, acc_old: part(1), acc_new: part(0) };
    const shares = meansOf(outcomes);
    const warnings = Object.keys(outcomes)
      .filter((key) => shares[key] === undefined)
      .map((key) => `${key} is absent: there is no such item`);
    const agreement = (of: Contingency): Record<string, number> => ({
      nmi: normalisedMutualInformation(of, 'arithmetic'),
      ari: adjustedRandIndex(of),
    });
    const found = agreement(table);
    const parts = {
      acc_all: () => true,
      acc_old: (label: number) => oldClass.get(label) === 1,
      acc_new: (label: number) => oldClass.get(label) === 0,
    };
    const anew = rematches(table);
    const oldItems = old.filter((flag) => flag === 1).length;
    return {
      scores: { ...shares, ...found },
      counts: {
        items: table.n,
        'old items': oldItems,
        'new items': table.n - oldItems,
        clusters: table.rows.length,
        classes: table.columns.length,
      },
      warnings,
      outcomes: Object.fromEntries(Object.entries(outcomes).filter(([key]) => key in shares)),
      groups: Array.from(given, String),
      reweigh: reweighing(
        table.n,
        anew ? { ...shares, ...found } : found,
        weightedAgreement(clusters, labels, (each) => ({
          ...(anew ? matchedShares(each, parts) : {}),
          ...agreement(each),
        })),
      ),
    };
  },
};
