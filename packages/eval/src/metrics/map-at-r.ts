import type { MetricDefinition } from '../core/types.js';
import { meanOverQueries, neighbours } from './shared/neighbours.js';

export const definition: MetricDefinition = {
  key: 'map-at-r',
  version: 1,
  title: 'MAP@R and R-precision',
  description:
    'For a query whose class has R other items: MAP@R = (1/R) Σ_{i=1…R} P(i)·rel(i), P(i) the precision among the first i, rel(i) = 1 when the i-th nearest is of its class ' +
    '(Musgrave, Belongie and Lim 2020, "A Metric Learning Reality Check", equation 2: the mean over queries, not over classes). R-precision is the fraction of relevant items among the first R. ' +
    'Every item is a query against all others, itself left out. Cosine similarity of L2-normalised embeddings, multiplied in float64 and rounded to float32; ' +
    'equal values stand in ascending order of the item. Items whose class has no other item are left out of the mean (their outcome is NaN). A zero vector has similarity 0 to everything. ' +
    'An empty input, or one without a class of two items, is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`). With a single class both are 1.',
  inputs: 'embeddings',
  params: {},
  outputs: [
    { key: 'map_at_r', title: 'MAP@R', direction: 'higher', unit: 'fraction', range: [0, 1], precision: 1e-4 },
    { key: 'r_precision', title: 'R-precision', direction: 'higher', unit: 'fraction', range: [0, 1], precision: 1e-4 },
  ],
  resampling: 'query',
  compute(inputs) {
    const found = neighbours(inputs);
    return {
      scores: {
        map_at_r: meanOverQueries(found.averagePrecision, found),
        r_precision: meanOverQueries(found.rPrecision, found),
      },
      outcomes: { map_at_r: found.averagePrecision, r_precision: found.rPrecision },
    };
  },
};
