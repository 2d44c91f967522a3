import { describe, expect, it } from 'vitest';
import { parseKittiTracks } from '../formats/kitti.js';
import { matchPairs } from './assignment.js';
import { evaluateTracking, motaOf, motpOf, scaledMota, trackClass, trackingThresholds } from './tracking-evaluation.js';
import { followTrajectory } from './tracking-matching.js';

interface Box {
  readonly frame: number;
  readonly id: number;
  readonly type?: string;
  /** Metres; also places the box of the image, 100 pixels a metre. */
  readonly x?: number;
  readonly occluded?: number;
  readonly truncated?: number;
  /** Pixels. */
  readonly height?: number;
  readonly score?: number;
}

const line = ({ frame, id, type = 'Car', x = 0, occluded = 0, truncated = 0, height = 50, score }: Box): string => {
  const left = 100 * x;
  const box = `${left} 100 ${left + 80} ${100 + height} 1.5 2 4 ${x} 1.6 20 0`;
  return `${frame} ${id} ${type} ${truncated} ${occluded} 0 ${box}${score === undefined ? '' : ` ${score}`}`;
};
const sequence = (frames: number, truth: readonly Box[], results: readonly Box[]) => ({
  frames,
  truth: parseKittiTracks(Buffer.from(truth.map(line).join('\n')), 'truth', 'labels'),
  results: parseKittiTracks(Buffer.from(results.map(line).join('\n')), 'results', 'results'),
});
const over = (frames: number, box: Omit<Box, 'frame'>): Box[] =>
  Array.from({ length: frames }, (_, frame) => ({ ...box, frame }));
const car = (frames: number, truth: readonly Box[], results: readonly Box[], least = 0.25) =>
  evaluateTracking([sequence(frames, truth, results)], 'car', least);

describe('pairs', () => {
  it('are as many as possible before they are cheap', () => {
    // Alone, 0–0 is cheapest, but it would leave row 1 without a column.
    expect([...matchPairs(Float64Array.of(0, 0.9, 0.9, NaN), 2, 2)]).toEqual([1, 0]);
    expect([...matchPairs(Float64Array.of(0.1, NaN, 0.2, NaN), 2, 2)]).toEqual([0, -1]);
    expect([...matchPairs(new Float64Array(0), 3, 0)]).toEqual([-1, -1, -1]);
  });

  it('cost as little as the best of all ways', () => {
    let state = 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const best = (cost: Float64Array, columns: number, row: number, used: number): [number, number] => {
      if (row * columns >= cost.length) return [0, 0];
      let found = best(cost, columns, row + 1, used);
      for (let c = 0; c < columns; c += 1) {
        const value = cost[row * columns + c]!;
        if (Number.isNaN(value) || (used >> c) & 1) continue;
        const [pairs, total] = best(cost, columns, row + 1, used | (1 << c));
        if (pairs + 1 > found[0] || (pairs + 1 === found[0] && total + value < found[1]))
          found = [pairs + 1, total + value];
      }
      return found;
    };
    for (let trial = 0; trial < 300; trial += 1) {
      const [rows, columns] = [1 + Math.floor(random() * 5), 1 + Math.floor(random() * 5)];
      const cost = Float64Array.from({ length: rows * columns }, () => (random() < 0.4 ? NaN : random()));
      const matched = [...matchPairs(cost, rows, columns)];
      const pairs = matched.flatMap((c, r) => (c < 0 ? [] : [cost[r * columns + c]!]));
      const [count, total] = best(cost, columns, 0, 0);
      expect(pairs).toHaveLength(count);
      expect(pairs.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 12);
      expect(new Set(matched.filter((c) => c >= 0)).size).toBe(count);
    }
  });
});

