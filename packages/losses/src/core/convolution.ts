/** Convolutions, channels last: their geometry, and the plain loops that define them. */
import type { Floats, Window } from './kernels.js';
import type { Shape } from './shape.js';
import { mismatch, show } from './shape.js';

/** Where the taps of a filter fall. */
export interface Geometry {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
}

/** Of x [batch, height, width, channels] under a filter [height, width, channels, outputs]. Throws SHAPE_MISMATCH. */
export function convolutionGeometry(x: Shape, filter: Shape, window: Window, depthwise: boolean): Geometry {
  if (x.length !== 4) throw mismatch('convolution', 'x of shape [batch, height, width, channels]', show(x));
  if (filter.length !== 4 || filter[2] !== x[3])
    throw mismatch('convolution', `a filter of shape [height, width, ${x[3]}, outputs]`, show(filter));
  const [batchSize, inHeight, inWidth, inChannels] = x as [number, number, number, number];
  const [filterHeight, filterWidth, , outputs] = filter as [number, number, number, number];
  const vertical = along(inHeight, filterHeight, window.strides[0], window.dilations[0], window.pad);
  const horizontal = along(inWidth, filterWidth, window.strides[1], window.dilations[1], window.pad);
  if (vertical.out < 1 || horizontal.out < 1)
    throw mismatch('convolution', `a filter that fits into ${show(x)}`, show(filter));
  return {
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight: vertical.out,
    outWidth: horizontal.out,
    outChannels: depthwise ? inChannels * outputs : outputs,
    filterHeight,
    filterWidth,
    strideHeight: window.strides[0],
    strideWidth: window.strides[1],
    dilationHeight: window.dilations[0],
    dilationWidth: window.dilations[1],
    padInfo: { top: vertical.before, left: horizontal.before },
  };
}

function along(extent: number, filter: number, stride: number, dilation: number, pad: Window['pad']) {
  const reach = (filter - 1) * dilation + 1;
  if (pad === 'valid') return { out: Math.floor((extent - reach) / stride) + 1, before: 0 };
  const out = Math.ceil(extent / stride);
  return { out, before: Math.floor(Math.max((out - 1) * stride + reach - extent, 0) / 2) };
}

/** Offsets of the first channel of an input position, an output position and a filter tap that meet. */
type Meeting = (input: number, output: number, tap: number) => void;

/** Every meeting of an output position with a filter tap inside the image; `tap` counts filter positions. */
export function meetings(g: Geometry, body: Meeting): void {
  for (let b = 0; b < g.batchSize; b++)
    for (let row = 0; row < g.outHeight; row++)
      for (let column = 0; column < g.outWidth; column++) {
        const output = ((b * g.outHeight + row) * g.outWidth + column) * g.outChannels;
        for (let fy = 0; fy < g.filterHeight; fy++) {
          const inRow = row * g.strideHeight - g.padInfo.top + fy * g.dilationHeight;
          if (inRow < 0 || inRow >= g.inHeight) continue;
          for (let fx = 0; fx < g.filterWidth; fx++) {
            const inColumn = column * g.strideWidth - g.padInfo.left + fx * g.dilationWidth;
            if (inColumn < 0 || inColumn >= g.inWidth) continue;
            body(((b * g.inHeight + inRow) * g.inWidth + inColumn) * g.inChannels, output, fy * g.filterWidth + fx);
          }
        }
      }
}

/**
 * Calls `multiply` with the offsets (input, output, filter) of every product that a convolution sums: the value, and
 * both gradients, differ only in which of the three they add to. Depthwise filters are [height, width, channels, m].
 */
export function products(g: Geometry, depthwise: boolean, multiply: (i: number, o: number, f: number) => void): void {
  const multiplier = depthwise ? g.outChannels / g.inChannels : g.outChannels;
  meetings(g, (input, output, tap) => {
    for (let c = 0; c < g.inChannels; c++) {
      const filter = (tap * g.inChannels + c) * multiplier;
      const first = depthwise ? output + c * multiplier : output;
      for (let m = 0; m < multiplier; m++) multiply(input + c, first + m, filter + m);
    }
  });
}

/** Multiplications and additions of one pass. */
export function convolutionFlops(g: Geometry, depthwise: boolean): number {
  const outputs = g.batchSize * g.outHeight * g.outWidth * g.outChannels;
  return 2 * outputs * g.filterHeight * g.filterWidth * (depthwise ? 1 : g.inChannels);
}

export function convolveInto(out: Floats, x: Floats, filter: Floats, g: Geometry, depthwise: boolean): void {
  out.fill(0);
  products(g, depthwise, (i, o, f) => (out[o]! += x[i]! * filter[f]!));
}

export function inputGradientInto(out: Floats, dy: Floats, filter: Floats, g: Geometry, depthwise: boolean): void {
  out.fill(0);
  products(g, depthwise, (i, o, f) => (out[i]! += dy[o]! * filter[f]!));
}

export function filterGradientInto(out: Floats, x: Floats, dy: Floats, g: Geometry, depthwise: boolean): void {
  // Sums run over the whole batch: float64 keeps a float32 result exact to its last digit.
  const totals = new Float64Array(out.length);
  products(g, depthwise, (i, o, f) => (totals[f]! += x[i]! * dy[o]!));
  out.set(totals);
}
