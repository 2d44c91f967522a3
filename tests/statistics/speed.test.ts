/** Rank intervals of a large board are for a request, not for a night. */
import type { EntrySketch } from '@touchstone/eval/statistics';
import { entrySketch, rankIntervals, REPLICATES } from '@touchstone/eval/statistics';
import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';

const ENTRIES = 1_000;
const FAMILIES = 50;

/** Entries of five seeds; those of a family share most of what the examples do to them. */
function board(gap: number, shared: number): EntrySketch[] {
  const random = philox(1, `tests/speed/${gap}/${shared}`);
  const draw = (): Float32Array => Float32Array.from({ length: REPLICATES }, () => 0.01 * random.normal());
  const families = Array.from({ length: FAMILIES }, draw);
  const noise = Array.from({ length: FAMILIES }, draw);
  return Array.from({ length: ENTRIES }, (_, i) => {
    const family = families[i % FAMILIES]!;
    const runs = [0, 1, 2, 3, 4].map((seed) => {
      const own = noise[random.integer(FAMILIES)]!;
      const turn = random.integer(REPLICATES);
      const deviations = family.map((value, r) => shared * value + (1 - shared) * own[(r + turn) % REPLICATES]!);
      return [seed, { score: gap * i + 0.002 * random.normal(), deviations, units: 10_000 }] as const;
    });
    return entrySketch(new Map(runs));
  });
}

describe('rank intervals of 1,000 entries', () => {
  it.each([
    ['all equal', 0, 0],
    ['spread out', 0.0005, 0],
    ['families of near copies', 0.0005, 0.7],
  ])('take less than a second of one core: %s', (name, gap, shared) => {
    const entries = board(gap, shared);
    const times = [0, 1, 2].map(() => {
      const start = process.cpuUsage();
      rankIntervals(entries, { direction: 'higher' });
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    });
    console.warn(`${name}: ${times.map((time) => time.toFixed(0)).join(', ')} ms of CPU`);
    expect(Math.min(...times)).toBeLessThan(1_000);
  });
});
