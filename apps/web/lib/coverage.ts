/** Which chance an interval covers, in words. */
export type Coverage = 'SEEDS' | 'EXAMPLES' | 'BOTH';

export const COVERS: Readonly<Record<Coverage, string>> = {
  SEEDS: 'over seeds',
  EXAMPLES: 'over test examples',
  BOTH: 'over seeds and test examples',
};

/** The coverage that most of the intervals have; null without any. */
export function usualCoverage(intervals: readonly ({ readonly over: Coverage } | null)[]): Coverage | null {
  const known = intervals.flatMap((interval) => interval?.over ?? []);
  const times = (over: Coverage) => known.filter((other) => other === over).length;
  return known.reduce<Coverage | null>((best, over) => (best && times(best) >= times(over) ? best : over), null);
}
