/** The float64 binding: what `functions`, finite differences and the verifier evaluate formulas with. */
import { differentiate } from './differentiate.js';
import type { Dense } from './kernels-float64.js';
import { float64Kernels } from './kernels-float64.js';
import type { Ops, Tensor } from './ops.js';
import { mismatch, show, sizeOf } from './shape.js';

export interface Float64Tape extends Ops {
  readonly binding: 'float64';
  /** A leaf of the given row-major values that gradients can be asked for. Throws SHAPE_MISMATCH. */
  variable(values: ArrayLike<number>, shape: readonly number[]): Tensor;
  /** The values of a tensor, row-major. */
  values(x: Tensor): Float64Array;
  /**
   * d(sum of output)/d(input) for each input, zeros where the output does not depend on it.
   * With a cotangent (row-major, one number an element of the output): the vector-Jacobian product.
   */
  gradients(output: Tensor, inputs: readonly Tensor[], cotangent?: ArrayLike<number>): Float64Array[];
}

/** A fresh tape. Nothing is shared between tapes, and nothing needs to be released. */
export function createTape(): Float64Tape {
  const { ops, leaf, valueOf, gradients } = differentiate<Dense>(float64Kernels, 'float64', true);
  return {
    ...ops,
    binding: 'float64',
    variable(values, shape) {
      if (values.length !== sizeOf(shape))
        throw mismatch('variable', `${sizeOf(shape)} values for ${show(shape)}`, String(values.length));
      return leaf(float64Kernels.tensor(values, shape));
    },
    values: (x) => valueOf(x).data,
    gradients(output, inputs, cotangent) {
      const seed = cotangent && float64Kernels.tensor(cotangent, output.shape);
      return gradients(output, inputs, seed).map((gradient) => gradient.data);
    },
  };
}
