/**
 * The matrix products of a tile, one register-blocked micro-kernel in three layouts. A block of 4 × 8 results stays in
 * registers while k runs; the left factor is broadcast number by number, the right one comes in rows of 8.
 */
import type { ValueType, WasmFunction } from './assembler.js';
import { assemble, Code, Locals } from './assembler.js';
import type { Copies } from './copies.js';
import { copyFunctions } from './copies.js';
import { PANEL, STRIP, TILE } from './layout.js';

interface Layout {
  /** Bytes between the four rows of the left factor, and between its steps of k. */
  readonly leftRow: number;
  readonly leftStep: number;
  /** Bytes between the rows of the result. */
  readonly resultRow: number;
  /** Whether the result is added to what stands there. */
  readonly accumulate: boolean;
}

/**
 * (left, right, result, steps), steps at least 1. One step each round: V8 would move the loads of several steps to the
 * front, run out of registers and spend its time on the stack.
 */
function microKernel({ leftRow, leftStep, resultRow, accumulate }: Layout, fused: boolean): WasmFunction {
  const [left, right, result, steps] = [0, 1, 2, 3];
  const locals = new Locals(4);
  const sums = Array.from({ length: STRIP * 2 }, () => locals.make('v128'));
  const [b0, b1, a] = [locals.make('v128'), locals.make('v128'), locals.make('v128')];
  const code = new Code();
  code.repeat((loop) => {
    loop.get(right).memory('v128.load').set(b0);
    loop.get(right).memory('v128.load', 16).set(b1);
    for (let r = 0; r < STRIP; r++) {
      loop
        .get(left)
        .memory('v128.load32_splat', r * leftRow)
        .set(a);
      [b0, b1].forEach((b, half) => {
        const sum = sums[2 * r + half]!;
        if (fused) loop.get(a, b, sum).op('f32x4.relaxed_madd').set(sum);
        else loop.get(a, b).op('f32x4.mul').get(sum).op('f32x4.add').set(sum);
      });
    }
    loop.get(left).i32(leftStep).op('i32.add').set(left);
    loop
      .get(right)
      .i32(PANEL * 4)
      .op('i32.add')
      .set(right);
    loop.get(steps).i32(1).op('i32.sub').tee(steps);
  });
  // What stood there is added last: summing a tile on its own first keeps rounding from growing with the matrix.
  sums.forEach((sum, q) => {
    const offset = (q >> 1) * resultRow + (q & 1) * 16;
    code.get(result, sum);
    if (accumulate) code.get(result).memory('v128.load', offset).op('f32x4.add');
    code.memory('v128.store', offset);
  });
  return { parameters: ['i32', 'i32', 'i32', 'i32'], results: [], locals: locals.types, code };
}

/**
 * (left, right, result, steps, strips, panels, leftStrip, rightPanel, resultStrip, resultPanel): the micro-kernel for
 * every strip of 4 rows and panel of 8 columns, whose addresses lie that many bytes apart.
 */
function sweep(name: string, kernel: number): WasmFunction {
  const [left, right, result, steps, strips, panels] = [0, 1, 2, 3, 4, 5];
  const [leftStrip, rightPanel, resultStrip, resultPanel] = [6, 7, 8, 9];
  const locals = new Locals(10);
  const [at, to, rest] = [locals.make('i32'), locals.make('i32'), locals.make('i32')];
  const code = new Code();
  const advance = (c: Code, pointer: number, by: number): Code => c.get(pointer, by).op('i32.add').set(pointer);
  code.repeat((outer) => {
    outer.get(left).set(at).get(result).set(to).get(strips).set(rest);
    outer.repeat((inner) => {
      inner.get(at, right, to, steps).call(kernel);
      advance(inner, at, leftStrip);
      advance(inner, to, resultStrip);
      inner.get(rest).i32(1).op('i32.sub').tee(rest);
    });
    advance(outer, right, rightPanel);
    advance(outer, result, resultPanel);
    outer.get(panels).i32(1).op('i32.sub').tee(panels);
  });
  const parameters = Array.from({ length: 10 }, (): ValueType => 'i32');
  return { parameters, results: [], locals: locals.types, code, export: name };
}

/** Functions of the module that `productModule` assembles; the products have the parameters of `sweep`. */
export interface Products extends Copies {
  /** S = A·Bᵀ from packed strips and panels. */
  readonly scores: Sweep;
  /** dA += W·B */
  readonly rows: Sweep;
  /** dB += Wᵀ·A */
  readonly columns: Sweep;
}
export type Sweep = (
  left: number,
  right: number,
  result: number,
  steps: number,
  strips: number,
  panels: number,
  leftStrip: number,
  rightPanel: number,
  resultStrip: number,
  resultPanel: number,
) => void;

const tileRow = TILE * 4;
const panelRow = PANEL * 4;
const LAYOUTS: Record<Exclude<keyof Products, keyof Copies>, Layout> = {
  scores: { leftRow: 4, leftStep: STRIP * 4, resultRow: tileRow, accumulate: false },
  rows: { leftRow: tileRow, leftStep: 4, resultRow: panelRow, accumulate: true },
  columns: { leftRow: 4, leftStep: tileRow, resultRow: panelRow, accumulate: true },
};

/** The module of the three products and of the copies for them; `fused`: with relaxed multiply-add, whose rounding depends on the machine. */
export function productModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const layouts = Object.entries(LAYOUTS);
  return assemble([
    ...layouts.map(([, layout]) => microKernel(layout, fused)),
    ...layouts.map(([name], k) => sweep(name, k)),
    ...copyFunctions(),
  ]);
}
