import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, numberParam, vectorLength } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { checkK, decoupledSoftmax, multiHot, softTopKLoss } from './formulas.js';
import { retrievalLoss } from './objective.js';
import { softTopK } from './soft-top-k.js';

/** x itself, with whatever reaches it multiplied by `cotangent` first: what makes a sum's gradient a product with it. */
function contracted(ops: Ops, x: Tensor, cotangent: Tensor): Tensor {
  return ops.customGradient([x], (value) => ({ value: value!, backward: (g) => [ops.mul(g, cotangent)] }));
}

const sharpness = (params: Readonly<Record<string, unknown>>) => ({
  alpha: numberParam(params, 'alpha', { above: 0, fallback: 2 }),
  nIter: numberParam(params, 'nIter', { from: 1, whole: true, fallback: 64 }),
});

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const bound = 1 / Math.sqrt(ctx.embeddingDim);
    const documents =
      params.documents === 'labels'
        ? ctx.variable('documents', [ctx.classes, ctx.embeddingDim], { kind: 'uniform', low: -bound, high: bound })
        : undefined;
    return {
      loss: (batch, net) =>
        retrievalLoss(ctx.ops, net.embed(batch.x), documents, batchLabels(batch, 'dual-encoder-xmc'), params),
    };
  },
  functions: {
    decoupledSoftmax: {
      inputs: { scores: 'tensor', targets: 'plain' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { scores, targets }) => decoupledSoftmax(ops, scores, multiHot(targets, scores.shape)),
    },
    softTopK: {
      inputs: { x: 'tensor', cotangent: 'tensor' },
      evaluate: (ops, { x, cotangent }, params) => {
        const length = vectorLength('x', x);
        vectorLength('cotangent', cotangent, length);
        const k = numberParam(params, 'k', { above: 0, fallback: 5 });
        checkK(k, length);
        const row = softTopK(ops, ops.reshape(x, [1, length]), { k, ...sharpness(params) });
        const value = ops.reshape(row, [length]);
        return { value: contracted(ops, value, cotangent), sum: ops.sum(value) };
      },
    },
    softTopKLoss: {
      inputs: { scores: 'tensor', targets: 'plain' },
      evaluate: (ops, { scores, targets }, params) =>
        softTopKLoss(ops, scores, multiHot(targets, scores.shape), {
          k: numberParam(params, 'k', { above: 0, fallback: 5 }),
          ...sharpness(params),
        }),
    },
  },
};
