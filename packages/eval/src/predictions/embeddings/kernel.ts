/** The one float32 matrix product that all rankings of embeddings go through, as a WebAssembly SIMD module. */
import type { ValueType, WasmFunction } from '@touchstone/losses/meta';
import { assemble, Code, Locals } from '@touchstone/losses/meta';

/** Rows of the left factor that the register block holds. */
export const STRIP = 4;
/** Columns of the right factor that it holds. */
export const PANEL = 8;

/**
 * (left, right, result, steps, stride): a block of 4 × 8 sums over `steps` ≥ 1 products, kept in registers; rows of the
 * result lie `stride` bytes apart.
 */
function block(fused: boolean): WasmFunction {
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
        if (fused) loop.get(a, b, sum).op('f32x4.relaxed_madd').set(sum);
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

/** `fused`: with relaxed multiply-add, faster where there is one, and rounded as the machine does it. */
export const productModule = (fused: boolean): Uint8Array<ArrayBuffer> => assemble([block(fused), product()]);
