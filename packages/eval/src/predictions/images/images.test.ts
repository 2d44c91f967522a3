import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { decodePng } from '../formats/png.js';
import { scorePredictions } from '../score.js';
import { crop, lumaOf, psnr, ssim } from './luma.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

const png = (
  width: number,
  height: number,
  rgb: (x: number, y: number) => readonly [number, number, number],
  grey = false,
): Buffer => {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) image.data.set([...rgb(x, y), 255], 4 * (y * width + x));
  return PNG.sync.write(image, grey ? { colorType: 0 } : { colorType: 2 });
};

describe('luma', () => {
  it('is 16 for black, 235 for white, rounded between; grey images are luma already', () => {
    const colours = [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 255, 0],
    ] as const;
    const plane = lumaOf(
      decodePng(
        png(4, 1, (x) => colours[x]!),
        'a.png',
      ),
    );
    expect([...plane.data]).toEqual([16, 235, 81, 145]);
    expect([
      ...lumaOf(
        decodePng(
          png(2, 1, (x) => [x * 9, x * 9, x * 9], true),
          'g.png',
        ),
      ).data,
    ]).toEqual([0, 9]);
  });
  const flat = (value: number) => ({ width: 12, height: 11, data: new Float64Array(132).fill(value) });
  it('PSNR of a difference of 1 is 48.13 dB; equal planes have none', () => {
    expect(psnr(flat(7), flat(8))).toBeCloseTo(20 * Math.log10(255), 12);
    expect(psnr(flat(7), flat(7))).toBe(Infinity);
  });
  it('SSIM of equal planes is 1, of flat ones the luminance term, below the window nothing', () => {
    expect(ssim(flat(7), flat(7))).toBeCloseTo(1, 14);
    const c1 = 2.55 ** 2;
    expect(ssim(flat(10), flat(20))).toBeCloseTo((2 * 200 + c1) / (500 + c1), 12);
    expect(ssim(crop(flat(1), 1), crop(flat(1), 1))).toBeNaN();
  });
});

describe('files', () => {
  const tree = (name: string, files: Record<string, Buffer>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, path, '..'), { recursive: true });
      writeFileSync(join(folder, name, path), content);
    }
    return join(folder, name);
  };
  const truth = tree('truth', {
    'Set12/01.png': png(12, 12, () => [9, 9, 9], true),
    'Set12/02.png': png(12, 12, () => [9, 9, 9], true),
  });
  const score = (predictions: string) =>
    scorePredictions({ benchmark: 'denoising', predictions: [predictions], labels: [truth] });
  const good = png(12, 12, () => [10, 10, 10], true);

  it('are matched by name and folder', async () => {
    const { scores, counts } = await score(tree('good', { 'Set12/01.png': good, 'Set12/02.png': good }));
    expect(counts).toEqual({ images: 2 });
    expect(scores['psnr_y']).toBeCloseTo(20 * Math.log10(255), 10);
  });
  it('an image equal to its original has no PSNR, which is said and not a number', async () => {
    const same = readFileSync(join(truth, 'Set12/01.png'));
    const { scores, warnings } = await score(tree('same', { 'Set12/01.png': same, 'Set12/02.png': good }));
    expect(scores).not.toHaveProperty('psnr_y');
    expect(warnings[0]).toMatch(/equals its original/);
  });
  it.each([
    ['incomplete', { 'Set12/01.png': good }, /no image for Set12\/02/],
    ['unknown', { 'Set12/77.png': good }, /77.png: found a name that no original has/],
    [
      'size',
      { 'Set12/01.png': png(11, 12, () => [0, 0, 0], true), 'Set12/02.png': good },
      /11 × 12 pixels, expected 12 × 12/,
    ],
    ['damaged', { 'Set12/01.png': good.subarray(0, 60), 'Set12/02.png': good }, /01.png/],
    ['nothing', { 'readme.txt': Buffer.from('x') }, /no PNG image/],
  ])('refuse a tree that is %s', async (name, files, message) => {
    await expect(score(tree(name, files as Record<string, Buffer>))).rejects.toThrow(message);
  });
});

