import { describe, expect, it } from 'vitest';
import { parseKittiObjects } from '../formats/kitti.js';
import { averagePrecision, evaluateObjects, recallThresholds } from './object-evaluation.js';
import type { Difficulty, ObjectFrame, OverlapKind } from './object-candidates.js';

interface Box {
  readonly type?: string;
  readonly left?: number;
  /** Pixels from the common bottom at 200. */
  readonly height?: number;
  readonly width?: number;
  readonly truncated?: number;
  readonly occluded?: number;
  readonly alpha?: number;
  readonly score?: number;
  /** Height, width, length, x, y, z, rotation. */
  readonly solid?: string;
}

const line = (box: Box): string => {
  const { type = 'Car', left = 0, height = 50, width = 100, truncated = 0, occluded = 0, alpha = 0 } = box;
  const solid = box.solid ?? `1.5 1.6 4 ${left / 10} 1.6 20 0`;
  const score = box.score === undefined ? '' : ` ${box.score}`;
  return `${type} ${truncated} ${occluded} ${alpha} ${left} ${200 - height} ${left + width} 200 ${solid}${score}`;
};
const frame = (truth: readonly Box[], detections: readonly Box[]): ObjectFrame => ({
  truth: parseKittiObjects(Buffer.from(truth.map(line).join('\n')), 'truth', 'labels'),
  detections: parseKittiObjects(
    Buffer.from(detections.map((box) => line({ score: 0.9, ...box })).join('\n')),
    'detections',
    'detections',
  ),
});
const curve = (
  frames: readonly ObjectFrame[],
  difficulty: Difficulty = 'easy',
  kind: OverlapKind = '2d',
  objectClass = 'car',
) =>
  evaluateObjects(frames).find(
    (each) => each.difficulty === difficulty && each.kind === kind && each.objectClass === objectClass,
  );
/** Precision at the highest threshold, which is all there is with one ground-truth box. */
const precision = (truth: readonly Box[], detections: readonly Box[], ...which: [Difficulty?, OverlapKind?, string?]) =>
  curve([frame(truth, detections)], ...which)?.precision[0];

const LOW = { difficulty: 'moderate' as const };

describe('recall thresholds', () => {
  const matched = (scores: readonly number[]) => ({
    score: Float64Array.from(scores),
    frame: new Int32Array(scores.length),
  });

  it('take every score of 40 objects, which leaves the last of the 41 samples empty', () => {
    const scores = Array.from({ length: 40 }, (_, i) => 1 - i / 40);
    expect(recallThresholds(matched(scores), 40)).toEqual(scores);
  });

  it('lie where recall is closest to each fortieth', () => {
    const thresholds = recallThresholds(matched(Array.from({ length: 400 }, (_, i) => 400 - i)), 400);
    expect(thresholds).toHaveLength(41);
    // The first score always; then recall 10/400, 20/400, …
    expect(thresholds.slice(0, 4)).toEqual([400, 391, 381, 371]);
    expect(thresholds.at(-1)).toBe(1);
  });

  it('are none without a match', () => expect(recallThresholds(matched([]), 5)).toEqual([]));
});

describe('one object', () => {
  it('found gives one sample of 41: R11 is 100/11, R40 is 0', () => {
    const found = curve([frame([{}], [{}])])!;
    expect(found.objects).toBe(1);
    expect(averagePrecision(found.precision, 11)).toBeCloseTo(100 / 11, 12);
    expect(averagePrecision(found.precision, 40)).toBe(0);
  });

  it('found twice at equal scores: the first is right, the second false', () =>
    expect(precision([{}], [{ left: 3 }, { left: 1 }])).toBe(0.5));

  it('found twice at different scores: the threshold is the higher score, though the lower fits better', () => {
    expect(precision([{}], [{ left: 5, score: 0.9 }, { score: 0.8 }])).toBe(1);
    expect(precision([{}], [{ left: 5, score: 0.8 }, { score: 0.9 }])).toBe(1);
  });

  it('an overlap equal to the limit is none', () => {
    // 70 of 100 columns: intersection over union exactly .7.
    expect(precision([{}], [{ width: 70 }, { left: 500 }])).toBe(0);
    expect(precision([{}], [{ width: 71 }, { left: 500 }])).toBe(0.5);
  });
});

