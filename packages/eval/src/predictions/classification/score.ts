/** Every score of one set of classifications. */
import type { MetricOutput } from '../../core/types.js';
import { areaUnderRiskCoverage, smallestArea } from '../../metrics/aurc.js';
import { definition as brier } from '../../metrics/brier.js';
import { definition as ece } from '../../metrics/ece.js';
import { definition as nll } from '../../metrics/negative-log-likelihood.js';
import { meanOf, positionOf, predictedClass } from '../../metrics/shared/classification.js';
import { malformed } from '../errors.js';
import { joined, meansOf, reweighing } from '../reweighing.js';
import type { Reweighing } from '../types.js';
import { matchRows } from './align.js';
import type { Coded } from './align.js';
import { adaptiveCalibrationError } from './calibration.js';
import { classScores } from './confusion.js';
import type { Predictions, SoftLabels } from './input.js';
import { classAreas } from './ranking.js';
import { logSumExp, softScores } from './soft.js';
import { weightedAreas, weightedRisks } from './weighted.js';

const BINS = 15;
const TOP = 5;
/** Probabilities beyond which areas under curves have no interval: a thousand rankings of them would take minutes. */
const MOST_RANKED = 2 ** 23;

export interface Part {
  readonly scores: Record<string, number>;
  readonly outcomes: Record<string, Float64Array>;
  readonly warnings: string[];
  readonly reweigh?: Reweighing | undefined;
  /** Class of each example. */
  readonly groups?: readonly string[];
}

type Progress = (done: number, total: number, what: string) => void;

const fraction = (key: string, title: string, direction: 'higher' | 'lower' = 'higher', low = 0): MetricOutput => ({
  key,
  title,
  direction,
  unit: 'fraction',
  range: [low, 1],
  precision: 1e-4,
});

const nats = (key: string, title: string): MetricOutput => ({
  key,
  title,
  direction: 'lower',
  unit: 'nats',
  range: [0, 1e6],
  precision: 1e-4,
});

/** Against one class an example. */
export const hardOutputs: readonly MetricOutput[] = [
  fraction('accuracy', 'Accuracy'),
  fraction('top_5_accuracy', 'Top-5 accuracy'),
  nats('nll', 'Negative log-likelihood'),
  { ...fraction('brier', 'Brier score', 'lower'), range: [0, 2] },
  fraction('ece', 'Expected calibration error, 15 equal bins', 'lower'),
  fraction('adaptive_ece', 'Expected calibration error, 15 bins of equal counts', 'lower'),
  { ...fraction('aurc', 'Area under risk-coverage', 'lower'), precision: 1e-5 },
  { ...fraction('e_aurc', 'Excess AURC', 'lower'), precision: 1e-5 },
  fraction('f1_macro', 'F1, macro'),
  fraction('f1_micro', 'F1, micro'),
  fraction('balanced_accuracy', 'Balanced accuracy'),
  fraction('mcc', 'Matthews correlation', 'higher', -1),
  fraction('roc_auc', 'Area under the ROC curve'),
  fraction('pr_auc', 'Area under precision-recall (average precision)'),
];

/** Against a distribution an example. */
export const softOutputs: readonly MetricOutput[] = [
  nats('cross_entropy', 'Cross-entropy against label distributions'),
  nats('kl_divergence', 'KL divergence from label distributions'),
  fraction('top_1_agreement', 'Agreement with the most chosen class'),
];

/** Predicted class of each example; of equal scores the first. */
export function predictedClasses({ scores, classes, n }: Predictions, coded?: Int32Array): Int32Array {
  return coded ?? Int32Array.from({ length: n }, (_, i) => predictedClass(scores!, classes!, i));
}

/** Scores against classes. Keys that need probabilities are absent for bare predicted classes, with a warning. */
export function scoreHard(predictions: Predictions, coded: Coded, progress: Progress): Part {
  const { labels, classes } = coded;
  const predicted = predictedClasses(predictions, coded.predicted);
  const correct = Float64Array.from(predicted, (each, i) => Number(each === labels[i]));
  const byClass = (weights: Uint8Array | null): Record<string, number> => {
    const { f1Macro, balancedAccuracy, mcc } = classScores(labels, predicted, classes, weights);
    return { f1_macro: f1Macro, balanced_accuracy: balancedAccuracy, ...(mcc === undefined ? {} : { mcc }) };
  };
  const measured = byClass(null);
  const scores: Record<string, number> = { accuracy: meanOf(correct), f1_micro: meanOf(correct), ...measured };
  const outcomes: Record<string, Float64Array> = { accuracy: correct, f1_micro: correct };
  const warnings: string[] = [];
  if (measured['mcc'] === undefined) warnings.push('every label is of one class: mcc does not exist');
  const reweigh = reweighing(predictions.n, measured, () => byClass);
  const groups = Array.from(labels, (label) => coded.names?.[label] ?? String(label));
  if (predictions.kind === 'classes') {
    warnings.push('predicted classes alone: scores that need probabilities do not exist');
    return { scores, outcomes, warnings, reweigh, groups };
  }
  const part = scoreProbabilities(predictions, labels, predicted, progress);
  return {
    scores: { ...scores, ...part.scores },
    outcomes: { ...outcomes, ...part.outcomes },
    warnings: [...warnings, ...part.warnings],
    reweigh: joined([reweigh, part.reweigh]),
    groups,
  };
}

