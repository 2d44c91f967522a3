import { describe, expect, it } from 'vitest';
import { sigmoid, softplus } from '../../core/special.js';
import { statistic } from '../declaration.js';
import type { UnaryFunction } from '../expression.js';
import { column } from '../expression.js';
import type { Value } from '../expression.js';
import { forwardProgram } from '../program.js';
import { forwardArrays } from './engine.js';

/** f of every entry, through a program with one row whose statistic of each column is f of a field. */
function apply(f: UnaryFunction, values: Float32Array): Float32Array {
  const of: Value = { kind: 'unary', f, x: column('x') };
  const program = forwardProgram('function', [statistic('sum', of, { per: 'column' })]);
  const none = new Float32Array(0);
  return forwardArrays(program, {
    a: { data: none, rows: 1, columns: 0 },
    b: { data: none, rows: values.length, columns: 0 },
    rowFields: {},
    columnFields: { x: values },
    rowIds: {},
    columnIds: {},
    relations: {},
    uniforms: {},
  });
}

const exact: Partial<Record<UnaryFunction, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sigmoid,
  softplus,
  acos: Math.acos,
  sqrt: Math.sqrt,
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  relu: (x) => Math.max(x, 0),
  detach: (x) => x,
};

const bits = new Int32Array(1);
const single = new Float32Array(bits.buffer);
function unitInLastPlace(x: number): number {
  single[0] = Math.abs(x);
  const low = single[0];
  bits[0]! += 1;
  return single[0] - low;
}

const ramp = (from: number, to: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
const powers = (from: number, to: number): Float32Array =>
  Float32Array.from({ length: 4000 }, (_, k) => 2 ** (from + ((to - from) * k) / 3999));

const ranges: readonly (readonly [UnaryFunction, Float32Array, number])[] = [
  ['exp', ramp(-86.9, 88.7, 40000), 2],
  ['exp', ramp(-1, 1, 40000), 1],
  ['log', powers(-149, 127.9), 2],
  ['log', ramp(0.5, 2, 40000), 2],
  ['sigmoid', ramp(-86, 86, 40000), 3],
  ['softplus', ramp(-86, 86, 40000), 2.5],
  ['softplus', ramp(-4, 4, 40000), 2.5],
  ['acos', ramp(-1, 1, 40000), 2],
  ['acos', ramp(0.999, 1, 20000), 2],
  ['sqrt', powers(-120, 120), 0.5],
  ['square', ramp(-9, 9, 999), 0.5],
  ['abs', ramp(-9, 9, 999), 0],
  ['neg', ramp(-9, 9, 999), 0],
  ['relu', ramp(-9, 9, 999), 0],
  ['detach', ramp(-9, 9, 999), 0],
];

describe('elementary functions of four lanes', () => {
  it.each(ranges.map(([f, values, bound]) => [f, values[0]!, values.at(-1)!, values, bound] as const))(
    '%s on [%d, %d] is accurate to a few units in the last place',
    (f, _from, _to, values, bound) => {
      const found = apply(f, values);
      let worst = 0;
      values.forEach((x, k) => {
        const wanted = exact[f]!(x);
        worst = Math.max(worst, Math.abs(found[k]! - wanted) / unitInLastPlace(Math.fround(wanted)));
      });
      expect(worst).toBeLessThanOrEqual(bound);
    },
  );

  it.each(Object.keys(exact) as UnaryFunction[])('%s is right at the ends of the range and keeps NaN', (f) => {
    const values = Float32Array.from([0, 1, -1, 200, -200, 1e30, -1e30, Infinity, -Infinity, NaN]);
    const found = apply(f, values);
    values.forEach((x, k) => {
      const wanted = Math.fround(exact[f]!(x));
      if (Number.isFinite(wanted))
        expect(Math.abs(found[k]! - wanted)).toBeLessThanOrEqual(2e-7 * Math.abs(wanted) + 2e-38);
      else expect(found[k]).toBe(wanted);
    });
  });
});
