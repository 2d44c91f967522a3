/** Functions that bring matrices into the order in which the products read them, and back. */
import type { WasmFunction } from './assembler.js';
import { Code, Locals } from './assembler.js';

const advance = (code: Code, pointer: number, by: (c: Code) => Code): Code =>
  by(code.get(pointer)).op('i32.add').set(pointer);

/**
 * (from, to, steps, rowBytes, stepBytes): four rows, rowBytes apart, become columns, stepBytes apart; four numbers of each
 * row a step.
 */
function transpose(): WasmFunction {
  const [from, to, steps, rowBytes, stepBytes] = [0, 1, 2, 3, 4];
  const locals = new Locals(5);
  const [row, column] = [locals.make('i32'), locals.make('i32')];
  const rows = [0, 1, 2, 3].map(() => locals.make('v128'));
  const pairs = [0, 1, 2, 3].map(() => locals.make('v128'));
  const code = new Code();
  code.repeat((loop) => {
    loop.get(from).set(row);
    rows.forEach((local, k) => {
      if (k > 0) advance(loop, row, (c) => c.get(rowBytes));
      loop.get(row).memory('v128.load').set(local);
    });
    const [a, b, c, d] = rows as [number, number, number, number];
    const [low, high, lowOfRest, highOfRest] = pairs as [number, number, number, number];
    loop.get(a, b).shuffle([0, 4, 1, 5]).set(low);
    loop.get(a, b).shuffle([2, 6, 3, 7]).set(high);
    loop.get(c, d).shuffle([0, 4, 1, 5]).set(lowOfRest);
    loop.get(c, d).shuffle([2, 6, 3, 7]).set(highOfRest);
    loop.get(to).set(column);
    const columns = [
      [low, lowOfRest, [0, 1, 4, 5]],
      [low, lowOfRest, [2, 3, 6, 7]],
      [high, highOfRest, [0, 1, 4, 5]],
      [high, highOfRest, [2, 3, 6, 7]],
    ] as const;
    for (const [x, y, lanes] of columns) {
      loop.get(column, x, y).shuffle(lanes).memory('v128.store');
      advance(loop, column, (c) => c.get(stepBytes));
    }
    loop.get(column).set(to);
    advance(loop, from, (c) => c.i32(16));
    loop.get(steps).i32(1).op('i32.sub').tee(steps);
  });
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return { parameters, results: [], locals: locals.types, code, export: 'transpose' };
}

/** (from, to, count, fromBytes, toBytes): copies eight numbers `count` times, each that many bytes after the last. */
function copyEights(): WasmFunction {
  const [from, to, count, fromBytes, toBytes] = [0, 1, 2, 3, 4];
  const code = new Code();
  code.repeat((loop) => {
    for (const half of [0, 16]) loop.get(to, from).memory('v128.load', half).memory('v128.store', half);
    advance(loop, from, (c) => c.get(fromBytes));
    advance(loop, to, (c) => c.get(toBytes));
    loop.get(count).i32(1).op('i32.sub').tee(count);
  });
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return { parameters, results: [], locals: [], code, export: 'copyEights' };
}

export interface Copies {
  readonly transpose: (from: number, to: number, steps: number, rowBytes: number, stepBytes: number) => void;
  readonly copyEights: (from: number, to: number, count: number, fromBytes: number, toBytes: number) => void;
}

export const copyFunctions = (): readonly WasmFunction[] => [transpose(), copyEights()];
