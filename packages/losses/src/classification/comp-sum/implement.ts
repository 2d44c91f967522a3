import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, numberParam } from '../../core/guards.js';
import { findAdversary } from './adversary.js';
import { hConsistencyTransform } from './consistency.js';
import type { Params } from './definition.js';
import { compSum, linearCompSum, smoothAdvCompSum } from './formulas.js';

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    loss: (batch, net) => {
      const labels = batchLabels(batch, 'comp-sum');
      const clean = net.logits(batch.x);
      if (params.mode === 'standard') return compSum(ctx.ops, clean, labels, params.tau);
      const adversary = findAdversary(ctx, net, batch.x, labels, params);
      return smoothAdvCompSum(ctx.ops, clean, net.logits(adversary), labels, params);
    },
  }),
  functions: {
    compSum: {
      inputs: { logits: 'tensor', labels: 'indices' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { logits, labels }, params) =>
        compSum(ops, logits, labels, numberParam(params, 'tau', { from: 0, fallback: 1 })),
    },
    linearCompSum: {
      inputs: { features: 'tensor', weights: 'tensor', bias: 'tensor', labels: 'indices' },
      evaluate: (ops, { features, weights, bias, labels }, params) =>
        linearCompSum(ops, { features, weights, bias, labels }, numberParam(params, 'tau', { from: 0, fallback: 1 })),
    },
    smoothAdvCompSum: {
      inputs: { cleanLogits: 'tensor', advLogits: 'tensor', labels: 'indices' },
      evaluate: (ops, { cleanLogits, advLogits, labels }, params) =>
        smoothAdvCompSum(ops, cleanLogits, advLogits, labels, {
          tau: numberParam(params, 'tau', { from: 0, fallback: 1 }),
          nu: numberParam(params, 'nu', { from: 0, fallback: 6 }),
          rho: numberParam(params, 'rho', { above: 0, fallback: 1 }),
        }),
    },
    hConsistencyTransform: {
      inputs: { b: 'number' },
      evaluate: (_ops, { b }, params) => ({
        value: hConsistencyTransform(
          b,
          numberParam(params, 'tau'),
          numberParam(params, 'n', { from: 2, whole: true, fallback: 2 }),
        ),
      }),
    },
  },
};
