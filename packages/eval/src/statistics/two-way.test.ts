import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupUnits, outcomeMatrix, seedMeans, withoutMissing } from './outcomes.js';
import { pairedDifference, summarise } from './summary.js';
import { combineParts, twoWayDifference, twoWayInterval } from './two-way.js';

const rows = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 9 })).chain(([seeds, units]) =>
  fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: units, maxLength: units }), {
    minLength: seeds,
    maxLength: seeds,
  }),
);

describe('two-way intervals', () => {
  it('work by hand: two seeds, three units', () => {
    // Seed means 2 and 4, unit means 1, 3, 5; residuals ±1 and 0: Var_seed/S = 1, Var_unit/U = 4/3, Var_interaction/(S·U) = 1/3.
    const { mean, standardError, degrees, interval, components } = twoWayInterval(
      outcomeMatrix([
        [1, 2, 3],
        [1, 4, 7],
      ]),
    );
    expect(mean).toBe(3);
    expect(standardError! ** 2).toBeCloseTo(1 + 4 / 3 - 1 / 3, 14);
    expect(degrees).toBeCloseTo(2 ** 2 / (1 + (4 / 3) ** 2 / 2 + (1 / 3) ** 2 / 2), 14);
    expect(interval!.over).toBe('BOTH');
    expect([components.seed, components.unit, components.interaction].map((value) => value!.toFixed(12))).toEqual(
      [4 / 3, 3, 2].map((value) => value.toFixed(12)),
    );
  });

  it('say what they cover', () => {
    expect(twoWayInterval(outcomeMatrix([[1, 2, 4]])).interval!.over).toBe('EXAMPLES');
    expect(twoWayInterval(outcomeMatrix([[1], [2], [4]])).interval!.over).toBe('SEEDS');
    expect(twoWayInterval(outcomeMatrix([[1]]))).toMatchObject({ mean: 1, interval: null, standardError: null });
    const matrix = outcomeMatrix([
      [1, 2],
      [3, 5],
    ]);
    expect(twoWayInterval(matrix, { resampling: { unit: 'none' } }).interval!.over).toBe('SEEDS');
  });

  it('over seeds alone are those of the seed summary', () => {
    const scores = [0.61, 0.64, 0.6, 0.66, 0.63];
    const found = twoWayInterval(outcomeMatrix(scores.map((score) => [score]))).interval!;
    const expected = summarise(scores).interval!;
    expect(found.low).toBeCloseTo(expected.low, 14);
    expect(found.high).toBeCloseTo(expected.high, 14);
    const b = [0.6, 0.6, 0.61, 0.62, 0.6];
    const pair = twoWayDifference(
      outcomeMatrix(scores.map((score) => [score])),
      outcomeMatrix(b.map((score) => [score])),
    );
    const map = (values: number[]): Map<number, number> => new Map(values.map((value, seed) => [seed, value]));
    expect(pair.p).toBeCloseTo(pairedDifference(map(scores), map(b))!.p!, 14);
  });

  it('take a component that is estimated below zero as zero', () => {
    const parts = { seedDegrees: 4, unitDegrees: 99, interaction: 3 };
    expect(combineParts({ ...parts, seed: 2, unit: 5 })).toEqual({ variance: 5, degrees: 99, over: 'BOTH' });
    expect(combineParts({ ...parts, seed: 5, unit: 2 })).toEqual({ variance: 5, degrees: 4, over: 'BOTH' });
    expect(combineParts({ ...parts, seed: 1, unit: 2 })).toEqual({ variance: 3, degrees: 396, over: 'BOTH' });
    expect(combineParts({ ...parts, seed: null, unit: null })).toBeNull();
  });

  it('are the same for any order of seeds and units, and move with the outcomes', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -9, max: 9 }), (values, shift) => {
        const found = twoWayInterval(outcomeMatrix(values));
        const turned = twoWayInterval(outcomeMatrix([...values].reverse().map((row) => [...row].reverse())));
        const moved = twoWayInterval(outcomeMatrix(values.map((row) => row.map((value) => value + shift))));
        expect(turned.mean).toBeCloseTo(found.mean, 10);
        expect(turned.standardError).toBeCloseTo(found.standardError!, 8);
        expect(moved.interval!.low).toBeCloseTo(found.interval!.low + shift, 6);
      }),
    );
  });

  it('of a difference turn round with its sides, and call equal sides equal', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const a = outcomeMatrix(values);
        const b = outcomeMatrix(
          values.map((row, seed) => row.map((value, unit) => value + ((seed * 7 + unit * 3) % 5))),
        );
        const [ab, ba] = [twoWayDifference(a, b), twoWayDifference(b, a)];
        expect(ab.mean).toBeCloseTo(-ba.mean, 10);
        expect(ab.p).toBeCloseTo(ba.p!, 10);
        expect(twoWayDifference(a, a)).toMatchObject({ mean: 0, p: 1, standardError: 0 });
      }),
    );
  });

  it('see a constant gap as certain', () => {
    const a = outcomeMatrix([
      [0.1, 0.7],
      [0.3, 0.9],
    ]);
    const b = { ...a, values: a.values.map((value) => value - 0.1) };
    const found = twoWayDifference(a, b);
    expect(found.p).toBe(0);
    expect(found.interval!.low).toBeCloseTo(0.1, 14);
  });

  it('leave out units that do not count on either side', () => {
    const a = outcomeMatrix([[1, NaN, 3, 5]]);
    const b = outcomeMatrix([[0, 1, NaN, 2]]);
    expect(twoWayDifference(a, b)).toMatchObject({ mean: 2, units: 2 });
    expect(twoWayInterval(a).units).toBe(3);
    const groups = [7, 7, 8, 9];
    expect(twoWayInterval(a, { resampling: { unit: 'query', groups } })).toMatchObject({ mean: 3, units: 3 });
    expect(() => withoutMissing([outcomeMatrix([[NaN]])])).toThrow(/units: found 0/);
  });

  it.each([
    ['a shape that the values do not have', () => twoWayInterval({ values: new Float64Array(3), seeds: 2, units: 2 })],
    ['unequal seeds', () => twoWayDifference(outcomeMatrix([[1]]), outcomeMatrix([[1], [2]]))],
    ['unequal units', () => twoWayDifference(outcomeMatrix([[1]]), outcomeMatrix([[1, 2]]))],
    ['ragged rows', () => outcomeMatrix([[1], [1, 2]])],
    ['a level of 1', () => twoWayInterval(outcomeMatrix([[1, 2]]), { level: 1 })],
    ['folds without a ratio', () => twoWayInterval(outcomeMatrix([[1, 2]]), { resampling: { unit: 'fold' } })],
    ['too few groups', () => twoWayInterval(outcomeMatrix([[1, 2]]), { resampling: { unit: 'query', groups: [1] } })],
  ])('refuse %s', (_, act) => {
    expect(act).toThrow(expect.objectContaining({ name: 'EvalError', code: 'PARAM_RANGE' }));
  });

  it('refuse infinities by their place', () => {
    expect(() => twoWayInterval(outcomeMatrix([[1, Infinity]]))).toThrow(/matrix.values\[1\]: found Infinity/);
  });
});

