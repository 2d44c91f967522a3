/** The predictions track (`@touchstone/eval/predictions`). */
export type { InputFile, InputLimits, InputTree } from './input.js';
export { DEFAULT_LIMITS, openInput } from './input.js';
export type { ScoredPredictions, ScoreRequest } from './score.js';
export { getProtocol, listProtocols, scorePredictions } from './score.js';
export type { FileNote, PredictionProtocol, Reweighing, ScoreContext, ScoreReport } from './types.js';
