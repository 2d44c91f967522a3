/** Losses over all pairs, declared once and run by the executor of each backend without an n × m array. */
export * from './expression.js';
export type { PairwiseDeclaration, Statistic, StatisticKind } from './declaration.js';
export { definePairwise, FLOOR, statistic } from './declaration.js';
export type { BackwardProgram, ForwardProgram, Relation } from './program.js';
export { backwardProgram, blocksOf, forwardProgram } from './program.js';
export { gradientOf } from './rule.js';
export type { Pairwise, PairwiseInputs, PairwiseResult, SideInputs } from './rule.js';
export { FUSED_PAIRS, fusedFrom } from './threshold.js';
