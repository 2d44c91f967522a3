/** Statistics of boards (`@touchstone/eval/statistics`): intervals, ranks, tests, power. */
export type { ExampleDifference, GroupDifference } from './breakdown.js';
export { differenceByGroup, worstUnits } from './breakdown.js';
export {
  binomialCdf,
  binomialMass,
  chiSquareSurvival,
  fSurvival,
  normalCdf,
  normalQuantile,
  studentizedRangeSurvival,
} from './distributions.js';
export type { EntrySketch } from './entry-sketch.js';
export { entrySketch, sketchDifference, sketchEstimate } from './entry-sketch.js';
export type { Equivalence } from './equivalence.js';
export { equivalence } from './equivalence.js';
export type { Friedman } from './friedman.js';
export { criticalDifference, friedman, nemenyi } from './friedman.js';
export type { InterquartileEstimate } from './interquartile-mean.js';
export { interquartileInterval, interquartileMean } from './interquartile-mean.js';
export type { McNemar } from './mcnemar.js';
export { mcnemar, mcnemarCounts } from './mcnemar.js';
export { detectableNoncentrality, noncentralTCdf, twoSidedPower } from './noncentral-t.js';
export type { OutcomeMatrix, Resampling, ResamplingUnit } from './outcomes.js';
export { groupUnits, outcomeMatrix, withoutMissing } from './outcomes.js';
export type { PoissonWeights, UnitIds } from './poisson-weights.js';
export { poissonWeights, REPLICATES, seedWeights } from './poisson-weights.js';
export type { PowerOptions } from './power.js';
export { boardResolution, detectableDifference, powerWithSeeds, seedsToDecide } from './power.js';
export type { RankIntervalOptions, RankIntervals } from './rank-intervals.js';
export { rankIntervals } from './rank-intervals.js';
export type { Direction, RankInference } from './rank.js';
export { holm, quantise, rankEntries, rankInference } from './rank.js';
export type { ResolutionInput } from './resolution.js';
export { resolution } from './resolution.js';
export type { RunSketch } from './sketch.js';
export { decodeSketch, encodeSketch, productReplicates, sketchMean, sketchMetric, sketchScore } from './sketch.js';
export { studentCdf, studentQuantile, studentTwoSided } from './student.js';
export type { Interval, PairedDifference, Summary } from './summary.js';
export { pairedDifference, summarise } from './summary.js';
export type {
  Coverage,
  CoveredInterval,
  DifferenceEstimate,
  Estimate,
  EstimateOptions,
  VarianceComponents,
} from './two-way.js';
export { twoWayDifference, twoWayInterval } from './two-way.js';
export type { SignedRank } from './wilcoxon.js';
export { wilcoxon } from './wilcoxon.js';
