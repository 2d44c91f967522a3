/** Methods, their operations in both bindings, and the verifier (`@touchstone/losses`). */
export * from './meta.js';
export type { CustomGradient, Indices, Operand, Ops, Reduction, Tensor } from './core/ops.js';
export { finiteDifference } from './core/finite-difference.js';
export { tfjsOps } from './core/ops-tfjs.js';
export type { Float64Tape } from './core/tape.js';
export { createTape } from './core/tape.js';
export type { Evaluation, FunctionCall } from './core/evaluate-function.js';
export { evaluateFunction } from './core/evaluate-function.js';
export type { VerifiedCase, VerifyCase, VerifyReport } from './core/verify.js';
export type { Form, LinearSoftmax } from './core/class-softmax.js';
export { linearNegativeLogLikelihood } from './core/class-softmax.js';
export { verifyCases } from './core/verify.js';
export * as pairwise from './pairwise/index.js';