function scoreProbabilities(
  { n, classes: width = 0, kind, scores: raw, probabilities = new Float64Array() }: Predictions,
  labels: Int32Array,
  predicted: Int32Array,
  progress: Progress,
): Part {
  const inputs = { probabilities, labels, n, width };
  const phases = width + 4;
  const warnings: string[] = [];
  const [brierResult, eceResult] = [brier.compute(inputs), ece.compute(inputs)];
  progress(1, phases, 'calibration');
  const losses =
    kind === 'logits'
      ? Float64Array.from(labels, (label, i) => logSumExp(raw!, i * width, width) - raw![i * width + label]!)
      : nll.compute(inputs).outcomes['nll']!;
  const top = Float64Array.from(labels, (label, i) => Number(positionOf(raw!, width, i, label) < TOP));
  progress(2, phases, 'likelihood');
  const confidences = Float64Array.from(predicted, (each, i) => probabilities[i * width + each]!);
  const errors = Uint8Array.from(predicted, (each, i) => Number(each !== labels[i]));
  const wrong = errors.reduce((sum, each) => sum + each, 0);
  const aurc = areaUnderRiskCoverage(confidences, errors);
  const adaptive = adaptiveCalibrationError(
    confidences,
    errors.map((error) => 1 - error),
    BINS,
  );
  progress(3, phases, 'risk and coverage');
  const areas = classAreas(probabilities, labels, width, (done) => progress(3 + done, phases, 'ranking by class'));
  const risks = {
    ece: eceResult.scores['ece']!,
    adaptive_ece: adaptive,
    aurc,
    // Rounding may leave a perfect ranking a few 1e-17 below zero.
    e_aurc: Math.max(0, aurc - smallestArea(n, wrong)),
  };
  const ranked: Record<string, number> = {};
  if (areas.roc === undefined) warnings.push('every label is of one class: roc_auc does not exist');
  else ranked['roc_auc'] = areas.roc;
  if (areas.precisionRecall === undefined) warnings.push('no label of class 1: pr_auc does not exist');
  else ranked['pr_auc'] = areas.precisionRecall;
  if (width > 2 && areas.counted < width)
    warnings.push(
      `roc_auc and pr_auc are means over the ${areas.counted} of ${width} classes that occur among the labels`,
    );
  progress(phases, phases, 'done');
  const outcomes = { top_5_accuracy: top, nll: losses, brier: brierResult.outcomes['brier']! };
  return {
    scores: { ...meansOf(outcomes), ...risks, ...ranked },
    outcomes,
    warnings,
    reweigh: joined([
      reweighing(n, risks, () => weightedRisks(confidences, errors, BINS)),
      n * width > MOST_RANKED ? undefined : reweighing(n, ranked, () => weightedAreas(probabilities, labels, width)),
    ]),
  };
}

/** Scores against distributions. Throws FILE_MALFORMED for another number of examples or classes, and for bare classes. */
export function scoreSoft(predictions: Predictions, soft: SoftLabels): Part {
  const { kind, classes, name, probabilities, scores: raw } = predictions;
  if (kind === 'classes')
    return {
      scores: {},
      outcomes: {},
      warnings: ['predicted classes alone: scores against distributions do not exist'],
    };
  if (classes !== soft.classes) throw malformed(name, {}, `${classes} classes`, `${soft.classes}, as in ${soft.name}`);
  const rows = matchRows(predictions, soft, soft.n);
  const values = new Float64Array(soft.values.length);
  rows.forEach((row, i) => {
    values.set(soft.values.subarray(row * soft.classes, (row + 1) * soft.classes), i * soft.classes);
  });
  const { crossEntropy, divergence, agreement } = softScores(
    probabilities!,
    values,
    soft.classes,
    kind === 'logits' ? raw : undefined,
  );
  const outcomes = { cross_entropy: crossEntropy, kl_divergence: divergence, top_1_agreement: agreement };
  const chosen = Array.from({ length: predictions.n }, (_, i) => predictedClass(values, soft.classes, i));
  return {
    scores: meansOf(outcomes),
    outcomes,
    warnings: [],
    groups: chosen.map((c) => predictions.classNames?.[c] ?? String(c)),
  };
}