describe('one trajectory', () => {
  const follow = (matches: number[], ignoredAt: number[] = []) =>
    followTrajectory({ matches, ignored: matches.map((_, f) => ignoredAt.includes(f)) });

  it.each([
    ['kept', [7, 7, 7], 0, 0, 1],
    ['handed over', [7, 7, 8, 8], 1, 1, 1],
    ['handed over at the end', [7, 7, 8], 1, 1, 1],
    ['lost and found', [7, -1, 7, 7], 0, 1, 0.75],
    ['lost and found by another, which is no switch as a frame lies between', [7, -1, 8, 8], 0, 1, 0.75],
    ['found again for one frame only', [7, -1, 7, -1], 0, 0, 0.5],
    ['found late', [-1, -1, 7, 7], 0, 0, 0.5],
    ['of one frame', [7], 0, 0, 1],
  ])('%s', (_, matches, idSwitches, fragmentations, share) =>
    expect(follow(matches)).toEqual({ idSwitches, fragmentations, share }),
  );

  it('ignored frames end what came before and are no frames', () => {
    expect(follow([7, 7, 8, 8], [1])).toEqual({ idSwitches: 0, fragmentations: 0, share: 1 });
    expect(follow([7, -1, 8, -1], [1, 3])).toEqual({ idSwitches: 0, fragmentations: 0, share: 1 });
  });
});

describe('averages over recall', () => {
  it('drop the first threshold', () => {
    const scores = Array.from({ length: 400 }, (_, i) => 400 - i);
    const points = trackingThresholds(scores, 400);
    expect(points).toHaveLength(40);
    expect(points[0]).toEqual({ score: 391, recall: 1 / 40 });
    expect(points.at(-1)!.score).toBe(1);
    expect(points.at(-1)!.recall).toBeCloseTo(1, 12);
  });

  it('scale MOTA to its recall', () => {
    const counts = {
      objects: 100,
      truePositives: 50,
      falsePositives: 5,
      falseNegatives: 50,
      idSwitches: 0,
      fragmentations: 0,
      mostlyTracked: 0,
      mostlyLost: 0,
      trajectories: 1,
      overlap: 40,
    };
    expect(scaledMota(counts, 0.5)).toBeCloseTo(0.9, 12);
    expect(scaledMota(counts, 0.4)).toBe(1);
    expect(scaledMota({ ...counts, falsePositives: 80 }, 0.5)).toBe(0);
    expect(motpOf(counts)).toBe(0.8);
    expect(motpOf({ ...counts, truePositives: 0 })).toBe(0);
  });

  it('a track handed over once, by hand', () => {
    const results = [0, 1, 2, 3].map((frame) => ({ frame, id: frame < 2 ? 7 : 8, score: frame < 2 ? 0.75 : 0.5 }));
    const found = car(4, over(4, { id: 1 }), results)!;
    // All four matches give a threshold: .75 (dropped), .75, .5, .5; MOTA 1 − 2/4, 1 − 1/4, 1 − 1/4.
    expect(found.amota).toBeCloseTo(2 / 40, 12);
    // Scaled, all three exceed what recall 1/40, 2/40 and 3/40 allow.
    expect(found.samota).toBeCloseTo(3 / 40, 12);
    expect(found.amotp).toBeCloseTo(3 / 40, 12);
    expect(found.threshold).toBe(0.5);
    expect(found.best).toMatchObject({
      objects: 4,
      truePositives: 4,
      idSwitches: 1,
      fragmentations: 1,
      mostlyTracked: 1,
    });
    expect(motaOf(found.best)).toBe(0.75);
  });

  it('tracks go by their mean score, and a bad one is cut', () => {
    const right = over(8, { id: 1, score: 0.9 });
    const wrong = over(8, { id: 2, x: 30, score: 0.1 }).map((box) => (box.frame === 0 ? { ...box, score: 5 } : box));
    const found = car(8, over(8, { id: 1 }), [...right, ...wrong])!;
    // The mean of the wrong one is .7125.
    expect(found.best).toMatchObject({ truePositives: 8, falsePositives: 0 });
    expect(motaOf(found.best)).toBe(1);
    const high = wrong.map((box) => ({ ...box, score: 1 }));
    expect(car(8, over(8, { id: 1 }), [...right, ...high])!.best).toMatchObject({ falsePositives: 8 });
  });
});

