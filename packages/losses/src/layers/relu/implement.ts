import type { MethodImplementation } from '../../core/define.js';
import type { Params } from './definition.js';

export const implementation: MethodImplementation<'layer', Params> = {
  setup: (ctx) => (x) => ctx.ops.relu(x),
  functions: {
    relu: {
      inputs: { x: 'tensor' },
      evaluate: (ops, { x }) => ({ y: ops.relu(x) }),
    },
  },
};
