/** Every fairness score of one set of decisions. */
import type { MetricOutput } from '../../core/types.js';
import { meanOf } from '../../metrics/shared/classification.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { RACES } from './compas.js';
import type { Sample } from './distance-covariance.js';
import { concatenated, dependence, jdcov2U, scalars, uf } from './distance-covariance.js';
import type { Decisions } from './input.js';
import { groupRates, oddsGap, parityGap } from './rates.js';

/** Beyond it the quadratic distances would take minutes. */
const MOST_FOR_DISTANCES = 20_000;

export interface Judged {
  /** 0 or 1, in the order of the decisions. */
  readonly labels: Uint8Array;
  readonly groups: readonly string[];
  /** Protected attributes for the distances, in the same order. */
  readonly attributes: readonly Sample[];
  /** Groups that the unsuffixed gaps compare; every group where absent. */
  readonly compared?: readonly string[];
}

/** `African-American` as in `fpr_african_american`. */
export const slug = (group: string): string =>
  group
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');

/** One-hot columns, in ascending order of the names. */
export function oneHot(groups: readonly string[]): Sample {
  const names = [...new Set(groups)].sort();
  const positions = new Map(names.map((name, i) => [name, i]));
  const values = new Float64Array(groups.length * names.length);
  groups.forEach((group, i) => (values[i * names.length + positions.get(group)!] = 1));
  return { values, width: names.length };
}

export function scoreFairness(given: Decisions, judged: Judged, progress: ScoreContext['progress']): ScoreReport {
  const { labels, groups, attributes, compared } = judged;
  const rates = groupRates(given.decisions, labels, groups);
  const correct = Float64Array.from(labels, (label, i) => Number(label === given.decisions[i]));
  const scores: Record<string, number> = { accuracy: meanOf(correct) };
  const counts: Record<string, number> = { examples: given.n, groups: rates.length };
  const warnings: string[] = [];
  const put = (key: string, value: number | undefined, why: string): void => {
    if (value === undefined) warnings.push(`${key} does not exist: ${why}`);
    else scores[key] = value;
  };
  for (const { group, n, falsePositive, falseNegative, selection, accuracy } of rates) {
    const name = slug(group);
    put(`fpr_${name}`, falsePositive, 'the group has no negatives');
    put(`fnr_${name}`, falseNegative, 'the group has no positives');
    scores[`selection_rate_${name}`] = selection;
    scores[`accuracy_${name}`] = accuracy;
    counts[`examples_${name}`] = n;
  }
  const pair = compared ? rates.filter(({ group }) => compared.includes(group)) : rates;
  const few = 'fewer than two groups, or one without positives or negatives';
  put('demographic_parity_gap', parityGap(pair), few);
  put('equalised_odds_gap', oddsGap(pair), few);
  if (compared) {
    put('demographic_parity_gap_all_groups', parityGap(rates), few);
    put('equalised_odds_gap_all_groups', oddsGap(rates), few);
  }
  put('uf', uf(given.scores, groups), 'one group, or constant predictions');
  if (given.n < 4 || given.n > MOST_FOR_DISTANCES)
    warnings.push(`distance covariances need 4 to ${MOST_FOR_DISTANCES} examples; found ${given.n}`);
  else {
    const prediction = scalars(given.scores);
    const told = (phase: number) => (done: number, total: number) =>
      progress(phase * total + done, 2 * total, 'distances');
    const { covariance, correlation } = dependence(prediction, concatenated(attributes), told(0));
    put('distance_correlation', correlation, 'constant predictions or attributes');
    scores['ccdcov2'] = covariance;
    scores['jdcov2'] = jdcov2U(prediction, attributes, 1, told(1));
  }
  progress(1, 1, 'done');
  return { scores, counts, warnings, outcomes: { accuracy: correct }, ...(given.ids ? { units: given.ids } : {}) };
}

const output = (key: string, title: string, direction: 'higher' | 'lower' = 'lower', low = 0): MetricOutput => ({
  key,
  title,
  direction,
  unit: 'fraction',
  range: [low, 1],
  precision: 1e-4,
});

const covariance = (key: string, title: string): MetricOutput => ({
  ...output(key, title),
  unit: 'squared covariance',
  range: [-1e3, 1e3],
  precision: 1e-6,
});

export const fairnessOutputs: readonly MetricOutput[] = [
  output('accuracy', 'Accuracy', 'higher'),
  output('demographic_parity_gap', 'Demographic parity gap'),
  output('equalised_odds_gap', 'Equalised odds gap'),
  output('demographic_parity_gap_all_groups', 'Demographic parity gap over all groups'),
  output('equalised_odds_gap_all_groups', 'Equalised odds gap over all groups'),
  output('distance_correlation', 'Distance correlation with the protected attributes', 'lower', -1),
  covariance('ccdcov2', 'CCdCov²: concatenated distance covariance'),
  covariance('jdcov2', 'JdCov²: joint distance covariance'),
  { ...output('uf', 'Variance of group means over variance of predictions'), range: [0, 1e6] },
  ...RACES.flatMap((race) => [
    output(`fpr_${slug(race)}`, `False-positive rate, ${race}`),
    output(`fnr_${slug(race)}`, `False-negative rate, ${race}`),
    output(`selection_rate_${slug(race)}`, `Selection rate, ${race}`),
    output(`accuracy_${slug(race)}`, `Accuracy, ${race}`, 'higher'),
  ]),
];