describe('what does not count', () => {
  const truth = over(4, { id: 1 });
  const right = over(4, { id: 1, score: 1 });
  const stray = (box: Partial<Box> = {}): Box[] => over(4, { id: 2, x: 30, score: 1, ...box });

  it('a stray result is false unless low, of a neighbouring type, or in a DontCare area', () => {
    const falsePositives = (more: Box[], labels: Box[] = []) =>
      car(4, [...truth, ...labels], [...right, ...more])!.best.falsePositives;
    expect(falsePositives(stray())).toBe(4);
    expect(falsePositives(stray({ height: 25 }))).toBe(0);
    expect(falsePositives(stray({ height: 26 }))).toBe(4);
    expect(falsePositives(stray({ type: 'Van' }))).toBe(0);
    expect(falsePositives(stray({ type: 'Truck' }))).toBe(0);
    expect(falsePositives(stray(), over(4, { id: -1, type: 'DontCare', x: 30.3 }))).toBe(0);
    expect(falsePositives(stray(), over(4, { id: -1, type: 'DontCare', x: 30.5 }))).toBe(4);
  });

  it('hard and neighbouring objects are neither missed nor, matched, false', () => {
    for (const hard of [{ occluded: 3 }, { truncated: 1 }, { type: 'Van' }]) {
      const labels = [...truth, ...over(4, { id: 5, x: 30, ...hard })];
      expect(car(4, labels, right)!.best).toMatchObject({ objects: 4, falseNegatives: 0, trajectories: 1 });
      const matched = car(4, labels, [...right, ...stray()])!.best;
      expect(matched).toMatchObject({ objects: 4, falsePositives: 0, truePositives: 8 });
    }
    expect(car(4, [...truth, ...over(4, { id: 5, x: 30, occluded: 2 })], right)!.best.falseNegatives).toBe(4);
  });

  it('a pair needs the least overlap, and no more', () => {
    // Moved by 2 of 4 m: 1/3 of the union.
    const moved = over(4, { id: 1, x: 2, score: 1 });
    expect(car(4, truth, moved, 0.25)!.best).toMatchObject({ truePositives: 4, falsePositives: 0 });
    expect(motpOf(car(4, truth, moved, 0.25)!.best)).toBeCloseTo(1 / 3, 12);
    expect(car(4, truth, moved, 0.5)!.best).toMatchObject({ truePositives: 0, falsePositives: 4, falseNegatives: 4 });
  });

  it('a class without results has no scores; without matches all averages are 0', () => {
    expect(car(4, truth, [])).toBeUndefined();
    expect(car(4, truth, stray({ type: 'Cyclist' }))).toBeUndefined();
    const none = car(4, truth, stray())!;
    expect([none.samota, none.amota, none.amotp]).toEqual([0, 0, 0]);
    expect(motaOf(none.best)).toBe(-1);
    expect(none.best).toMatchObject({ mostlyLost: 1, mostlyTracked: 0 });
    expect(car(4, [], right)!.samota).toBeUndefined();
  });
});

it('sequences that weigh so much count as if they were there so many times, at the same thresholds', () => {
  let state = 7;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const sequences = Array.from({ length: 6 }, () => {
    const truth = Array.from({ length: 4 }, (_, id) => over(12, { id, x: 6 * id, occluded: id === 3 ? 3 : 0 })).flat();
    const results = truth
      .filter(() => random() < 0.8)
      .map((box) => ({ ...box, id: random() < 0.1 ? box.id + 9 : box.id, x: box.x! + random(), score: random() }));
    const stray = over(12, { id: 30, x: 40 }).map((box) => ({ ...box, score: random() }));
    return sequence(12, truth, [...results, ...stray]);
  });
  const whole = trackClass(sequences, 'car', 0.25)!;
  expect(whole(null)).toEqual(evaluateTracking(sequences, 'car', 0.25));
  expect(whole(new Uint8Array(6).fill(1))).toEqual(whole(null));
  const bests = new Set([whole(null).threshold]);
  for (const weights of [
    [2, 0, 1, 0, 0, 3],
    [0, 0, 0, 0, 1, 0],
    [2, 2, 2, 2, 2, 2],
    [0, 4, 0, 0, 0, 1],
  ]) {
    const repeated = sequences.flatMap((each, s) => Array.from({ length: weights[s]! }, () => each));
    const expected = trackClass(repeated, 'car', 0.25, undefined, whole.points)!(null);
    const found = whole(Uint8Array.from(weights));
    bests.add(found.threshold);
    expect(found.threshold).toBe(expected.threshold);
    for (const key of ['samota', 'amota', 'amotp'] as const) expect(found[key]).toBeCloseTo(expected[key]!, 12);
    for (const [key, value] of Object.entries(expected.best))
      expect(found.best[key as keyof typeof found.best], key).toBeCloseTo(value, 12);
  }
  expect(bests.size).toBeGreaterThan(1);
  expect(whole(new Uint8Array(6)).samota).toBeUndefined();
});
