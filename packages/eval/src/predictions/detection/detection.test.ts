import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';
import { cocoScores } from './coco.js';
import { boxOverlap } from './coco-matching.js';
import { averagePrecision } from './voc.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-detection-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
};

const box = (image: number, x: number, size: number, crowd = false) => ({
  image,
  category: 1,
  box: [x, 0, size, size] as const,
  area: size * size,
  crowd,
});
const truthOf = (...boxes: ReturnType<typeof box>[]) => ({
  images: [1, 2],
  categories: [
    { id: 1, name: 'a' },
    { id: 2, name: 'never' },
  ],
  boxes,
});
const detection = (image: number, x: number, size: number, score: number) => ({
  image,
  category: 1,
  box: [x, 0, size, size] as const,
  score,
});

describe('overlap', () => {
  it('is over the union, or over the detection for a crowd', () => {
    expect(boxOverlap([0, 0, 2, 2], [1, 0, 2, 2], false)).toBeCloseTo(2 / 6, 15);
    expect(boxOverlap([0, 0, 2, 2], [1, 0, 9, 9], true)).toBeCloseTo(0.5, 15);
    expect(boxOverlap([0, 0, 2, 2], [2, 0, 2, 2], false)).toBe(0);
  });
});

describe('COCO by hand', () => {
  it('a perfect detection gives 1; areas without an object are absent', () => {
    const scores = cocoScores(truthOf(box(1, 0, 40)), [detection(1, 0, 40, 0.9)]);
    expect(scores.AP).toBeCloseTo(1, 12);
    expect(scores.APmedium).toBeCloseTo(1, 12);
    expect(scores).not.toHaveProperty('APsmall');
    expect(scores).not.toHaveProperty('ARlarge');
  });
  it('a wrong detection above the right one halves the precision at every recall', () => {
    const scores = cocoScores(truthOf(box(1, 0, 40)), [detection(1, 500, 40, 0.9), detection(1, 0, 40, 0.8)]);
    expect(scores.AP50).toBeCloseTo(0.5, 12);
    expect(scores.AR1).toBe(0);
    expect(scores.AR10).toBe(1);
  });
  it('a detection in a crowd counts neither way', () => {
    const scores = cocoScores(truthOf(box(1, 0, 40), box(1, 200, 100, true)), [
      detection(1, 210, 20, 0.9),
      detection(1, 230, 20, 0.9),
      detection(1, 0, 40, 0.8),
    ]);
    expect(scores.AP).toBeCloseTo(1, 12);
  });
  it('half of the objects found gives recall .5 and precision at 51 of 101 levels', () => {
    const scores = cocoScores(truthOf(box(1, 0, 40), box(2, 0, 40)), [detection(1, 0, 40, 0.8)]);
    expect(scores.AR100).toBe(0.5);
    expect(scores.AP50).toBeCloseTo(51 / 101, 12);
  });
});

it('VOC: area under the envelope, and its eleven points', () => {
  const { allPoint, elevenPoint } = averagePrecision([true, false, true], 4);
  expect(allPoint).toBeCloseTo(0.25 + 0.25 * (2 / 3), 12);
  expect(elevenPoint).toBeCloseTo((3 * 1 + 3 * (2 / 3)) / 11, 12);
});

describe('files', () => {
  const truth = file('truth.json', {
    images: [{ id: 1 }],
    categories: [{ id: 1, name: 'a' }],
    annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 40, 40], area: 1600, iscrowd: 0 }],
  });
  const score = (content: unknown) =>
    scorePredictions({ benchmark: 'coco-detection', predictions: [file('results.json', content)], labels: [truth] });
  it.each([
    ['[', /results.json: found .*JSON/],
    [{}, /results: found \{\}, expected a list/],
    [[{ image_id: 2, category_id: 1, bbox: [0, 0, 1, 1], score: 1 }], /\[0\].image_id: found 2/],
    [[{ image_id: 1, category_id: 9, bbox: [0, 0, 1, 1], score: 1 }], /\[0\].category_id: found 9/],
    [[{ image_id: 1, category_id: 1, bbox: [0, 0, -1, 1], score: 1 }], /bbox: found \[0,0,-1,1\]/],
    [[{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1], score: 'x' }], /score: found "x"/],
  ])('refuse %j', async (content, message) => {
    await expect(score(content)).rejects.toThrow(message);
  });
  it('no detection at all scores 0', async () => {
    expect((await score([])).scores['AP']).toBe(0);
  });

  const data = process.env['TOUCHSTONE_DATA'];
  if (!data) console.warn('skipped: numbers of pycocotools, TOUCHSTONE_DATA is not set');
  it.skipIf(!data)('give the numbers of pycocotools', async () => {
    const at = (name: string): string => join(data!, 'objdet_eval', name);
    const { scores } = await scorePredictions({
      benchmark: 'coco-detection',
      predictions: [at('cocoapi_results/instances_val2014_fakebbox100_results.json')],
      labels: [at('tests/test_coco_eval/gts/sampled_gts_bbox_area.json')],
    });
    const expected = JSON.parse(readFileSync(at('coco_expected.json'), 'utf8')) as Record<string, number>;
    for (const key of [
      'AP',
      'AP50',
      'AP75',
      'APsmall',
      'APmedium',
      'APlarge',
      'AR1',
      'AR10',
      'AR100',
      'ARsmall',
      'ARmedium',
      'ARlarge',
    ])
      expect(Math.abs(scores[key]! - expected[key]!), key).toBeLessThan(1e-6);
  });
});
