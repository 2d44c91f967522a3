import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { philox, philoxBlock } from './rng.js';
import { sha256Words } from './sha256.js';

const hex = (words: Iterable<number>) => [...words].map((word) => word.toString(16).padStart(8, '0'));

describe('philox', () => {
  // kat_vectors of Random123 1.14, lines "philox4x32 10".
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'],
    ],
    [Array(4).fill(0xffffffff), Array(2).fill(0xffffffff), ['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd']],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      ['d16cfe09', '94fdcceb', '5001e420', '24126ea1'],
    ],
  ])('gives the published answer for counter %j', (counter, key, expected) => {
    expect(hex(philoxBlock(counter, key))).toEqual(expected);
  });

  it('is keyed by SHA-256 of seed and stream', () => {
    for (const text of ['', 'abc', '3/batch', 'ß'.repeat(100), 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64)])
      expect(hex(sha256Words(text)).join('')).toBe(createHash('sha256').update(text).digest('hex'));
    const words = sha256Words('7/init');
    const first = philoxBlock([0, 0, words[2]!, words[3]!], [words[0]!, words[1]!]);
    const rng = philox(7, 'init');
    expect([rng.uint32(), rng.uint32(), rng.uint32(), rng.uint32()]).toEqual(first);
  });

  it('repeats itself, and differs between seeds and streams', () => {
    const draw = (seed: number, stream: string) => Array.from({ length: 8 }, philox(seed, stream).uint32);
    expect(draw(1, 'data')).toEqual(draw(1, 'data'));
    expect(draw(1, 'data')).not.toEqual(draw(2, 'data'));
    expect(draw(1, 'data')).not.toEqual(draw(1, 'init'));
  });

  it('has the moments of its distributions', () => {
    const rng = philox(0, 'moments');
    const n = 100_000;
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / n;
    const uniform = Array.from({ length: n }, rng.uniform);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    const normal = Array.from({ length: n }, rng.normal);
    expect(Math.abs(mean(normal))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(mean(normal.map((x) => x ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  });

  it('draws integers without bias and refuses a bound that is none', () => {
    const rng = philox(0, 'integers');
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[rng.integer(3)]!++;
    // χ² with 2 degrees of freedom, 99.9 % quantile 13.8.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(13.8);
    expect(Array.from({ length: 20 }, () => rng.integer(1))).toEqual(Array(20).fill(0));
    for (const bound of [0, -1, 1.5, NaN, 2 ** 33]) expect(() => rng.integer(bound)).toThrow(/bound/);
  });

  it('permutes: every order of three equally often', () => {
    const rng = philox(5, 'orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = rng.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // χ² with 5 degrees of freedom, 99.9 % quantile 20.5.
    expect([...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5);
    expect([...rng.permutation(1000)].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
  });
});
