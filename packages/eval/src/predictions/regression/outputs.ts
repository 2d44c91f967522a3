/** The scores of the regression benchmarks and their rules. */
import type { MetricOutput } from '../../core/types.js';
import { meansOf, reweighing, weightedMean } from '../reweighing.js';
import type { Reweighing } from '../types.js';
import type { Gaussian } from './input.js';
import { absoluteErrors, coverages, gaussianLosses, rootMeanSquaredError, sharpness } from './scores.js';

export const LEVEL = 0.95;

const output = (key: string, title: string, unit: string, low: number, high: number): MetricOutput => ({
  key,
  title,
  direction: key.startsWith('coverage') ? 'higher' : 'lower',
  unit,
  range: [low, high],
  precision: 1e-4,
});

export const regressionOutputs: readonly MetricOutput[] = [
  output('rmse', 'Root mean squared error', 'unit of the target', 0, 1e12),
  output('mae', 'Mean absolute error', 'unit of the target', 0, 1e12),
  output('nll', 'Gaussian negative log-likelihood', 'nats', -1e6, 1e12),
  output(`coverage_at_${LEVEL}`, 'Coverage of the 95 % interval', 'fraction', 0, 1),
  output('sharpness', 'Root of the mean predicted variance', 'unit of the target', 0, 1e12),
];

export interface RegressionScores {
  readonly scores: Readonly<Record<string, number>>;
  /** By example; the root mean squared error and the sharpness do not decompose. */
  readonly outcomes: Readonly<Record<string, Float64Array>>;
  readonly reweigh: Reweighing;
}

/** Every score of one set of predictions; without deviations only those of the means. */
export function scoreRegression({ means, deviations }: Gaussian, targets: ArrayLike<number>): RegressionScores {
  const outcomes: Record<string, Float64Array> = { mae: absoluteErrors(means, targets) };
  const roots: Record<string, number> = { rmse: rootMeanSquaredError(means, targets) };
  if (deviations) {
    outcomes['nll'] = gaussianLosses(means, deviations, targets);
    outcomes[`coverage_at_${LEVEL}`] = coverages(means, deviations, targets, LEVEL);
    roots['sharpness'] = sharpness(deviations);
  }
  const reweigh = reweighing(targets.length, roots, () => {
    const squares = Float64Array.from(targets, (target, i) => (means[i]! - target) ** 2);
    const variances = deviations && Float64Array.from(deviations, (deviation) => deviation ** 2);
    return (weights) => ({
      rmse: Math.sqrt(weightedMean(squares, weights)),
      sharpness: variances && Math.sqrt(weightedMean(variances, weights)),
    });
  });
  return { scores: { ...roots, ...meansOf(outcomes) }, outcomes, reweigh };
}

export const NO_DEVIATIONS = `no standard deviations: nll, coverage_at_${LEVEL} and sharpness do not exist`;

export const regressionRules = `## Rules

\`nll\` is that of a Gaussian with the predicted mean and standard deviation, in nats; \`coverage_at_${LEVEL}\` the share of
targets within mean ± 1.95996 standard deviations, ends included (.95 is right, more is too wide); \`sharpness\` the root of
the mean predicted variance. Without standard deviations these three are absent. Everything is in the unit of the target.

## Known disagreements

Some papers call the mean standard deviation or the mean width of the interval sharpness. Log-likelihoods in the literature
have the other sign, and those of Monte-Carlo dropout are of a mixture of Gaussians, not of one Gaussian.
`;
