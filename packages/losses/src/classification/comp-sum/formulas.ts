/** The comp-sum family and its smooth adversarial form, over ops. Source: Mao, Mohri, Zhong 2023. */
import type { Form, LinearSoftmax } from '../../core/class-softmax.js';
import { linearNegativeLogLikelihood } from '../../core/class-softmax.js';
import { checkLabels, matrixShape } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { safeRoot } from '../../core/pairwise-formulas.js';
import { negativeLogLikelihood } from '../../core/softmax-formulas.js';

/** Within this of 1 the family's limit, log(1+u), replaces the quotient. */
export const TAU_ONE = 1e-6;

/** Φ_τ as a function of a = log(1+u): expm1((1−τ)a)/(1−τ), and a itself at τ = 1. */
function phi(ops: Ops, a: Tensor, tau: number): Tensor {
  const exponent = 1 - tau;
  return Math.abs(exponent) < TAU_ONE ? a : ops.div(ops.expm1(ops.mul(a, exponent)), exponent);
}

/**
 * Mean over the batch of Φ_τ(Σ_{k≠y} e^{h_k − h_y}). logits [B,C], labels [B], τ ≥ 0; τ = 0 sum-exponential,
 * 1 cross-entropy, between 1 and 2 generalised cross-entropy, 2 mean absolute error. Scalar.
 */
export function compSum(ops: Ops, logits: Tensor, labels: Indices, tau: number): Tensor {
  const [rows, classes] = matrixShape('logits', logits);
  checkLabels('labels', labels, rows, classes);
  return ops.mean(phi(ops, negativeLogLikelihood(ops, logits, labels), tau));
}

/**
 * `compSum` of the logits features·weightsᵀ + bias, which are never stored where there are many. features [B,D],
 * weights [C,D], bias [C], labels [B]. Scalar. `form` forces the composed or the fused evaluation.
 */
export function linearCompSum(ops: Ops, layer: LinearSoftmax, tau: number, form?: Form): Tensor {
  return ops.mean(phi(ops, linearNegativeLogLikelihood(ops, layer, form), tau));
}

/** Δ_i(k) = h_i(y_i) − h_i(k): [B,C], zero in the column of the true class. */
function margins(ops: Ops, logits: Tensor, labels: Indices): Tensor {
  return ops.sub(ops.expandDims(ops.pick(logits, labels), 1), logits);
}

/** ‖Δ(x'_i) − Δ(x_i)‖₂ for each row: [B]; its gradient is zero where the two are equal. */
export function marginShift(ops: Ops, clean: Tensor, adversarial: Tensor, labels: Indices): Tensor {
  const shift = ops.sub(margins(ops, adversarial, labels), margins(ops, clean, labels));
  return safeRoot(ops, ops.sum(ops.square(shift), { axis: 1 }));
}

export interface SmoothAdversarial {
  readonly tau: number;
  readonly nu: number;
  readonly rho: number;
}

/**
 * Mean over the batch of Φ_τ(Σ_{k≠y} e^{−Δ(x)_k/ρ}) + ν‖Δ(x') − Δ(x)‖₂, given the logits [B,C] at x and at the
 * perturbed x'. Differentiable in both. ρ > 0, ν ≥ 0. Scalar.
 */
export function smoothAdvCompSum(
  ops: Ops,
  clean: Tensor,
  adversarial: Tensor,
  labels: Indices,
  { tau, nu, rho }: SmoothAdversarial,
): Tensor {
  const [rows, classes] = matrixShape('cleanLogits', clean);
  matrixShape('advLogits', adversarial, rows, classes);
  const natural = compSum(ops, ops.div(clean, rho), labels, tau);
  const robust = ops.mean(marginShift(ops, clean, adversarial, labels));
  return ops.add(natural, ops.mul(robust, nu));
}
