/** The loops over columns of the assignment problem, as WebAssembly SIMD on float64. */
import type { ValueType, WasmFunction } from '@touchstone/losses/meta';
import { assemble, Code, Locals } from '@touchstone/losses/meta';

/** Columns that one turn of a loop takes. */
export const GROUP = 4;

type Pair = readonly [number, number];

const pair = (locals: Locals): Pair => [locals.make('v128'), locals.make('v128')];
const advance = (code: Code, pointers: readonly number[]): void => {
  for (const pointer of pointers)
    code
      .get(pointer)
      .i32(8 * GROUP)
      .op('i32.add')
      .set(pointer);
};
const again = (code: Code, groups: number): Code => code.get(groups).i32(1).op('i32.sub').tee(groups);

/**
 * (costs, prices, distances, previous, base, row, groups): distance = min(distance, base + cost − price) of each column,
 * with `row` as its previous where it fell. → the least distance.
 */
function relax(): WasmFunction {
  const [costs, prices, distances, previous, base, row, groups] = [0, 1, 2, 3, 4, 5, 6];
  const locals = new Locals(7);
  const [reduced, fell, least] = [pair(locals), pair(locals), pair(locals)];
  const [bases, rows] = pair(locals);
  const code = new Code();
  code.get(base).op('f64x2.splat').set(bases).get(row).op('f64x2.splat').set(rows);
  for (const each of least) code.f64(Infinity).op('f64x2.splat').set(each);
  code.repeat((loop) => {
    for (const half of [0, 1] as const) {
      const at = 16 * half;
      loop.get(costs).memory('v128.load', at).get(bases).op('f64x2.add');
      loop.get(prices).memory('v128.load', at).op('f64x2.sub').tee(reduced[half]);
      loop.get(distances).memory('v128.load', at).op('f64x2.lt').set(fell[half]);
      loop.get(distances).get(distances).memory('v128.load', at).get(reduced[half]).op('f64x2.pmin');
      loop.tee(reduced[half]).memory('v128.store', at);
      loop.get(previous, rows).get(previous).memory('v128.load', at).get(fell[half]).op('v128.bitselect');
      loop.memory('v128.store', at);
      loop.get(least[half], reduced[half]).op('f64x2.pmin').set(least[half]);
    }
    advance(loop, [costs, prices, distances, previous]);
    again(loop, groups);
  });
  code
    .get(...least)
    .op('f64x2.pmin')
    .set(least[0]);
  least.forEach((_, lane) => code.get(least[0]).lane('f64', lane));
  // Both lanes once more, for the lesser.
  least.forEach((_, lane) => code.get(least[0]).lane('f64', lane));
  code.op('f64.lt', 'select');
  const parameters: ValueType[] = ['i32', 'i32', 'i32', 'i32', 'f64', 'f64', 'i32'];
  return { parameters, results: ['f64'], locals: locals.types, code, export: 'relax' };
}

/** (costs, prices, groups, out): the least and the second least cost − price, which may be equal, to out[0] and out[1]. */
function twoLeast(): WasmFunction {
  const [costs, prices, groups, out] = [0, 1, 2, 3];
  const locals = new Locals(4);
  const [value, least, second] = [pair(locals), pair(locals), pair(locals)];
  const [a, b] = pair(locals);
  const code = new Code();
  for (const each of [...least, ...second]) code.f64(Infinity).op('f64x2.splat').set(each);
  code.repeat((loop) => {
    for (const half of [0, 1] as const) {
      loop.get(costs).memory('v128.load', 16 * half);
      loop
        .get(prices)
        .memory('v128.load', 16 * half)
        .op('f64x2.sub')
        .tee(value[half]);
      loop.get(least[half]).op('f64x2.pmax').get(second[half]).op('f64x2.pmin').set(second[half]);
      loop.get(least[half], value[half]).op('f64x2.pmin').set(least[half]);
    }
    advance(loop, [costs, prices]);
    again(loop, groups);
  });
  // Of both halves; the lanes are for the caller.
  code
    .get(...least)
    .op('f64x2.pmin')
    .set(a);
  code
    .get(...least)
    .op('f64x2.pmax')
    .get(...second)
    .op('f64x2.pmin', 'f64x2.pmin')
    .set(b);
  code.get(out, a).memory('v128.store').get(out, b).memory('v128.store', 16);
  return { parameters: ['i32', 'i32', 'i32', 'i32'], results: [], locals: locals.types, code, export: 'twoLeast' };
}

/**
 * (costs, prices, wanted, at, groups): the first group, from the address `at` bytes into both on, where some
 * cost − price is `wanted`. → its distance in bytes from the start of both, or `groups` × 32 where there is none.
 */
function find(): WasmFunction {
  const [costs, prices, wanted, at, end] = [0, 1, 2, 3, 4];
  const locals = new Locals(5);
  const value = locals.make('v128');
  const code = new Code();
  code.get(wanted).op('f64x2.splat').set(value);
  code
    .get(end)
    .i32(8 * GROUP)
    .op('i32.mul')
    .set(end);
  code.repeat((loop) => {
    loop
      .get(at, end)
      .op('i32.eq')
      .when((none) => none.get(end).op('return'));
    for (const half of [0, 1]) {
      loop
        .get(costs, at)
        .op('i32.add')
        .memory('v128.load', 16 * half);
      loop
        .get(prices, at)
        .op('i32.add')
        .memory('v128.load', 16 * half)
        .op('f64x2.sub')
        .get(value)
        .op('f64x2.eq');
    }
    loop.op('v128.or', 'v128.any_true').when((found) => found.get(at).op('return'));
    advance(loop, [at]);
    loop.i32(1);
  });
  code.get(end);
  const parameters: ValueType[] = ['i32', 'i32', 'f64', 'i32', 'i32'];
  return { parameters, results: ['i32'], locals: locals.types, code, export: 'find' };
}

/** All pointers are bytes; `groups` counts GROUP columns. */
export interface AssignmentKernels {
  relax(
    costs: number,
    prices: number,
    distances: number,
    previous: number,
    base: number,
    row: number,
    groups: number,
  ): number;
  twoLeast(costs: number, prices: number, groups: number, out: number): void;
  find(costs: number, prices: number, wanted: number, at: number, groups: number): number;
}

export const assignmentModule = (): Uint8Array<ArrayBuffer> => assemble([relax(), twoLeast(), find()]);
