/** Compares an executor of pairwise programs with the reference, within what rounding to float32 can explain. */
import { expect } from 'vitest';
import type { Statistic } from '../src/pairwise/declaration.js';
import { FLOOR, statistic } from '../src/pairwise/declaration.js';
import type { Side, Value } from '../src/pairwise/expression.js';
import * as e from '../src/pairwise/expression.js';
import type { BackwardProgram, ForwardProgram } from '../src/pairwise/program.js';
import { backwardProgram, blocksOf, forwardProgram } from '../src/pairwise/program.js';
import { referenceBackward, referenceForward } from '../src/pairwise/reference.js';
import type { FloatArrays } from '../src/pairwise/wasm/engine.js';
import { sensitivity } from './pair-cases.js';

/** Times the sensitivity of a value: how far rounding may move it. */
const ROUNDING = 24 * 2 ** -23;

export type Forward = (program: ForwardProgram, arrays: FloatArrays) => Float32Array;
export type Backward = (
  program: BackwardProgram,
  arrays: FloatArrays,
  want: { readonly a: boolean; readonly b: boolean },
) => { readonly a: Float32Array | undefined; readonly b: Float32Array | undefined };

const lengthOf = (statistics: readonly Statistic[], { a, b }: FloatArrays): number =>
  blocksOf(statistics, a.rows, b.rows).reduce((total, { length }) => total + length, 0);

function run(statistics: readonly Statistic[], arrays: Parameters<typeof referenceForward>[1], length: number) {
  const out = new Float64Array(length);
  referenceForward(forwardProgram('reference', statistics), arrays, out);
  return out;
}

/** How far each value may be off: sums over the sum of sensitivities, all others over the largest. */
function boundsOf(statistics: readonly Statistic[], arrays: FloatArrays): Float64Array[] {
  const scale = statistics.map(({ per, kind, of, over }): Statistic => ({
    per,
    kind: kind === 'sum' ? 'sum' : 'max',
    of: sensitivity(of),
    over,
  }));
  const values = run(scale, arrays, lengthOf(scale, arrays));
  return blocksOf(scale, arrays.a.rows, arrays.b.rows)
    .filter(({ part }) => part === 'value')
    .map(({ offset, length }) => values.slice(offset, offset + length).map((x) => ROUNDING * (1 + Math.abs(x))));
}

export function expectForward(forward: Forward, statistics: readonly Statistic[], arrays: FloatArrays): void {
  const program = forwardProgram('checked', statistics);
  const found = forward(program, arrays);
  const wanted = run(statistics, arrays, found.length);
  const bounds = boundsOf(statistics, arrays);
  for (const { statistic: k, part, offset, length } of blocksOf(statistics, arrays.a.rows, arrays.b.rows)) {
    if (part === 'position') {
      const positions = found.subarray(offset, offset + length);
      expectWinners(
        statistics[k]!,
        arrays,
        positions,
        wanted.subarray(offset - length, offset),
        bounds[k]!,
        program.key,
      );
      continue;
    }
    for (let at = 0; at < length; at++) {
      const where = `${program.key}: ${part} ${at} of ${k}`;
      const exact = wanted[part === 'value' ? offset + at : offset - length + at]!;
      const value = found[part === 'value' ? offset + at : offset - length + at]!;
      if (Math.abs(exact) === -FLOOR) expect(value, where).toBe(Math.fround(exact));
      else if (part === 'value') expect(Math.abs(value - exact), where).toBeLessThanOrEqual(bounds[k]![at]!);
      else {
        const residual = found[offset + at]!;
        expect(Math.abs(value + residual - exact), where).toBeLessThanOrEqual(bounds[k]![at]!);
        expect(Math.abs(residual), where).toBeLessThanOrEqual(2 ** -23 * Math.abs(value));
      }
    }
  }
}

/** A winner stands under the mask and is within rounding of the best; −1 where nothing does. */
function expectWinners(
  { per, kind, of, over }: Statistic,
  arrays: FloatArrays,
  positions: Float32Array,
  best: Float64Array,
  bounds: Float64Array,
  key: string,
): void {
  const chosen = { chosen: positions };
  const chosenAlone = run(
    [{ per, kind, of, over: e.and(over, e.atPosition(per, 'chosen')) }],
    {
      ...arrays,
      rowFields: { ...arrays.rowFields, ...(per === 'row' ? chosen : {}) },
      columnFields: { ...arrays.columnFields, ...(per === 'column' ? chosen : {}) },
    },
    2 * positions.length,
  );
  positions.forEach((position, at) => {
    const where = `${key}: winner ${at}`;
    if (Math.abs(best[at]!) === -FLOOR) return expect(position, where).toBe(-1);
    expect(chosenAlone[positions.length + at], where).toBe(position);
    expect(Math.abs(chosenAlone[at]! - best[at]!), where).toBeLessThanOrEqual(bounds[at]!);
  });
}

export function expectBackward(
  backward: Backward,
  weight: Value,
  arrays: FloatArrays,
  want = { a: true, b: true },
): void {
  const program = backwardProgram('checked', weight);
  const shared = arrays.a === arrays.b;
  const found = backward(program, arrays, want);
  expect([found.a !== undefined, found.b !== undefined]).toEqual([want.a, want.b && !shared]);
  const da = new Float64Array(arrays.a.data.length);
  const db = shared ? da : new Float64Array(arrays.b.data.length);
  referenceBackward(program, arrays, da, db);
  const bounds = gradientBounds(weight, arrays);
  [found.a, found.b].forEach((values, side) =>
    values?.forEach((x, q) => {
      const exact = (side === 0 ? da : db)[q]!;
      expect(Math.abs(x - exact), `${program.key}: ${q} of ${side}`).toBeLessThanOrEqual(bounds[side]![q]!);
    }),
  );
}

/** Σ_j sensitivity(w_ij)·|b_jk| and its counterpart, by the reference's own sums. */
function gradientBounds(weight: Value, arrays: FloatArrays): readonly Float64Array[] {
  const { a, b } = arrays;
  const d = a.columns;
  const bound = e.add(1, sensitivity(weight));
  const sums = (per: Side, of: FloatArrays['a'], length: number): Float64Array => {
    const out = new Float64Array(length * d);
    const name = (k: number): string => `factor${k}`;
    const factors = Object.fromEntries(
      Array.from({ length: d }, (_, k) => [
        name(k),
        Float64Array.from({ length: of.rows }, (_unused, row) => Math.abs(of.data[row * d + k]!)),
      ]),
    );
    const fields = {
      ...arrays,
      rowFields: { ...arrays.rowFields, ...(per === 'column' ? factors : {}) },
      columnFields: { ...arrays.columnFields, ...(per === 'row' ? factors : {}) },
    };
    const statistics = Array.from({ length: d }, (_, k) =>
      statistic('sum', e.mul(bound, per === 'row' ? e.column(name(k)) : e.row(name(k))), { per }),
    );
    const values = run(statistics, fields, length * d);
    for (let k = 0; k < d; k++) for (let row = 0; row < length; row++) out[row * d + k] = values[k * length + row]!;
    return out;
  };
  const [da, db] = [sums('row', b, a.rows), sums('column', a, b.rows)];
  const whole = a === b ? [da.map((x, q) => x + db[q]!), db] : [da, db];
  return whole.map((side) => side.map((x) => ROUNDING * (1 + x)));
}
