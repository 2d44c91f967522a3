import type { MethodImplementation } from '../../core/define.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';

/** x/2 · (1 + erf(x/√2)), element by element; any shape. Source: Hendrycks and Gimpel 2016, §2. */
export function gelu(ops: Ops, x: Tensor): Tensor {
  return ops.mul(ops.mul(x, 0.5), ops.add(ops.erf(ops.mul(x, Math.SQRT1_2)), 1));
}

export const implementation: MethodImplementation<'layer', Params> = {
  setup: (ctx) => (x) => gelu(ctx.ops, x),
  functions: {
    gelu: {
      inputs: { x: 'tensor' },
      evaluate: (ops, { x }) => ({ y: gelu(ops, x) }),
    },
  },
};
