import type { MethodImplementation } from '../../core/define.js';
import { numberParam } from '../../core/guards.js';
import { embedViews } from '../../core/two-views.js';
import { contrastBetweenViews } from './between-views.js';
import type { Params } from './definition.js';
import * as formulas from './formulas.js';

const temperature = (params: Readonly<Record<string, unknown>>): number =>
  numberParam(params, 'tau', { above: 0, fallback: 0.3 });

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => ({
    views: 2,
    loss: (batch, net) => {
      const [first, second] = embedViews(batch, net, 'contrastive-behaviour');
      return contrastBetweenViews(ctx.ops, first, second, params);
    },
  }),
  functions: {
    infoNCE: {
      inputs: { scores: 'tensor' },
      constants: { reduction: 'mean' },
      evaluate: (ops, { scores }, params) => formulas.infoNCE(ops, scores, temperature(params)),
    },
    relativePenalty: {
      inputs: { scoresRow: 'tensor' },
      evaluate: (ops, { scoresRow }, params) =>
        formulas.relativePenalty(
          ops,
          scoresRow,
          temperature(params),
          numberParam(params, 'anchor', { from: 0, whole: true, fallback: 0 }),
        ),
    },
    uniformity: {
      inputs: { embeddings: 'tensor' },
      evaluate: (ops, { embeddings }, params) =>
        formulas.uniformity(ops, embeddings, numberParam(params, 't', { above: 0, fallback: 2 })),
    },
    tolerance: {
      inputs: { embeddings: 'tensor', labels: 'indices' },
      constants: { pairs: 'i<j, same label' },
      evaluate: (ops, { embeddings, labels }) => formulas.tolerance(ops, embeddings, labels),
    },
    hardContrastive: {
      inputs: { scores: 'tensor' },
      evaluate: (ops, { scores }, params) =>
        formulas.hardContrastive(
          ops,
          scores,
          temperature(params),
          numberParam(params, 'numHard', { from: 0, whole: true, fallback: 1 }),
        ),
    },
    simpleContrastive: {
      inputs: { scores: 'tensor' },
      evaluate: (ops, { scores }, params) =>
        formulas.simpleContrastive(ops, scores, numberParam(params, 'lambda', { fallback: 1 })),
    },
  },
};
