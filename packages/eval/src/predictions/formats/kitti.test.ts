import { describe, expect, it } from 'vitest';
import { EvalError } from '../../core/errors.js';
import { KITTI_TYPES, parseKittiObjects, parseKittiTracks } from './kitti.js';

const LABEL = 'Car 0.25 1 1.85 387.63 181.54 423.81 203.12 1.67 1.87 3.69 -16.53 2.39 58.49 1.57';
const objects = (text: string, kind: 'labels' | 'detections' = 'labels') =>
  parseKittiObjects(Buffer.from(text), '000001.txt', kind);
const tracks = (text: string) => parseKittiTracks(Buffer.from(text), '0001.txt', 'results');

describe('object lines', () => {
  it('become columns', () => {
    const boxes = objects(`${LABEL} 0.93\r\n\npedestrian -1 -1 -10 0 1 2 3 4 5 6 7 8 9 1e-1 -2\n`, 'detections');
    expect(boxes.n).toBe(2);
    expect(Array.from(boxes.type, (type) => KITTI_TYPES[type])).toEqual(['car', 'pedestrian']);
    expect([boxes.truncation[0], boxes.occlusion[0], boxes.alpha[0]]).toEqual([0.25, 1, 1.85]);
    expect([...boxes.image]).toEqual([387.63, 181.54, 423.81, 203.12, 0, 1, 2, 3]);
    expect([...boxes.size]).toEqual([1.67, 1.87, 3.69, 4, 5, 6]);
    expect([...boxes.location]).toEqual([-16.53, 2.39, 58.49, 7, 8, 9]);
    expect([...boxes.rotation]).toEqual([1.57, 0.1]);
    expect([...boxes.score]).toEqual([0.93, -2]);
  });

  it('are none in an empty file', () => expect(objects('').n).toBe(0));

  it.each([
    ['a missing score', LABEL, 'detections', /line 1: found 15 fields, expected 16 fields/],
    ['a score in labels', `${LABEL} 1`, 'labels', /found 16 fields, expected 15 fields/],
    ['NaN', LABEL.replace('1.85', 'nan'), 'labels', /line 1, column alpha: found "nan"/],
    ['an infinite number', LABEL.replace('58.49', '1e999'), 'labels', /column z: found "1e999"/],
    ['a hexadecimal number', LABEL.replace('58.49', '0x1'), 'labels', /column z: found "0x1"/],
    ['an unknown type', `${LABEL}\n${LABEL.replace('Car', 'Bus')}`, 'labels', /line 2, column type: found "Bus"/],
  ] as const)('refuse %s', (_, text, kind, message) => expect(() => objects(text, kind)).toThrow(message));

  it('refuse what is not UTF-8, and a file beyond reason', () => {
    expect(() => parseKittiObjects(Buffer.from([67, 0xff]), '000001.txt', 'labels')).toThrow(/byte 1/);
    expect(() => parseKittiObjects(Buffer.alloc(2 ** 26 + 1, ' '), '000001.txt', 'labels')).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
    );
  });
});

describe('tracking lines', () => {
  it('have a frame and a track, and −1 where there is no score', () => {
    const found = tracks(`0 3 ${LABEL}\n12 -1 ${LABEL} 0.5\n`);
    expect([[...found.frame], [...found.id], [...found.score]]).toEqual([
      [0, 12],
      [3, -1],
      [-1, 0.5],
    ]);
  });

  it.each([
    ['a track twice in a frame', `0 3 ${LABEL}\n1 3 ${LABEL}\n0 3 ${LABEL}`, /line 3, column track: .*line 1/],
    ['half a frame', `0.5 3 ${LABEL}`, /line 1, column frame: found 0.5/],
    ['a negative frame', `-1 3 ${LABEL}`, /column frame/],
    ['a track below −1', `0 -2 ${LABEL}`, /column track/],
  ])('refuse %s', (_, text, message) => expect(() => tracks(text)).toThrow(message));
});

it('mutated files give boxes of finite numbers or an error that names the file', () => {
  let state = 7;
  const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  const whole = Buffer.from(`0 3 ${LABEL} 0.5\n0 4 ${LABEL.replace('Car', 'DontCare')} 1e-3\n`);
  let refused = 0;
  for (let trial = 0; trial < 2000; trial += 1) {
    const content = Buffer.from(whole.subarray(0, random(4) === 0 ? random(whole.length) : whole.length));
    for (let k = random(4); k > 0 && content.length > 0; k -= 1) content[random(content.length)] = random(256);
    try {
      const { n, image, location, score, frame } = parseKittiTracks(content, '0001.txt', 'results');
      expect(frame).toHaveLength(n);
      for (const values of [image, location, score]) expect(values.every(Number.isFinite)).toBe(true);
    } catch (error) {
      refused += 1;
      expect(error).toBeInstanceOf(EvalError);
      expect((error as EvalError).message).toMatch(/^0001\.txt, (line|byte) \d+/);
    }
  }
  expect(refused).toBeGreaterThan(500);
});
