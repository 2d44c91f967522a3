import type { Form } from '../../core/class-softmax.js';
import { likelihoodLoss, logAddExp } from '../../core/class-softmax.js';
import type { FunctionImplementation, MethodImplementation } from '../../core/define.js';
import { LossError } from '../../core/errors.js';
import { batchLabels, numberParam } from '../../core/guards.js';
import type { UnitClasses } from '../../core/margin-formulas.js';
import { classWeights, otherClasses, turnedCosine, unitClasses } from '../../core/margin-formulas.js';
import { flatten } from '../../core/nested.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { boxWhiskerFilter } from './filter.js';
import { magFaceHead } from './magface.js';
import { keptNegatives } from './negatives.js';

/**
 * Mean over the batch of the margin head's −log softmax with the kept negative pairs of the batch, as shared extra
 * logits, in every denominator; with the head `magface` also its norm term. embeddings [B,D], weights [C,D], labels [B]
 * in 0 … C−1, s > 0, whisker ≥ 0. Scalar. `form` forces the composed or the fused evaluation.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Jung et al. 2022 and released code.
 */
export function unpg(
  ops: Ops,
  embeddings: Tensor,
  weights: Tensor,
  labels: Indices,
  params: Params,
  form?: Form,
): Tensor {
  const { s, whisker } = params;
  const unit = unitClasses(ops, embeddings, weights, labels);
  const { changed, penalty } = head(ops, embeddings, unit, params);
  const classes = otherClasses(ops, unit, s, form);
  const shared = keptNegatives(ops, unit.rows, labels, { s, whisker }, form);
  const everyRow = ops.fill([unit.rows.shape[0]!], 0);
  const others = shared ? logAddExp(ops, classes, ops.add(everyRow, shared)) : classes;
  const loss = ops.mean(likelihoodLoss(ops, ops.mul(changed, s), others));
  return penalty ? ops.add(loss, penalty) : loss;
}

/** The changed cosine of each row's own class, and what the head adds to the loss. */
function head(ops: Ops, embeddings: Tensor, unit: UnitClasses, params: Params): { changed: Tensor; penalty?: Tensor } {
  if (params.head === 'magface') return magFaceHead(ops, embeddings, unit, params);
  if (params.head === 'arcface') return { changed: turnedCosine(ops, unit, params.m) };
  return { changed: ops.sub(unit.cosine, params.m) };
}

function checked(params: Params): Params {
  if (params.normLow < params.normHigh) return params;
  const allowed = `a number below normHigh = ${params.normHigh}`;
  throw new LossError('PARAM_RANGE', `normLow must be ${allowed}, received ${params.normLow}`, {
    field: 'normLow',
    value: params.normLow,
    allowed,
  });
}

const unread = { m: 0, normLow: 10, normHigh: 110, marginLow: 0.45, marginHigh: 0.8, normWeight: 35 };

const shared = (params: Readonly<Record<string, unknown>>) => ({
  s: numberParam(params, 's', { above: 0, fallback: 64 }),
  whisker: numberParam(params, 'whisker', { from: 0, fallback: 1.5 }),
});

const named = (read: (params: Readonly<Record<string, unknown>>) => Params): FunctionImplementation => ({
  inputs: { embeddings: 'tensor', weights: 'tensor', labels: 'indices' },
  evaluate: (ops, { embeddings, weights, labels }, params) => unpg(ops, embeddings, weights, labels, read(params)),
});

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const weights = classWeights(ctx);
    return {
      loss: (batch, net) => unpg(ctx.ops, net.embed(batch.x), weights, batchLabels(batch, 'unpg'), params),
    };
  },
  functions: {
    boxWhiskerFilter: {
      inputs: { similarities: 'plain' },
      evaluate: (ops, { similarities }, params) => {
        const { values } = flatten('similarities', similarities);
        const kept = boxWhiskerFilter([...values], numberParam(params, 'whisker', { from: 0, fallback: 1.5 }));
        return ops.tensor(kept, [kept.length]);
      },
    },
    unpgCosFace: named((params) => ({
      ...unread,
      ...shared(params),
      head: 'cosface',
      m: numberParam(params, 'm', { fallback: 0.35 }),
    })),
    unpgArcFace: named((params) => ({
      ...unread,
      ...shared(params),
      head: 'arcface',
      m: numberParam(params, 'm', { fallback: 0.5 }),
    })),
    unpgMagFace: named((params) =>
      checked({
        ...unread,
        ...shared(params),
        head: 'magface',
        normLow: numberParam(params, 'normLow', { above: 0, fallback: unread.normLow }),
        normHigh: numberParam(params, 'normHigh', { above: 0, fallback: unread.normHigh }),
        marginLow: numberParam(params, 'marginLow', { fallback: unread.marginLow }),
        marginHigh: numberParam(params, 'marginHigh', { fallback: unread.marginHigh }),
        normWeight: numberParam(params, 'normWeight', { from: 0, fallback: unread.normWeight }),
      }),
    ),
  },
};