describe('grouped units', () => {
  it('keep the mean of every seed, whatever the sizes', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const matrix = outcomeMatrix(values);
        const groups = Array.from({ length: matrix.units }, (_, unit) => Math.floor(Math.sqrt(unit)));
        const means = seedMeans(groupUnits(matrix, groups));
        seedMeans(matrix).values.forEach((mean, seed) => expect(means.values[seed]).toBeCloseTo(mean, 10));
      }),
    );
  });

  it('widen the interval where units of a group agree', () => {
    const row = Array.from({ length: 60 }, (_, unit) => Math.floor(unit / 6) % 3);
    const groups = row.map((_, unit) => Math.floor(unit / 6));
    const alone = twoWayInterval(outcomeMatrix([row]));
    const together = twoWayInterval(outcomeMatrix([row]), { resampling: { unit: 'query', groups } });
    expect(together.units).toBe(10);
    // Six equal values a group carry the information of one: the standard error is √6 times as wide, up to degrees of freedom.
    expect(together.standardError! / alone.standardError!).toBeCloseTo(Math.sqrt((6 * 59) / 54), 10);
  });

  it('of one unit each change nothing', () => {
    const matrix = outcomeMatrix([
      [1, 4, 2],
      [3, 9, 5],
    ]);
    const groups = [5, 3, 9];
    const found = twoWayInterval(matrix, { resampling: { unit: 'sequence', groups } });
    expect(found.standardError).toBeCloseTo(twoWayInterval(matrix).standardError!, 12);
  });
});
