/** Score keys of measures of the first k. */
import type { MetricOutput } from '../../core/types.js';

/** `{kind}_at_{k}` for every kind and k, fractions of 1 of which more is better; `titles` by kind, e.g. `Recall`. */
export const atKOutputs = (titles: Readonly<Record<string, string>>, ks: readonly number[]): MetricOutput[] =>
  Object.entries(titles).flatMap(([kind, title]) =>
    ks.map((k) => ({
      key: `${kind}_at_${k}`,
      title: `${title}@${k}`,
      direction: 'higher',
      unit: 'fraction',
      range: [0, 1],
      precision: 1e-4,
    })),
  );
