import type { MethodImplementation } from '../../core/define.js';
import { numberParam } from '../../core/guards.js';
import type { Params } from './definition.js';
import { discreteTime } from './discrete-time.js';
import { nopropDtLoss, nopropFm } from './formulas.js';
import { nopropCoefficients } from './schedule.js';

export const implementation: MethodImplementation<'trainer', Params> = {
  setup: discreteTime,
  functions: {
    nopropCoefficients: {
      inputs: { alphaBar: 'plain' },
      evaluate: (_ops, { alphaBar }) => ({ ...nopropCoefficients(alphaBar) }),
    },
    nopropDtLoss: {
      inputs: { alphaBar: 'plain', uY: 'tensor', uHat: 'tensor', logits: 'tensor', label: 'number' },
      evaluate: (ops, { alphaBar, uY, uHat, logits, label }, params) => ({
        ...nopropDtLoss(
          ops,
          { alphaBar, uY, uHat, logits, label },
          {
            T: numberParam(params, 'T', { from: 1, whole: true, fallback: 10 }),
            eta: numberParam(params, 'eta', { from: 0, fallback: 0.1 }),
            t: numberParam(params, 't', { from: 1, whole: true }),
          },
        ),
      }),
    },
    nopropFm: {
      inputs: { z0: 'tensor', z1: 'tensor', vHat: 'tensor' },
      evaluate: (ops, { z0, z1, vHat }, params) => {
        // A standard deviation without a draw: it is checked, and z_t stays on the mean path.
        numberParam(params, 'sigma', { from: 0, fallback: 0 });
        return nopropFm(ops, { z0, z1, vHat }, numberParam(params, 't', { from: 0, to: 1 }));
      },
    },
  },
};
