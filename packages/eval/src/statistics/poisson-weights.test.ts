import { describe, expect, it } from 'vitest';
import { philoxWords, poissonWeights, seedWeights } from './poisson-weights.js';

const hex = (words: Uint32Array): string[] => [...words].map((word) => word.toString(16).padStart(8, '0'));

describe('Philox4x32-10', () => {
  // The known answers of the authors' library, Random123.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('counter %j, key %j', (counter, key, expected) => {
    const words = new Uint32Array(4);
    philoxWords(words, counter[0], counter[1], counter[2], counter[3], key);
    expect(hex(words).join(' ')).toBe(expected);
  });
});

describe('Poisson weights', () => {
  it('are those of Poisson(1), independent over units and replicates', () => {
    const { values, replicates, units } = poissonWeights(400, 1_000);
    const counts = new Float64Array(12);
    let [sum, neighbours, next] = [0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      counts[values[i]!]!++;
      sum += values[i]!;
      if (i + 1 < values.length) neighbours += (values[i]! - 1) * (values[i + 1]! - 1);
      if (i + units < values.length) next += (values[i]! - 1) * (values[i + units]! - 1);
    }
    const n = units * replicates;
    const bound = 5 / Math.sqrt(n);
    expect(Math.abs(sum / n - 1)).toBeLessThan(bound);
    expect(Math.abs(neighbours / n)).toBeLessThan(bound);
    expect(Math.abs(next / n)).toBeLessThan(bound);
    let mass = Math.exp(-1);
    for (let k = 0; k < 6; k++) {
      expect(Math.abs(counts[k]! / n - mass)).toBeLessThan(5 * Math.sqrt(mass / n));
      mass /= k + 1;
    }
  });

  it('depend on unit and replicate alone', () => {
    const all = poissonWeights(9, 8);
    const some = poissonWeights([7, 2, 7], 6);
    for (let r = 0; r < 6; r++) {
      const row = some.values.slice(r * 3, r * 3 + 3);
      expect([...row]).toEqual([7, 2, 7].map((unit) => all.values[r * 9 + unit]));
    }
    expect([some.distinct, all.distinct]).toEqual([2, 9]);
    expect(poissonWeights(['cat', 'dog', 'cat'], 5).distinct).toBe(2);
    const named = poissonWeights(['cat', 'dog'], 50).values;
    expect(named).not.toEqual(poissonWeights(['dog', 'cat'], 50).values);
  });

  it('are pinned: stored sketches stay comparable', () => {
    expect([...poissonWeights(12, 2).values].join('')).toMatchInlineSnapshot(`"100200010511102112002010"`);
    expect([...poissonWeights(['0001.png', '0002.png'], 8).values].join('')).toMatchInlineSnapshot(
      `"3302111000221201"`,
    );
    expect([...seedWeights([0, 1, 2, 3, 4], 4)].join('')).toMatchInlineSnapshot(`"10112213000010010212"`);
  });

  it('never leave an entry without a seed', () => {
    const weights = seedWeights([3, 8], 2_000);
    for (let r = 0; r < 2_000; r++) expect(weights[2 * r]! + weights[2 * r + 1]!).toBeGreaterThan(0);
  });

  it.each([[0], [[-1]], [[1.5]], [[]]])('refuse ids %j', (ids) => {
    expect(() => poissonWeights(ids as number)).toThrow(expect.objectContaining({ code: 'PARAM_RANGE' }));
  });
});
