/** NoProp's losses over ops. Source: Li, Teh, Pascanu 2025. */
import { LossError } from '../../core/errors.js';
import { checkLabels, vectorLength } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { nopropCoefficients } from './schedule.js';

/** (T/2)·η·(SNR(t) − SNR(t−1))·‖û − u‖², the squared norm along the last axis. */
export function denoising(ops: Ops, predicted: Tensor, target: Tensor, weight: number): Tensor {
  return ops.mul(ops.sum(ops.square(ops.sub(predicted, target)), { axis: -1 }), weight);
}

/** KL(N(√ᾱ u, (1−ᾱ)I) ‖ N(0, I)) along the last axis. */
export function priorDivergence(ops: Ops, u: Tensor, alphaBar: number): Tensor {
  const constant = -alphaBar - Math.log1p(-alphaBar);
  return ops.mul(ops.sum(ops.add(ops.mul(ops.square(u), alphaBar), constant), { axis: -1 }), 0.5);
}

export interface DtLoss {
  readonly ce: Tensor;
  readonly kl: Tensor;
  readonly denoise: Tensor;
  readonly total: Tensor;
}

/**
 * The three terms of block t's loss for one example, and their sum. ᾱ [T+1], u_y and û [D], logits [C] of the output
 * matrix at z_T, label in 0 … C−1, t in 1 … T, η > 0. Throws DOMAIN for another t or label, SHAPE_MISMATCH.
 */
export function nopropDtLoss(
  ops: Ops,
  inputs: { alphaBar: ArrayLike<number>; uY: Tensor; uHat: Tensor; logits: Tensor; label: number },
  { T, eta, t }: { T: number; eta: number; t: number },
): DtLoss {
  const { snrDiff } = nopropCoefficients(inputs.alphaBar);
  const difference = snrDiff[t - 1];
  if (difference === undefined)
    throw new LossError('DOMAIN', `t must be a whole number in [1, ${snrDiff.length}], received ${t}`, {
      field: 't',
      value: t,
      allowed: `[1, ${snrDiff.length}]`,
    });
  vectorLength('uHat', inputs.uHat, vectorLength('uY', inputs.uY));
  const classes = vectorLength('logits', inputs.logits);
  checkLabels('label', [inputs.label], 1, classes);
  const row = ops.reshape(inputs.logits, [1, classes]);
  const ce = ops.neg(ops.sum(ops.pick(ops.logSoftmax(row), [inputs.label])));
  const kl = priorDivergence(ops, inputs.uY, inputs.alphaBar[0]!);
  const denoise = denoising(ops, inputs.uHat, inputs.uY, (T / 2) * eta * difference);
  return { ce, kl, denoise, total: ops.add(ops.add(ce, kl), denoise) };
}

/**
 * Flow matching at time t in [0, 1]: z_t = t z_1 + (1−t) z_0 on the mean path (its optional noise σε is left to the
 * caller), target z_1 − z_0, squared error of the velocity v̂, and z_1 extrapolated from z_t. z0, z1 and vHat [D]; else
 * SHAPE_MISMATCH.
 */
export function nopropFm(
  ops: Ops,
  { z0, z1, vHat }: { z0: Tensor; z1: Tensor; vHat: Tensor },
  t: number,
): Record<'zt' | 'target' | 'loss' | 'z1Extrapolated', Tensor> {
  const length = vectorLength('z0', z0);
  vectorLength('z1', z1, length);
  vectorLength('vHat', vHat, length);
  const zt = ops.add(ops.mul(z1, t), ops.mul(z0, 1 - t));
  const target = ops.sub(z1, z0);
  return {
    zt,
    target,
    loss: ops.sum(ops.square(ops.sub(vHat, target))),
    z1Extrapolated: ops.add(zt, ops.mul(vHat, 1 - t)),
  };
}
