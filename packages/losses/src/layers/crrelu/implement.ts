import type { MethodImplementation } from '../../core/define.js';
import type { Operand, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';

/** max(0, x) + ε x e^{−x²/2}, element by element; x of any shape, ε one number or a scalar. Source: arXiv 2405.12954. */
export function crrelu(ops: Ops, x: Tensor, epsilon: Operand): Tensor {
  const bump = ops.mul(x, ops.exp(ops.mul(ops.square(x), -0.5)));
  return ops.add(ops.relu(x), ops.mul(bump, epsilon));
}

export const implementation: MethodImplementation<'layer', Params> = {
  setup(ctx, { epsilonInit }) {
    const epsilon = ctx.variable('epsilon', [], { kind: 'constant', value: epsilonInit }, { decay: false });
    return (x) => crrelu(ctx.ops, x, epsilon);
  },
  functions: {
    crrelu: {
      inputs: { x: 'tensor', eps: 'tensor' },
      evaluate: (ops, { x, eps }) => ({ y: crrelu(ops, x, eps) }),
    },
  },
};
