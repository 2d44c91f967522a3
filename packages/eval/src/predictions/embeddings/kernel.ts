/** The matrix products that all rankings of embeddings go through, in float32 or in whole numbers, as WebAssembly SIMD. */
import type { ValueType, WasmFunction } from '@touchstone/losses/meta';
import { assemble, Code, Locals } from '@touchstone/losses/meta';

/** Rows of the left factor that the register block holds. */
export const STRIP = 4;
/** Columns of the right factor that it holds. */
export const PANEL = 8;

/**
 * What a product multiplies: float32, rounded after each multiplication and addition; float32 with relaxed multiply-add,
 * faster where there is one, and rounded as the machine does it; pairs of 16-bit whole numbers, summed in 32 bits.
 */
export type Arithmetic = 'float' | 'fused' | 'whole';

/**
 * (left, right, result, steps, stride): a block of 4 × 8 sums over `steps` ≥ 1 products, kept in registers; rows of the
 * result lie `stride` bytes apart.
 */
function block(arithmetic: Arithmetic): WasmFunction {
  const [left, right, result, steps, stride] = [0, 1, 2, 3, 4];
  const locals = new Locals(5);
  const sums = Array.from({ length: STRIP * 2 }, () => locals.make('v128'));
  const [b0, b1, a] = [locals.make('v128'), locals.make('v128'), locals.make('v128')];
  const code = new Code();
  const advance = (c: Code, pointer: number, by: number): Code => c.get(pointer).i32(by).op('i32.add').set(pointer);
  code.repeat((loop) => {
    loop.get(right).memory('v128.load').set(b0);
    loop.get(right).memory('v128.load', 16).set(b1);
    for (let r = 0; r < STRIP; r++) {
      loop
        .get(left)
        .memory('v128.load32_splat', 4 * r)
        .set(a);
      [b0, b1].forEach((b, half) => {
        const sum = sums[2 * r + half]!;
        if (arithmetic === 'fused') loop.get(a, b, sum).op('f32x4.relaxed_madd').set(sum);
        else if (arithmetic === 'whole') loop.get(a, b).op('i32x4.dot_i16x8_s').get(sum).op('i32x4.add').set(sum);
        else loop.get(a, b).op('f32x4.mul').get(sum).op('f32x4.add').set(sum);
      });
    }
    advance(loop, left, 4 * STRIP);
    advance(loop, right, 4 * PANEL);
    loop.get(steps).i32(1).op('i32.sub').tee(steps);
  });
  for (let r = 0; r < STRIP; r++) {
    code.get(result, sums[2 * r]!).memory('v128.store');
    code.get(result, sums[2 * r + 1]!).memory('v128.store', 16);
    code.get(result, stride).op('i32.add').set(result);
  }
  return { parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [], locals: locals.types, code };
}

/** (left, right, result, steps, stride, strips, panels): the block for every strip and panel, panels outside. */
function product(): WasmFunction {
  const [left, right, result, steps, stride, strips, panels] = [0, 1, 2, 3, 4, 5, 6];
  const locals = new Locals(7);
  const [at, to, rest] = [locals.make('i32'), locals.make('i32'), locals.make('i32')];
  const code = new Code();
  const times = (c: Code, local: number, by: number): Code => c.get(local).i32(by).op('i32.mul');
  code.repeat((outer) => {
    outer.get(left).set(at).get(result).set(to).get(strips).set(rest);
    outer.repeat((inner) => {
      inner.get(at, right, to, steps, stride).call(0);
      times(inner, steps, 4 * STRIP)
        .get(at)
        .op('i32.add')
        .set(at);
      times(inner, stride, STRIP).get(to).op('i32.add').set(to);
      inner.get(rest).i32(1).op('i32.sub').tee(rest);
    });
    times(outer, steps, 4 * PANEL)
      .get(right)
      .op('i32.add')
      .set(right);
    outer
      .get(result)
      .i32(4 * PANEL)
      .op('i32.add')
      .set(result);
    outer.get(panels).i32(1).op('i32.sub').tee(panels);
  });
  const parameters = Array.from({ length: 7 }, (): ValueType => 'i32');
  return { parameters, results: [], locals: locals.types, code, export: 'product' };
}

