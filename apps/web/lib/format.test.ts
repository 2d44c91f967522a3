import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatDuration, formatParams, formatScore, formatShort, formatSigned } from './format';
import { columnScale, nearRows, ticks } from './scale';

describe('rows that can be read beside each other', () => {
  it('leaves out the row that would press the others together, and no more than a quarter', () => {
    const near = [
      [0.1, 0.12],
      [0.11, 0.14],
      [0.13, 0.15],
      [0.12, 0.16],
    ];
    expect(nearRows([...near, [5, 13]])).toEqual(expect.arrayContaining(near));
    expect(nearRows([...near, [5, 13]])).toHaveLength(4);
    expect(nearRows([...near, [0.2, 0.3]])).toHaveLength(5);
    expect(nearRows([[1], [1], [9]])).toHaveLength(3);
    expect(nearRows([...near, [5, 13], [-9]])).toHaveLength(6);
    expect(nearRows([])).toEqual([]);
  });
});

describe('formatting', () => {
  it('writes scores to their precision, without a negative zero', () => {
    expect(formatScore(0.32849, 1e-3)).toBe('0.328');
    expect(formatScore(-0.0001, 1e-3)).toBe('0.000');
    expect(formatScore(-0.5, 1e-2)).toBe('−0.50');
    expect(formatScore(null, 1e-3)).toBe('–');
  });
  it('writes short figures without trailing zeros', () => {
    expect([formatShort(1), formatShort(-0.8), formatShort(1234.56), formatShort(0)]).toEqual([
      '1',
      '−0.8',
      '1235',
      '0',
    ]);
    expect([formatShort(0.25, true), formatShort(0, true), formatShort(-1, true)]).toEqual(['+0.25', '0', '−1']);
  });
  it('signs differences, but not zero', () => {
    expect(formatSigned(0.012, 1e-3)).toBe('+0.012');
    expect(formatSigned(0.0001, 1e-3)).toBe('0.000');
    expect(formatSigned(-0.012, 1e-3)).toBe('−0.012');
  });
  it('chooses units', () => {
    expect(formatDuration(340)).toBe('340 ms');
    expect(formatDuration(2500)).toBe('2.5 s');
    expect(formatBytes(1_500_000)).toBe('1.5 MB');
    expect(formatAgo('2026-11-21T00:00:00Z', Date.parse('2026-11-21T00:02:00Z'))).toBe('2 min ago');
    expect(formatParams({ alpha: 2, variant: 'dt' })).toBe('alpha 2, variant dt');
  });
});

describe('scale', () => {
  it('puts a single value in the middle and keeps order', () => {
    expect(columnScale([3], 100).at(3)).toBeCloseTo(50);
    const scale = columnScale([0, 1], 100);
    expect(scale.at(0)).toBeGreaterThan(0);
    expect(scale.at(1)).toBeLessThan(100);
  });
  it('gives round ticks inside the range', () => {
    expect(ticks(0.19, 0.35)).toEqual([0.2, 0.25, 0.3, 0.35]);
  });
});