describe('what does not count', () => {
  const stray = { left: 500 };
  it('a matched van or an object too hard is neither found nor missed, and its detection not false', () => {
    for (const hard of [{ type: 'Van' }, { occluded: 1 }, { truncated: 0.16 }, { height: 40 }]) {
      const box = { ...stray, ...hard };
      const found = curve([frame([{}, box], [{}, { ...stray, height: box.height === 40 ? 40 : 50 }])])!;
      expect(found.objects).toBe(1);
      expect(found.precision[0]).toBe(1);
    }
  });

  it('limits of difficulty: occlusion 1, truncation .3, height above 25 are moderate', () => {
    const truth = [
      { occluded: 1 },
      { left: 200, truncated: 0.3 },
      { left: 400, height: 25.1 },
      { left: 600, height: 25 },
    ];
    const frames = [frame(truth, [{}])];
    expect(curve(frames, 'easy')!.objects).toBe(0);
    expect(curve(frames, LOW.difficulty)!.objects).toBe(3);
    expect(curve([frame([{ occluded: 2 }, { left: 200, truncated: 0.5 }], [{}])], 'hard')!.objects).toBe(2);
  });

  it('a detection of another class on a van is nothing to cars; a truck is no neighbour', () => {
    expect(precision([{}, { ...stray, type: 'Truck' }], [{}, stray])).toBe(0.5);
    expect(precision([{}], [{}, { ...stray, type: 'Van' }])).toBe(1);
  });

  it('a sitting person is a neighbour of pedestrians, a person of the tracking labels is not', () => {
    const detections = [{ type: 'pedestrian' }, { ...stray, type: 'Pedestrian' }];
    const of = (type: string) =>
      precision([{ type: 'Pedestrian' }, { ...stray, type }], detections, 'easy', '2d', 'pedestrian');
    expect(of('Person_sitting')).toBe(1);
    expect(of('Person')).toBe(0.5);
  });

  it('a low detection is not false; matched, it takes its object out of the count of found ones', () => {
    expect(precision([{}], [{}, { ...stray, height: 39.9 }])).toBe(1);
    expect(precision([{}], [{}, { ...stray, height: 40 }])).toBe(0.5);
    // 39 of 50 rows overlap by .78; with no other match there is no threshold at all.
    expect(precision([{}], [{ height: 39 }])).toBe(0);
  });

  it('a low detection of another class takes an object if it scores higher, and then gives no threshold', () => {
    const low = { type: 'Cyclist', height: 39 };
    const own = { width: 75, score: 0.5 };
    expect(precision([{}], [{ ...low, score: 0.9 }, own])).toBe(0);
    expect(precision([{}], [{ ...low, score: 0.2 }, own])).toBe(1);
  });

  it('a detection inside a DontCare area is not false; half inside is', () => {
    const area = { type: 'DontCare', left: 480, width: 300, height: 90 };
    expect(precision([{}, area], [{}, stray])).toBe(1);
    expect(precision([{}, { ...area, left: 560 }], [{}, stray])).toBe(0.5);
  });
});

describe('curves', () => {
  it('take the greatest precision at this recall or a later one', () => {
    // Ranked: right, false, right, right; precision at the three thresholds 1, 2/3, 3/4.
    const places = [0, 200, 400];
    const detections = [
      { score: 0.9 },
      { left: 900, score: 0.8 },
      { left: 200, score: 0.7 },
      { left: 400, score: 0.6 },
    ];
    const { precision: samples } = curve([
      frame(
        places.map((left) => ({ left })),
        detections,
      ),
    ])!;
    expect([...samples.slice(0, 4)]).toEqual([1, 3 / 4, 3 / 4, 0]);
    expect(averagePrecision(samples, 40)).toBeCloseTo((1.5 / 40) * 100, 12);
  });

  it('orientation weighs right ones by (1 + cos Δ)/2 and false ones by 0', () => {
    const found = curve([frame([{ alpha: 1 }], [{ alpha: 1 + Math.PI / 2 }, { left: 500 }])])!;
    expect(found.precision[0]).toBe(0.5);
    expect(found.orientation![0]).toBeCloseTo(0.25, 12);
    expect(curve([frame([{}], [{}])], 'easy', 'bev')!.orientation).toBeUndefined();
  });

  it('one detection without an angle, of any class and frame, switches orientation off', () => {
    const frames = [frame([{}], [{}]), frame([], [{ type: 'Tram', alpha: -10 }])];
    expect(curve(frames)!.orientation).toBeUndefined();
  });

  it('exist for what is detected: no class without detections, no 3D without boxes', () => {
    const flat = { solid: '-1 -1 -1 -1000 -1000 -1000 -10' };
    const kinds = (frames: ObjectFrame[]) =>
      [...new Set(evaluateObjects(frames).map(({ objectClass, kind }) => `${objectClass} ${kind}`))].sort();
    expect(kinds([frame([{}, { type: 'Cyclist' }], [flat])])).toEqual(['car 2d']);
    expect(kinds([frame([{}], [flat, {}])])).toEqual(['car 2d', 'car 3d', 'car bev']);
    expect(kinds([frame([{}], [{ left: -1, solid: '-1 1.6 4 0 -1000 20 0' }])])).toEqual(['car bev']);
    expect(kinds([frame([{}], [])])).toEqual([]);
  });

  it('are zero where a class is detected but never matched', () => {
    const found = curve([frame([{}], [{ left: 500 }])])!;
    expect([...new Set(found.precision)]).toEqual([0]);
  });

  it('in space need the heights to meet', () => {
    const [low, high] = ['1.5 1.6 4 0 1.6 20 0', '1.5 1.6 4 0 1.0 20 0'];
    const of = (kind: OverlapKind) =>
      precision([{ solid: low }], [{ solid: high }, { solid: low, left: 900, score: 0.1 }], 'easy', kind);
    expect(of('bev')).toBe(1);
    // .9 of 1.5 m is 3/7 of the union: only the second fits, above which the first is false.
    expect(of('3d')).toBe(0.5);
  });
});
