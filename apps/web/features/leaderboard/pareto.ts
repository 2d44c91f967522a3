export interface ParetoPoint {
  readonly id: string;
  readonly label: string;
  readonly rank: number | null;
  readonly cost: number;
  readonly score: number;
}

/** The points that no other beats or equals on both axes while beating it on one, cheapest first. */
export function frontier(points: readonly ParetoPoint[], direction: 'HIGHER' | 'LOWER'): ParetoPoint[] {
  const gain = (point: ParetoPoint) => (direction === 'HIGHER' ? point.score : -point.score);
  const found: ParetoPoint[] = [];
  for (const point of points.toSorted((a, b) => a.cost - b.cost || gain(b) - gain(a))) {
    const best = found.at(-1);
    if (!best || gain(point) > gain(best)) found.push(point);
  }
  return found;
}