/** MATLAB's imresize, bicubic (a = −½), enlarging by a whole factor, edges mirrored. */
function bicubic(source: Float64Array, width: number, height: number, scale: number): Float64Array {
  const weight = (x: number): number => {
    const a = Math.abs(x);
    return a <= 1 ? 1.5 * a ** 3 - 2.5 * a * a + 1 : a <= 2 ? -0.5 * a ** 3 + 2.5 * a * a - 4 * a + 2 : 0;
  };
  const mirror = (i: number, n: number): number => (i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i);
  const along = (
    from: Float64Array,
    n: number,
    other: number,
    stride: number,
    step: number,
    to: (o: number, i: number) => number,
  ): Float64Array => {
    const out = new Float64Array(n * scale * other);
    for (let i = 0; i < n * scale; i++) {
      const centre = (i + 0.5) / scale - 0.5;
      const first = Math.floor(centre) - 1;
      for (let o = 0; o < other; o++) {
        let total = 0;
        for (let k = first; k < first + 4; k++) total += weight(centre - k) * from[o * step + mirror(k, n) * stride]!;
        out[to(o, i)] = total;
      }
    }
    return out;
  };
  const tall = along(source, height, width, width, 1, (o, i) => i * width + o);
  return along(tall, width, height * scale, 1, width, (o, i) => o * width * scale + i);
}

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: published figures of super-resolution, TOUCHSTONE_DATA is not set');
it.skipIf(!data).each([
  [2, 33.6404, 0.9292],
  [3, 30.3864, 0.8678],
  [4, 28.4177, 0.8101],
])('bicubic enlargement by %d on Set5 has the published quality', async (scale, publishedPsnr, publishedSsim) => {
  const source = join(data!, `superres/Set5/image_SRF_${scale}`);
  const target = join(folder, `bicubic/Set5/image_SRF_${scale}`);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source).filter((each) => each.endsWith('_LR.png'))) {
    const { width, height, channels, data: pixels } = decodePng(readFileSync(join(source, name)), name);
    const planes = [0, 1, 2].map((c) =>
      bicubic(
        Float64Array.from({ length: width * height }, (_, i) => pixels[i * channels + (channels === 1 ? 0 : c)]!),
        width,
        height,
        scale,
      ),
    );
    const at = (c: number, x: number, y: number): number =>
      Math.min(255, Math.max(0, Math.round(planes[c]![y * width * scale + x]!)));
    writeFileSync(
      join(target, name.replace('_LR', '_bicubic')),
      png(width * scale, height * scale, (x, y) => [at(0, x, y), at(1, x, y), at(2, x, y)]),
    );
  }
  const predictions = [join(folder, 'bicubic')];
  const { scores } = await scorePredictions({ benchmark: 'super-resolution', predictions });
  const ofSet = await scorePredictions({ benchmark: `super-resolution-set5-x${scale}`, predictions });
  expect(ofSet.scores).toEqual({ psnr_y: scores['psnr_y'], ssim_y: scores['ssim_y'] });
  expect(ofSet.counts).toEqual({ images: 5 });
  await expect(scorePredictions({ benchmark: 'super-resolution-set14-x4', predictions })).rejects.toMatchObject({
    code: 'FILE_MALFORMED',
  });
  // Of this set the data folder may hold a part.
  await expect(scorePredictions({ benchmark: 'super-resolution-urban100-x2', predictions })).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
  expect(Math.abs(scores['psnr_y']! - publishedPsnr)).toBeLessThan(0.01);
  expect(Math.abs(scores['ssim_y']! - publishedSsim)).toBeLessThan(0.0005);
  rmSync(join(folder, 'bicubic'), { recursive: true });
});