/** What the module exports; all numbers but steps, strips and panels are bytes. */
export type Product = (
  left: number,
  right: number,
  result: number,
  steps: number,
  stride: number,
  strips: number,
  panels: number,
) => void;

export const productModule = (arithmetic: Exclude<Arithmetic, 'whole'>): Uint8Array<ArrayBuffer> =>
  assemble([block(arithmetic), product()]);

/**
 * (tile, rows, groups, stride, rowTops, rowFloors, rowAbove, columnTops, columnFloors, columnAbove, events): reads a tile
 * of 32-bit whole numbers, `groups` × 4 columns in each row. Every row and every column has a top and a floor. Numbers
 * above the top are counted in `above`; the address of a group of four with one above the floor and not above the top,
 * of its row or of its column, is appended to `events`. → the end of `events`.
 */
function scan(): WasmFunction {
  const [tile, rows, groups, stride, rowTops, rowFloors, rowAbove, tops, floors, above, events] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ];
  const locals = new Locals(11);
  const [value, top, floor] = [locals.make('v128'), locals.make('v128'), locals.make('v128')];
  const [beyond, own, counted] = [locals.make('v128'), locals.make('v128'), locals.make('v128')];
  const [at, rest, j] = [locals.make('i32'), locals.make('i32'), locals.make('i32')];
  const code = new Code();
  const advance = (c: Code, pointer: number, by: number): Code => c.get(pointer).i32(by).op('i32.add').set(pointer);
  code.repeat((outer) => {
    outer.get(rowTops).memory('v128.load32_splat').set(top);
    outer.get(rowFloors).memory('v128.load32_splat').set(floor);
    outer.v128([0, 0, 0, 0]).set(counted);
    outer.get(tile).set(at).get(groups).set(rest).i32(0).set(j);
    outer.repeat((inner) => {
      inner.get(at).memory('v128.load').tee(value).get(top).op('i32x4.gt_s').set(own);
      inner.get(counted, own).op('i32x4.sub').set(counted);
      inner.get(value).get(tops, j).op('i32.add').memory('v128.load').op('i32x4.gt_s').set(beyond);
      inner.get(above, j).op('i32.add');
      inner.get(above, j).op('i32.add').memory('v128.load').get(beyond).op('i32x4.sub').memory('v128.store');
      inner.get(value, floor).op('i32x4.gt_s').get(own).op('v128.andnot');
      inner.get(value).get(floors, j).op('i32.add').memory('v128.load').op('i32x4.gt_s').get(beyond).op('v128.andnot');
      inner.op('v128.or', 'v128.any_true').when((found) => {
        found.get(events, at).memory('i32.store');
        advance(found, events, 4);
      });
      advance(inner, at, 16);
      advance(inner, j, 16);
      inner.get(rest).i32(1).op('i32.sub').tee(rest);
    });
    outer.get(rowAbove).get(rowAbove).memory('i32.load');
    for (let lane = 0; lane < 4; lane++) outer.get(counted).lane('i32', lane).op('i32.add');
    outer.memory('i32.store');
    for (const pointer of [rowTops, rowFloors, rowAbove]) advance(outer, pointer, 4);
    outer.get(tile, stride).op('i32.add').set(tile);
    outer.get(rows).i32(1).op('i32.sub').tee(rows);
  });
  code.get(events);
  const parameters = Array.from({ length: 11 }, (): ValueType => 'i32');
  return { parameters, results: ['i32'], locals: locals.types, code, export: 'scan' };
}

export type Scan = (
  tile: number,
  rows: number,
  groups: number,
  stride: number,
  rowTops: number,
  rowFloors: number,
  rowAbove: number,
  columnTops: number,
  columnFloors: number,
  columnAbove: number,
  events: number,
) => number;

/** Exports `product` of whole numbers and `scan`. */
export const countingModule = (): Uint8Array<ArrayBuffer> => assemble([block('whole'), product(), scan()]);
