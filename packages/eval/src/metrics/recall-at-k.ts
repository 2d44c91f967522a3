import type { MetricDefinition } from '../core/types.js';
import { meanOverQueries, neighbours } from './shared/neighbours.js';

const KS = [1, 2, 4, 8] as const;

export const definition: MetricDefinition = {
  key: 'recall-at-k',
  version: 1,
  title: 'Recall@K',
  description:
    'Fraction of queries with at least one item of their own class among their K nearest, K = 1, 2, 4, 8 (the metric-learning definition). ' +
    'Every item is a query against all others, itself left out. Cosine similarity of L2-normalised embeddings, multiplied in float64 and rounded to float32; ' +
    'equal values stand in ascending order of the item. With fewer than K other items all of them count. Items whose class has no other item are left out of the mean ' +
    '(their outcome is NaN). A zero vector has similarity 0 to everything. An empty input, or one without a class of two items, is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`). ' +
    'With a single class the value is 1.',
  inputs: 'embeddings',
  params: { k: KS },
  outputs: KS.map((k) => ({
    key: `recall_at_${k}`,
    title: `Recall@${k}`,
    direction: 'higher' as const,
    unit: 'fraction',
    range: [0, 1] as const,
    precision: 1e-4,
  })),
  resampling: 'query',
  compute(inputs) {
    const found = neighbours(inputs);
    const scores: Record<string, number> = {};
    const outcomes: Record<string, Float64Array> = {};
    for (const k of KS) {
      const hits = Float64Array.from(found.firstHit, (rank, i) =>
        found.relevant[i] === 0 ? NaN : rank > 0 && rank <= k ? 1 : 0,
      );
      scores[`recall_at_${k}`] = meanOverQueries(hits, found);
      outcomes[`recall_at_${k}`] = hits;
    }
    return { scores, outcomes };
  },
};
