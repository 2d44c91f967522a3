/** Every fairness score of one set of decisions. */
import type { MetricOutput } from '../../core/types.js';
import { meanOf } from '../../metrics/shared/classification.js';
import { reweighing } from '../reweighing.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { RACES } from './compas.js';
import type { Sample } from './distance-covariance.js';
import { concatenated, dependence, jdcov2U, scalars, uf } from './distance-covariance.js';
import type { Decisions } from './input.js';
import type { Grouped, GroupRates } from './rates.js';
import { grouped, groupRates, oddsGap, parityGap } from './rates.js';

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
  const byGroup = grouped(groups);
  const correct = Float64Array.from(labels, (label, i) => Number(label === given.decisions[i]));
  const counts: Record<string, number> = { examples: given.n, groups: byGroup.names.length };
  for (const { group, n } of groupRates(given.decisions, labels, byGroup)) counts[`examples_${slug(group)}`] = n;
  const warnings: string[] = [];
  const scores: Record<string, number> = { accuracy: meanOf(correct) };
  const put = (key: string, value: number | undefined, why: string): void => {
    if (value === undefined) warnings.push(`${key} does not exist: ${why}`);
    else scores[key] = value;
  };
  const weighted = (weights: Uint8Array | null): Record<string, number | undefined> => ({
    ...ratesByKey(groupRates(given.decisions, labels, byGroup, weights), byGroup.names, compared),
    uf: weights ? weightedUf(given.scores, byGroup, weights) : uf(given.scores, groups),
  });
  for (const [key, value] of Object.entries(weighted(null))) put(key, value, reasonOf(key));
  const { accuracy: _, ...reweighed } = scores;
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
  return {
    scores,
    counts,
    warnings,
    outcomes: { accuracy: correct },
    ...(given.ids ? { units: given.ids } : {}),
    groups,
    reweigh: reweighing(given.n, reweighed, () => weighted),
  };
}

/** Rates of every group of `names`, and the gaps, by key; undefined for what does not exist. */
function ratesByKey(
  rates: readonly GroupRates[],
  names: readonly string[],
  compared: readonly string[] | undefined,
): Record<string, number | undefined> {
  const found: Record<string, number | undefined> = {};
  for (const name of names) {
    const of = rates.find(({ group }) => group === name);
    found[`fpr_${slug(name)}`] = of?.falsePositive;
    found[`fnr_${slug(name)}`] = of?.falseNegative;
    found[`selection_rate_${slug(name)}`] = of?.selection;
    found[`accuracy_${slug(name)}`] = of?.accuracy;
  }
  const pair = compared ? rates.filter(({ group }) => compared.includes(group)) : rates;
  found['demographic_parity_gap'] = parityGap(pair);
  found['equalised_odds_gap'] = oddsGap(pair);
  if (!compared) return found;
  found['demographic_parity_gap_all_groups'] = parityGap(rates);
  found['equalised_odds_gap_all_groups'] = oddsGap(rates);
  return found;
}

function reasonOf(key: string): string {
  if (key === 'uf') return 'one group, or constant predictions';
  if (key.startsWith('fpr_')) return 'the group has no negatives';
  if (key.startsWith('fnr_')) return 'the group has no positives';
  return 'fewer than two groups, or one without positives or negatives';
}

/** `uf` where each example counts so many times; groups without weight are none. */
function weightedUf(values: Float64Array, { names, of }: Grouped, weights: Uint8Array): number | undefined {
  const [sums, sizes] = [new Float64Array(names.length), new Float64Array(names.length)];
  values.forEach((value, i) => {
    sums[of[i]!]! += weights[i]! * value;
    sizes[of[i]!]! += weights[i]!;
  });
  const n = sizes.reduce((a, b) => a + b, 0);
  const means = Array.from(sums, (sum, g) => sum / sizes[g]!).filter((_, g) => sizes[g]! > 0);
  if (means.length < 2 || n < 2) return undefined;
  const mean = sums.reduce((a, b) => a + b, 0) / n;
  const all = values.reduce((sum, value, i) => sum + weights[i]! * (value - mean) ** 2, 0) / (n - 1);
  const middle = means.reduce((a, b) => a + b, 0) / means.length;
  const between = means.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (means.length - 1);
  return all > 0 ? between / all : undefined;
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
