/** Backends and training sessions (`@touchstone/losses/backend`). */
export type { OptimiserOptions } from './optimiser.js';
export type { Optimiser, TrainingSession } from './session.js';
export { forbidMathRandom } from './forbid-random.js';
export { openSession } from './session.js';
export type { BackendInfo, BackendName } from './start.js';
export { startBackend } from './start.js';
export type { BackendFinding, Survey } from './survey.js';
export { surveyBackends } from './survey.js';
export type { FloatArrays, FloatMatrix, PairPlan } from '../pairwise/wasm/index.js';
export {
  backwardArrays,
  forwardArrays,
  pairMemoryBytes,
  releasePairMemory,
  setPairThreads,
} from '../pairwise/wasm/index.js';
