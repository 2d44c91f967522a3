import type { Form } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, numberParam } from '../../core/guards.js';
import { classWeights, marginSoftmax, turnedCosine, unitClasses } from '../../core/margin-formulas.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';

/**
 * Mean over the batch of −log of the softmax over s·cos θ, with s·cos(θ + m) at the true class; m in radians.
 * embeddings [B,D], weights [C,D], labels [B] in 0 … C−1, s > 0. Scalar. `form` forces the composed or the fused
 * evaluation. Throws SHAPE_MISMATCH or DOMAIN. Source: Deng et al. 2019, Eq. 3.
 */
export function arcFace(
  ops: Ops,
  embeddings: Tensor,
  weights: Tensor,
  labels: Indices,
  { s, m }: Params,
  form?: Form,
): Tensor {
  const unit = unitClasses(ops, embeddings, weights, labels);
  return ops.mean(marginSoftmax(ops, unit, turnedCosine(ops, unit, m), s, form));
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const weights = classWeights(ctx);
    return {
      loss: (batch, net) => arcFace(ctx.ops, net.embed(batch.x), weights, batchLabels(batch, 'arcface'), params),
    };
  },
  functions: {
    arcFace: {
      inputs: { embeddings: 'tensor', weights: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, weights, labels }, params) =>
        arcFace(ops, embeddings, weights, labels, {
          s: numberParam(params, 's', { above: 0, fallback: 64 }),
          m: numberParam(params, 'm', { fallback: 0.5 }),
        }),
    },
  },
};
