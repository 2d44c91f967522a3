/** The pairwise engine on the CPU: WebAssembly SIMD, generated for each program, on one or more threads. */
export { registerWasmPairExecutor } from './executor.js';
export type { FloatArrays, FloatMatrix } from './engine.js';
export { backwardArrays, forwardArrays } from './engine.js';
export type { PairPlan } from './code.js';
export { hasRelaxedSimd } from './code.js';
export { pairMemoryBytes, releasePairMemory } from './memory.js';
export { pairThreads, setPairThreads } from './threads.js';
