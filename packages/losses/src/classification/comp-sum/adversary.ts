import { gaussianNoise } from '../../core/gaussian.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { Net, RunContext } from '../../core/slots.js';
import { marginShift } from './formulas.js';

export interface Ascent {
  readonly gamma: number;
  readonly pgdSteps: number;
}

/**
 * A point x' with ‖x' − x‖_∞ ≤ γ at which the margins differ most from those at x: projected gradient ascent on
 * ‖Δ(x') − Δ(x)‖₂ with signed steps of γ/4, from a random start of deviation γ/10. A constant of shape x.
 */
export function findAdversary(ctx: RunContext, net: Net, x: Tensor, labels: Int32Array, ascent: Ascent): Tensor {
  const { ops } = ctx;
  const { gamma, pgdSteps } = ascent;
  const size = x.shape.reduce((product, length) => product * length, 1);
  const start = gaussianNoise(ctx.rng(`adversary/${ctx.step}`), size);
  const clean = ops.stopGradient(net.logits(x));
  let delta = ops.clip(ops.mul(ops.tensor(start, x.shape), gamma / 10), -gamma, gamma);
  for (let step = 0; step < pgdSteps; step++) {
    const uphill = ops.gradient((at) => ops.sum(marginShift(ops, clean, net.logits(ops.add(x, at)), labels)), delta);
    delta = ops.clip(ops.add(delta, ops.mul(sign(ops, uphill), gamma / 4)), -gamma, gamma);
  }
  return ops.stopGradient(ops.add(x, delta));
}

function sign(ops: Ops, x: Tensor): Tensor {
  return ops.sub(ops.greater(x, 0), ops.less(x, 0));
}
