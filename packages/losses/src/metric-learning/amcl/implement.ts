import type { MethodImplementation } from '../../core/define.js';
import { numberParam } from '../../core/guards.js';
import type { Objective, RunContext } from '../../core/slots.js';
import { embedViews } from '../../core/two-views.js';
import type { Params } from './definition.js';
import { adaptiveTemperature, ntXentHardMax } from './formulas.js';
import { headLoss, twoLayers } from './heads.js';

/** C heads on the net's embedding and one temperature net, all trained with it. */
function setup(ctx: RunContext, params: Params): Objective {
  const { ops, embeddingDim } = ctx;
  const { heads, hidden, dim, temperatureUnits } = params;
  const projections = Array.from({ length: heads }, (_, c) => twoLayers(ctx, `head-${c}`, [embeddingDim, hidden, dim]));
  const keys = twoLayers(ctx, 'temperature', [dim, temperatureUnits, temperatureUnits]);
  return {
    views: 2,
    loss(batch, net) {
      const [view1, view2] = embedViews(batch, net, 'amcl');
      return projections
        .map((project) => headLoss(ops, project(view1), project(view2), keys, params))
        .reduce((total, loss) => ops.add(total, loss));
    },
  };
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup,
  functions: {
    amclNtXentHardMax: {
      inputs: { simPos: 'tensor', simNeg: 'tensor', tauPos: 'tensor', tauNeg: 'tensor' },
      constants: { reduction: 'mean over anchors, sum over heads' },
      evaluate: (ops, { simPos, simNeg, tauPos, tauNeg }, params) =>
        ntXentHardMax(
          ops,
          { similarity: simPos, tau: tauPos },
          { similarity: simNeg, tau: tauNeg },
          {
            beta: numberParam(params, 'beta', { fallback: 0.1 }),
            dim: numberParam(params, 'dim', { from: 0, fallback: 128 }),
          },
        ),
    },
    adaptiveTemperature: {
      inputs: { dot: 'tensor' },
      evaluate: (ops, { dot }, params) =>
        adaptiveTemperature(
          ops,
          dot,
          numberParam(params, 'lower', { fallback: 1e-5 }),
          numberParam(params, 'upper', { fallback: 2 }),
        ),
    },
  },
};
