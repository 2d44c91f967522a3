import type { Form } from '../../core/class-softmax.js';
import { formFor, positions } from '../../core/class-softmax.js';
import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, numberParam } from '../../core/guards.js';
import type { UnitClasses } from '../../core/margin-formulas.js';
import { classWeights, unitClasses } from '../../core/margin-formulas.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { LARGEST_COSINE, repulsion } from './kernel.js';

/**
 * Mean over the batch of −[σ(k(θ_y − a))]·s·cos θ_y + Σ_{c≠y} [σ(−k(θ_c − b))]·s·cos θ_c, the brackets held constant.
 * embeddings [B,D], weights [C,D], labels [B] in 0 … C−1; s > 0, k ≥ 0; a and b in radians. Scalar. `form` forces the
 * composed or the fused evaluation. Throws SHAPE_MISMATCH or DOMAIN. Source: Zhong et al. 2021 and released code.
 */
export function sface(
  ops: Ops,
  embeddings: Tensor,
  weights: Tensor,
  labels: Indices,
  { s, k, a, b }: Params,
  form?: Form,
): Tensor {
  const unit = unitClasses(ops, embeddings, weights, labels);
  const attraction = ops.sigmoid(ops.mul(ops.sub(angles(ops, unit.cosine), a), k));
  const pull = ops.mul(attraction, unit.cosine);
  const chosen = form ?? formFor(unit.rows.shape[0]!, unit.classes.shape[0]!);
  const push = chosen === 'fused' ? pushFused(ops, unit, k, b) : pushComposed(ops, unit, k, b);
  return ops.mul(ops.mean(ops.sub(push, pull)), s);
}

/** θ of cosines, without a derivative. */
function angles(ops: Ops, cosines: Tensor): Tensor {
  return ops.acos(ops.clip(ops.stopGradient(cosines), -LARGEST_COSINE, LARGEST_COSINE));
}

function pushComposed(ops: Ops, { rows, classes, labels }: UnitClasses, k: number, b: number): Tensor {
  const cosines = ops.matMul(rows, classes, { transposeB: true });
  const strength = ops.sigmoid(ops.mul(ops.sub(b, angles(ops, cosines)), k));
  const others = ops.sub(1, ops.oneHot(labels, classes.shape[0]!));
  return ops.sum(ops.mul(ops.mul(others, strength), cosines), { axis: 1 });
}

function pushFused(ops: Ops, { rows, classes, labels }: UnitClasses, k: number, b: number): Tensor {
  const { values } = ops.pairwise(repulsion, {
    a: rows,
    b: classes,
    rows: { ids: { label: labels } },
    columns: { ids: { class: positions(classes.shape[0]!) } },
    uniforms: { k, b },
  });
  return values['repulsion']!;
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const weights = classWeights(ctx);
    return {
      loss: (batch, net) => sface(ctx.ops, net.embed(batch.x), weights, batchLabels(batch, 'sface'), params),
    };
  },
  functions: {
    sface: {
      inputs: { embeddings: 'tensor', weights: 'tensor', labels: 'indices' },
      evaluate: (ops, { embeddings, weights, labels }, params) =>
        sface(ops, embeddings, weights, labels, {
          s: numberParam(params, 's', { above: 0, fallback: 64 }),
          k: numberParam(params, 'k', { from: 0, fallback: 80 }),
          a: numberParam(params, 'a', { fallback: 0.8 }),
          b: numberParam(params, 'b', { fallback: 1.23 }),
        }),
    },
  },
};
