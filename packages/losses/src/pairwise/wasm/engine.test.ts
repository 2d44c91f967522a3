import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyArrays,
  anyMask,
  anyStatistic,
  anyValue,
  arraysOf,
  sensitivities,
  sensitivity,
} from '../../../testing/pair-cases.js';
import type { Statistic } from '../declaration.js';
import { FLOOR, statistic } from '../declaration.js';
import * as e from '../expression.js';
import { backwardProgram, blocksOf, forwardProgram } from '../program.js';
import { referenceBackward, referenceForward } from '../reference.js';
import type { FloatArrays } from './engine.js';
import { backwardArrays, forwardArrays } from './engine.js';
import { memoryOf, pairMemoryBytes, releasePairMemory } from './memory.js';
import { setPairThreads } from './threads.js';

/** Whatever a run does not write itself is NaN. */
function poison(): void {
  new Uint8Array(memoryOf(Math.max(1, pairMemoryBytes())).buffer).fill(0xff);
}

const seed = Date.now() % 2 ** 31;
const EPSILON = 2 ** -23;

function checkForward(statistics: readonly Statistic[], arrays: FloatArrays): void {
  const program = forwardProgram('random', statistics);
  const [n, m] = [arrays.a.rows, arrays.b.rows];
  poison();
  const found = forwardArrays(program, arrays);
  const wanted = new Float64Array(found.length);
  referenceForward(program, arrays, wanted);
  const scale = sensitivities(statistics);
  const bounds = new Float64Array(blocksOf(scale, n, m).reduce((t, { length }) => t + length, 0));
  referenceForward(forwardProgram('scale', scale), arrays, bounds);
  const scaleBlocks = blocksOf(scale, n, m).filter(({ part }) => part === 'value');
  const winners = winnersOf(statistics, arrays);
  for (const { statistic: k, part, offset, length } of blocksOf(statistics, n, m))
    for (let at = 0; at < length; at++) {
      const [x, y] = [found[offset + at]!, wanted[offset + at]!];
      const bound = 24 * EPSILON * (1 + Math.abs(bounds[scaleBlocks[k]!.offset + at]!));
      const where = `${program.key} [${k}, ${part}, ${at}]`;
      if (part === 'value') {
        if (Math.abs(y) === -FLOOR) expect(x, where).toBe(Math.fround(y));
        else expect(Math.abs(x - y), where).toBeLessThanOrEqual(bound);
      } else if (part === 'position') winners(k, at, x, bound, where);
      else if (Math.abs(wanted[offset - length + at]!) !== -FLOOR) {
        const exact = wanted[offset - length + at]!;
        expect(Math.abs(found[offset - length + at]! + x - exact), where).toBeLessThanOrEqual(bound);
        expect(Math.abs(x), where).toBeLessThanOrEqual(EPSILON * Math.abs(found[offset - length + at]!));
      }
    }
}

/** Checks a position: a pair of the mask whose value is within rounding of the best; −1 where there is none. */
function winnersOf(statistics: readonly Statistic[], arrays: FloatArrays) {
  return (k: number, at: number, position: number, bound: number, where: string): void => {
    const { per, kind, of, over } = statistics[k]!;
    const chosen = e.and(over, e.atPosition(per, 'chosen'));
    const length = per === 'row' ? arrays.a.rows : arrays.b.rows;
    const field = { chosen: new Float64Array(length).fill(-1) };
    field.chosen[at] = position;
    const given = {
      ...arrays,
      rowFields: { ...arrays.rowFields, ...(per === 'row' ? field : {}) },
      columnFields: { ...arrays.columnFields, ...(per === 'column' ? field : {}) },
    };
    const program = forwardProgram('winner', [
      { per, kind, of, over },
      { per, kind, of, over: chosen },
    ]);
    const out = new Float64Array(4 * length);
    referenceForward(program, given, out);
    if (Math.abs(out[at]!) === -FLOOR) expect(position, where).toBe(-1);
    else {
      expect(out[3 * length + at], where).toBe(position);
      expect(Math.abs(out[at]! - out[2 * length + at]!), where).toBeLessThanOrEqual(bound);
    }
  };
}

function checkBackward(weight: e.Value, arrays: FloatArrays, want = { a: true, b: true }): void {
  const program = backwardProgram('random', weight);
  const shared = arrays.a === arrays.b;
  poison();
  const found = backwardArrays(program, arrays, want);
  expect(found.b === undefined).toBe(shared || !want.b);
  expect(found.a === undefined).toBe(!want.a);
  const sides = (of: e.Value, given: FloatArrays): readonly Float64Array[] => {
    const da = new Float64Array(arrays.a.data.length);
    const db = shared ? da : new Float64Array(arrays.b.data.length);
    referenceBackward(backwardProgram('random', of), given, da, db);
    return [da, db];
  };
  const wanted = sides(weight, arrays);
  // Every part of a bound is positive: factors and weights by magnitude. Scores stay those of the true factors.
  const magnitude = magnitudes(weight, arrays);
  [found.a, found.b].forEach((values, k) =>
    values?.forEach((x, q) =>
      expect(Math.abs(x - wanted[k]![q]!), `${program.key} [${k}, ${q}]`).toBeLessThanOrEqual(
        24 * EPSILON * (1 + magnitude[k]![q]!),
      ),
    ),
  );
}

/** Σ_j bound(w_ij)·|b_jk| and its counterpart, by the reference's own statistics. */
function magnitudes(weight: e.Value, arrays: FloatArrays): readonly Float64Array[] {
  const { a, b } = arrays;
  const bound = e.add(1, sensitivity(weight));
  const sum = (per: e.Side, field: string, data: Float32Array, d: number, k: number): Float64Array => {
    const values = Float64Array.from({ length: data.length / d }, (_, row) => Math.abs(data[row * d + k]!));
    const factor = per === 'row' ? e.column(field) : e.row(field);
    const program = forwardProgram('bound', [statistic('sum', e.mul(bound, factor), { per })]);
    const out = new Float64Array(per === 'row' ? a.rows : b.rows);
    referenceForward(
      program,
      {
        ...arrays,
        rowFields: { ...arrays.rowFields, ...(per === 'column' ? { [field]: values } : {}) },
        columnFields: { ...arrays.columnFields, ...(per === 'row' ? { [field]: values } : {}) },
      },
      out,
    );
    return out;
  };
  const d = a.columns;
  const [da, db] = [new Float64Array(a.data.length), new Float64Array(b.data.length)];
  for (let k = 0; k < d; k++) {
    sum('row', 'factor', b.data, d, k).forEach((x, row) => (da[row * d + k]! += x));
    sum('column', 'factor', a.data, d, k).forEach((x, row) => (db[row * d + k]! += x));
  }
  return a === b ? [da.map((x, q) => x + db[q]!), db] : [da, db];
}

describe(`random programs, seed ${seed}`, () => {
  it('give the statistics of the reference', () => {
    fc.assert(
      fc.property(fc.array(anyStatistic, { minLength: 1, maxLength: 4 }), anyArrays, (statistics, arrays) =>
        checkForward(statistics, arrays),
      ),
      { seed, numRuns: 150 },
    );
  });
  it('give the gradients of the reference', () => {
    fc.assert(
      fc.property(anyValue, anyMask, anyArrays, (weight, mask, arrays) =>
        checkBackward(e.select(mask, weight, 0), arrays),
      ),
      { seed, numRuns: 60 },
    );
  });
});
