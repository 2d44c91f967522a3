/** The portable cost of a run: multiplications and additions of its matrix products and convolutions. */
import { convolutionFlops, convolutionGeometry } from './convolution.js';
import type { Window } from './kernels.js';
import type { Shape } from './shape.js';

let flops = 0;

/** Since the module was loaded. */
export const countedFlops = (): number => flops;

/** A product with `size` elements, each a sum of `inner` products. */
export function countMatMul(size: number, inner: number): void {
  flops += 2 * size * inner;
}

export function countConvolution(x: Shape, filter: Shape, window: Window, depthwise: boolean): void {
  flops += convolutionFlops(convolutionGeometry(x, filter, window, depthwise), depthwise);
}
