import { describe, expect, it } from 'vitest';
import { frontier } from './pareto';

const point = (id: string, cost: number, score: number) => ({ id, label: id, rank: null, cost, score });

describe('frontier', () => {
  const points = [
    point('slow and good', 4, 0.9),
    point('dominated', 3, 0.5),
    point('cheap', 1, 0.6),
    point('same cost, worse', 1, 0.4),
  ];
  it('keeps what nothing beats, cheapest first', () => {
    expect(frontier(points, 'HIGHER').map((p) => p.id)).toEqual(['cheap', 'slow and good']);
  });
  it('turns round where lower is better', () => {
    expect(frontier(points, 'LOWER').map((p) => p.id)).toEqual(['same cost, worse']);
  });
  it('is empty for nothing', () => {
    expect(frontier([], 'HIGHER')).toEqual([]);
  });
});
