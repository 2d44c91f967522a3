import type { Form } from '../../core/class-softmax.js';
import { formFor, rowProducts } from '../../core/class-softmax.js';
import { matrixShape, vectorLength } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { BimodalSumsOf, SideSums } from './kernel-bimodal.js';
import { fusedBimodalSums } from './kernel-bimodal.js';

export interface BimodalParams {
  readonly gamma: number;
  readonly rho: number;
  readonly tau: number;
  readonly betaU: number;
  readonly eta: number;
  readonly eps: number;
  readonly gradClip: number;
}

/** Bounds of the temperatures in the released bimodal code. */
const TAU_MIN = 0.005;
const TAU_MAX = 1;

export interface BimodalState {
  readonly sI: Tensor;
  readonly sT: Tensor;
  /** Running maximum of the exponents, for both sides. */
  readonly b: Tensor;
  readonly u: Tensor;
}

/**
 * One step of iSogCLR between images and texts, every temperature being `tau` before it. image, text [B,D], normalised
 * inside; state [B] each. The diagonal stays in the sums, and they are divided by max(1, B − 1). The value is a surrogate
 * whose gradient is the step's. Throws SHAPE_MISMATCH. Source: Qiu et al. 2023 and its released bimodal code.
 */
export function bimodalStep(
  ops: Ops,
  image: Tensor,
  text: Tensor,
  state: BimodalState,
  params: BimodalParams,
  form?: Form,
) {
  const [pairs, width] = matrixShape('image', image);
  matrixShape('text', text, pairs, width);
  for (const [name, vector] of Object.entries(state)) vectorLength(name, vector as Tensor, pairs);
  const { gamma, rho, tau, betaU, eta, eps, gradClip } = params;
  const [images, texts] = [ops.l2Normalise(image), ops.l2Normalise(text)];
  const right = rowProducts(ops, images, texts);
  const others = Math.max(1, pairs - 1);
  const before = ops.stopGradient(state.b);
  const fused = (form ?? formFor(pairs, pairs)) === 'fused';
  const sums = (fused ? fusedBimodalSums : composedSums)(ops, images, texts, right, tau);

  const side = (of: SideSums, past: Tensor) => {
    const b = ops.maximum(before, of.largest);
    const g = ops.div(ops.exp(ops.sub(of.logSumExp, b)), others);
    const kept = ops.mul(ops.mul(ops.stopGradient(past), 1 - gamma), ops.exp(ops.sub(before, b)));
    const s = ops.add(kept, ops.mul(g, gamma));
    const shift = ops.add(b, ops.log(ops.add(s, eps)));
    return { s, b, shift };
  };

  const [byImage, byText] = [side(sums.image, state.sI), side(sums.text, state.sT)];
  const weighted = sums.weighted(byImage.shift, byText.shift);

  const moved = ({ s, b }: ReturnType<typeof side>, pull: Tensor): Tensor => {
    const slope = ops.sub(ops.add(ops.add(ops.log(s), b), rho), ops.div(ops.stopGradient(pull), tau * others));
    const u = ops.add(
      ops.mul(ops.stopGradient(state.u), 1 - betaU),
      ops.mul(ops.clip(slope, -gradClip, gradClip), betaU),
    );
    return ops.clip(ops.sub(tau, ops.mul(u, eta)), TAU_MIN, TAU_MAX);
  };
  return {
    loss: ops.div(ops.mean(ops.add(weighted.image, weighted.text)), others),
    sI: byImage.s,
    sT: byText.s,
    bI: byImage.b,
    bT: byText.b,
    tauI: moved(byImage, weighted.image),
    tauT: moved(byText, weighted.text),
  };
}

/** The sums with the B × B matrix of similarities in memory. */
const composedSums: BimodalSumsOf = (ops, images, texts, right, tau) => {
  const side = (queries: Tensor, documents: Tensor) => {
    const differences = ops.sub(ops.matMul(queries, documents, { transposeB: true }), ops.expandDims(right, 1));
    const exponents = ops.div(ops.stopGradient(differences), tau);
    return {
      largest: ops.max(exponents, { axis: 1 }),
      logSumExp: ops.logSumExp(exponents, { axis: 1 }),
      weighted: (shift: Tensor) =>
        ops.sum(ops.mul(ops.exp(ops.sub(exponents, ops.expandDims(shift, 1))), differences), { axis: 1 }),
    };
  };
  const [image, text] = [side(images, texts), side(texts, images)];
  return { image, text, weighted: (i, t) => ({ image: image.weighted(i), text: text.weighted(t) }) };
};
