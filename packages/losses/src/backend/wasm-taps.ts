/**
 * The inner loop of a convolution's input gradient as SIMD code on the heap of the wasm backend. Every sum runs in the
 * order of the backend's own kernel, over output rows, output columns, output channels, each product and sum rounded:
 * the bits are the same.
 */
import type { WasmFunction } from '../pairwise/wasm/assembler.js';
import { assemble, Code, Locals } from '../pairwise/wasm/assembler.js';
import { wasm } from '../pairwise/wasm/webassembly.js';
import type { WasmBackend } from './wasm-memory.js';
import { heapMemory } from './wasm-memory.js';

/** Adds the meetings of one filter tap with `count` output positions, for the channels of one block. */
export interface TapAddresses {
  /** Address of the first output position's dy, of the tap's filter block [outputs][channels], and of dx. */
  readonly dy: number;
  readonly filter: number;
  readonly dx: number;
  readonly count: number;
  /** Bytes from one position to the next. */
  readonly dyStep: number;
  readonly dxStep: number;
}

/** Channels of a block: four to a vector. */
const BLOCKS = [16, 8, 4] as const;
type BlockSize = (typeof BLOCKS)[number];

/** (dy, filter, dx, groups, outputs, dyStep, dxStep, filterStep): `positions` at a time share what is loaded of the filter. */
function tapFunction(channels: BlockSize, positions: 1 | 2): WasmFunction {
  const [dy, filter, dx, groups, outputs, dyStep, dxStep, filterStep] = [0, 1, 2, 3, 4, 5, 6, 7];
  const locals = new Locals(8);
  const vectors = channels / 4;
  const at = Array.from({ length: positions }, () => ({
    dx: locals.make('i32'),
    dy: locals.make('i32'),
    pixel: locals.make('v128'),
    sums: Array.from({ length: vectors }, () => locals.make('v128')),
  }));
  const [weights, left, weight] = [locals.make('i32'), locals.make('i32'), locals.make('v128')];
  const code = new Code();
  code.repeat((group) => {
    at.forEach((each, p) => {
      group.get(dx).set(each.dx).get(dy).set(each.dy);
      if (p > 0) group.get(dx, dxStep).op('i32.add').set(each.dx).get(dy, dyStep).op('i32.add').set(each.dy);
      each.sums.forEach((sum, k) =>
        group
          .get(each.dx)
          .memory('v128.load', 16 * k)
          .set(sum),
      );
    });
    group.get(filter).set(weights).get(outputs).set(left);
    group.repeat((output) => {
      for (const each of at) {
        output.get(each.dy).memory('v128.load32_splat').set(each.pixel);
        output.get(each.dy).i32(4).op('i32.add').set(each.dy);
      }
      for (let k = 0; k < vectors; k++) {
        output
          .get(weights)
          .memory('v128.load', 16 * k)
          .set(weight);
        for (const { pixel, sums } of at)
          output.get(sums[k]!, pixel, weight).op('f32x4.mul', 'f32x4.add').set(sums[k]!);
      }
      output.get(weights, filterStep).op('i32.add').set(weights);
      output.get(left).i32(1).op('i32.sub').tee(left);
    });
    for (const each of at) each.sums.forEach((sum, k) => group.get(each.dx, sum).memory('v128.store', 16 * k));
    for (let p = 0; p < positions; p++)
      group.get(dy, dyStep).op('i32.add').set(dy).get(dx, dxStep).op('i32.add').set(dx);
    group.get(groups).i32(1).op('i32.sub').tee(groups);
  });
  return {
    parameters: Array.from({ length: 8 }, () => 'i32' as const),
    results: [],
    locals: locals.types,
    code,
    export: `taps${channels}x${positions}`,
  };
}

type Exports = Readonly<Record<string, (...numbers: number[]) => number>>;
let instance: { readonly exports: Exports; readonly memory: unknown } | undefined;

/** The code on the heap of `backend`; undefined where the runtime has no SIMD. */
export function tapCode(backend: WasmBackend): Exports | undefined {
  const memory = heapMemory(backend);
  if (memory === undefined) return undefined;
  if (instance?.memory === memory) return instance.exports;
  const functions = BLOCKS.flatMap((channels) => [tapFunction(channels, 1), tapFunction(channels, 2)]);
  const bytes = assemble(functions, [], { shared: false });
  if (!wasm.validate(bytes)) return undefined;
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
  instance = { exports, memory };
  return exports;
}

/** One filter tap against a run of output positions, in blocks of channels; `channels` is a multiple of 4. */
export function addTap(code: Exports, channels: number, outputs: number, tap: TapAddresses): void {
  const { dy, filter, dx, count, dyStep, dxStep } = tap;
  const pairs = count >> 1;
  for (let c = 0; c < channels;) {
    const block = BLOCKS.find((size) => size <= channels - c)!;
    const run = (positions: 1 | 2, groups: number, skipped: number): void => {
      if (groups === 0) return;
      const [from, to] = [dy + skipped * dyStep, dx + 4 * c + skipped * dxStep];
      code[`taps${block}x${positions}`]!(from, filter + 4 * c, to, groups, outputs, dyStep, dxStep, 4 * channels);
    };
    run(2, pairs, 0);
    run(1, count - 2 * pairs, 2 * pairs);
    c += block;
  }
}
