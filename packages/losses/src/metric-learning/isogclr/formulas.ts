import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import { vectorLength } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { FLOOR, maskedLogSumExp } from '../../core/pairwise-formulas.js';
import { differ, stackViews } from '../../core/two-views.js';
import type { SumsOf } from './kernel.js';
import { fusedSums } from './kernel.js';

export interface UnimodalParams {
  readonly gamma: number;
  readonly rho: number;
  readonly betaU: number;
  readonly eta: number;
  readonly tauMin: number;
  readonly tauMax: number;
  readonly gradClip: number;
}

/** What the method remembers of each example of a batch: [B] each. */
export interface SampleState {
  /** log of the running mean s of e^{S/τ}; −∞ for s = 0. */
  readonly logS: Tensor;
  /** Running mean of the temperature's gradient. */
  readonly u: Tensor;
  readonly tau: Tensor;
}

export interface UnimodalStep extends SampleState {
  /** A surrogate: its gradient in the views is the step's, its value is not the objective's. */
  readonly loss: Tensor;
  readonly gradTau: Tensor;
}

/** The sums with the 2B × 2B matrix of similarities in memory. W is a constant of the differentiation. */
const composedSums: SumsOf = (ops, unit, example, tau) => {
  const similarities = ops.matMul(unit, unit, { transposeB: true });
  const negatives = differ(ops, example);
  const logits = ops.div(ops.stopGradient(similarities), ops.expandDims(tau, 1));
  return {
    logSumExp: maskedLogSumExp(ops, logits, negatives),
    weighted(shift) {
      const weights = ops.exp(ops.where(negatives, ops.sub(logits, ops.expandDims(shift, 1)), FLOOR));
      return ops.sum(ops.mul(weights, similarities), { axis: 1 });
    },
  };
};

/**
 * One step of iSogCLR on two views: the loss whose gradient moves the net, and the state after it. `first` [B] is 1 where
 * s starts from this batch instead of averaging. view1, view2 [B,D], normalised inside; 0 ≤ γ, β_u ≤ 1. An example alone
 * has no negatives: log s falls towards −∞ and the gradient of τ is cut at −gradClip. Throws SHAPE_MISMATCH.
 * Source: Qiu et al. 2023, Algorithm 1, with the released code's constants.
 */
export function unimodalStep(
  ops: Ops,
  view1: Tensor,
  view2: Tensor,
  state: SampleState,
  first: Tensor,
  params: UnimodalParams,
  form?: Form,
): UnimodalStep {
  const { gamma, rho, betaU, eta, tauMin, tauMax, gradClip } = params;
  const { unit, example, positives } = stackViews(ops, view1, view2);
  const examples = vectorLength('tau', state.tau, example.length / 2);
  for (const [name, vector] of Object.entries({ s: state.logS, u: state.u })) vectorLength(name, vector, examples);
  const negatives = Math.max(1, 2 * examples - 2);
  const both = (x: Tensor): Tensor => ops.stopGradient(ops.concat([x, x], 0));
  const mean = (x: Tensor): Tensor =>
    ops.mul(ops.add(ops.slice(x, [0], [examples]), ops.slice(x, [examples], [examples])), 0.5);

  const tau = both(state.tau);
  const fused = (form ?? formFor(example.length, example.length)) === 'fused';
  const sums = (fused ? fusedSums : composedSums)(ops, unit, example, tau);
  const logG = ops.sub(sums.logSumExp, Math.log(negatives));
  const averaged = ops.stack([ops.add(both(state.logS), Math.log(1 - gamma)), ops.add(logG, Math.log(gamma))], 1);
  const logS = ops.where(both(first), logG, ops.logSumExp(averaged, { axis: 1 }));
  const weighted = ops.div(sums.weighted(logS), negatives);
  const loss = ops.div(ops.sum(ops.sub(weighted, positives)), examples);

  const slopes = ops.sub(ops.add(logS, rho), ops.div(ops.stopGradient(weighted), tau));
  const gradTau = ops.clip(mean(slopes), -gradClip, gradClip);
  const u = ops.add(ops.mul(ops.stopGradient(state.u), 1 - betaU), ops.mul(gradTau, betaU));
  const views = ops.stack([ops.slice(logS, [0], [examples]), ops.slice(logS, [examples], [examples])], 1);
  return {
    loss,
    logS: ops.sub(ops.logSumExp(views, { axis: 1 }), Math.LN2),
    u,
    tau: ops.clip(ops.sub(ops.stopGradient(state.tau), ops.mul(u, eta)), tauMin, tauMax),
    gradTau,
  };
}
