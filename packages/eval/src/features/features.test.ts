import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadedDataset } from '../core/types.js';
import { loadDataset, locate } from '../data-store.js';
import { definition as cub } from '../datasets/cub200-first50-thumb64.js';
import { definition as mapAtR } from '../metrics/map-at-r.js';
import { COLOUR_HISTOGRAM_SIZE, colourHistogramsInto } from './colour-histogram.js';
import { hogInto, hogSize } from './hog.js';
import { cachedHogColour, hogColour } from './hog-colour.js';
import { cachedPca } from './cached-pca.js';
import { pca, project } from './pca.js';

const home = mkdtempSync(join(tmpdir(), 'touchstone-features-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The minimal standard generator, exact in float64: the same pictures on every run and in other tools. */
function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (state * 16_807) % 2_147_483_647) % 256);
}

const pictures = (n: number): LoadedDataset => ({
  n,
  shape: [32, 32, 3],
  features: noise(n * 32 * 32 * 3),
  labels: new Int32Array(n),
  classNames: ['a'],
});

describe('HOG', () => {
  it('has 7 × 7 blocks of 36 values at 64 × 64', () => {
    expect(hogSize(64, 64)).toBe(1764);
  });

  it('puts a vertical edge into orientation 0 and a horizontal one into orientation 4', () => {
    const describeEdge = (bright: (y: number, x: number) => boolean): Float64Array => {
      const pixels = Float32Array.from({ length: 256 }, (_, i) => (bright(Math.floor(i / 16), i % 16) ? 255 : 0));
      const target = new Float64Array(hogSize(16, 16));
      hogInto(pixels, 16, 16, 1, target, 0);
      return target;
    };
    // Four cells share the edge equally: each has ½ after L2, is clipped to .2 and comes back to ½.
    const vertical = describeEdge((_, x) => x >= 8);
    const horizontal = describeEdge((y) => y >= 8);
    for (let cell = 0; cell < 4; cell++) {
      expect(vertical[cell * 9]).toBeCloseTo(0.5, 3);
      expect(horizontal[cell * 9 + 4]).toBeCloseTo(0.5, 3);
    }
    expect(vertical.filter((value) => value > 0)).toHaveLength(4);
  });

  it('agrees with scikit-image 0.26.0', () => {
    const target = new Float64Array(hogSize(32, 32));
    hogInto(noise(32 * 32 * 3), 32, 32, 3, target, 0);
    // hog(image / 255, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), channel_axis=-1)[::27]
    const expected = [
      0.16487836025075328, 0.22110868252194674, 0.2186325077668855, 0.21775996068480596, 0.12165987711298212,
      0.22253674721851477, 0.21358893245738556, 0.11579966980118041, 0.1306009475142577, 0.22800780124196768,
      0.2178090162426764, 0.145773222904067,
    ];
    expected.forEach((value, i) => expect(target[i * 27]).toBeCloseTo(value, 6));
  });

  it('is zero on a flat picture', () => {
    const target = new Float64Array(hogSize(16, 16)).fill(7);
    hogInto(new Float32Array(16 * 16 * 3).fill(100), 16, 16, 3, target, 0);
    expect([...target].every((value) => value === 0)).toBe(true);
  });
});

describe('colour histograms', () => {
  it('sums to one in each region and finds the colour of a quadrant', () => {
    const pixels = new Float32Array(8 * 8 * 3);
    for (let y = 0; y < 4; y++) for (let x = 4; x < 8; x++) pixels[(y * 8 + x) * 3] = 255;
    const target = new Float64Array(COLOUR_HISTOGRAM_SIZE);
    colourHistogramsInto(pixels, 8, 8, target, 0);
    for (let region = 0; region < 5; region++) {
      expect(target.subarray(region * 64, region * 64 + 64).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
    const red = 3 * 16;
    expect([0, 1, 2, 3, 4].map((region) => target[region * 64 + red])).toEqual([0.25, 0, 1, 0, 0]);
  });
});

describe('hogColour', () => {
  it('gives unit rows, zero mean over training before scaling, and equal bits twice', () => {
    const images = pictures(6);
    const a = hogColour(images, [0, 1, 2, 3]);
    expect(a.values).toEqual(hogColour(images, [0, 1, 2, 3]).values);
    for (let i = 0; i < a.n; i++) {
      const row = a.values.subarray(i * a.d, (i + 1) * a.d);
      expect(row.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
    expect(hogColour(images, [0, 1]).values).not.toEqual(a.values);
  });

  it('refuses other shapes and indices outside', () => {
    expect(() => hogColour({ ...pictures(1), shape: [32, 96] }, [0])).toThrow(/images: found shape \[32, 96\]/);
    expect(() => hogColour(pictures(2), [2])).toThrow(/training: found 2, expected at least one index in 0 … 1/);
    expect(() => hogColour(pictures(2), [])).toThrow(/training: found none/);
  });

  it('is remembered on disk, and a damaged memory is not believed', () => {
    const env = { TOUCHSTONE_HOME: home };
    const images = pictures(4);
    const first = cachedHogColour(images, [0, 1], env);
    const folder = join(home, 'cache', 'features');
    const [file] = readdirSync(folder);
    const path = join(folder, file!);
    const bytes = readFileSync(path);
    expect(cachedHogColour(images, [0, 1], env).values).toEqual(first.values);
    bytes.writeFloatLE(123, 40);
    writeFileSync(path, bytes);
    expect(cachedHogColour(images, [0, 1], env).values).toEqual(first.values);
    expect(readFileSync(path).readFloatLE(40)).not.toBe(123);
    expect(readdirSync(folder)).toEqual([file]);
  });

  it('computes where the memory cannot be written', () => {
    const blocked = join(home, 'a-file');
    writeFileSync(blocked, '');
    const images = pictures(2);
    const found = cachedHogColour(images, [0, 1], { TOUCHSTONE_HOME: blocked });
    expect(found.values).toEqual(hogColour(images, [0, 1]).values);
  });
});

describe('PCA', () => {
  it('solves a worked case', () => {
    // Points (±2, ±2) and (±1, ∓1): variances 4 along (1, 1)/√2 and 1 along (1, −1)/√2.
    const model = pca([2, 2, -2, -2, 1, -1, -1, 1], 4, 2, 2);
    expect([...model.variances]).toEqual([expect.closeTo(4, 12), expect.closeTo(1, 12)]);
    const h = Math.SQRT1_2;
    [h, h, h, -h].forEach((value, i) => expect(model.components[i]).toBeCloseTo(value, 12));
  });

  it('agrees with scikit-learn 1.9.1', () => {
    // PCA(3, svd_solver='full').explained_variance_ · 59 / 60
    const { variances } = pca(noise(60 * 10, 3), 60, 10, 3);
    [9263.930129525372, 7376.672914185054, 6922.048251754042].forEach((value, i) =>
      expect(variances[i]! / value).toBeCloseTo(1, 12),
    );
  });

  it('has orthonormal components, the variances of the projections, and the trace in total', () => {
    const [n, d] = [40, 12];
    const x = noise(n * d, 7);
    const model = pca(x, n, d, d);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += model.components[a * d + c]! * model.components[b * d + c]!;
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 10);
      }
    }
    const projected = project(model, x, n);
    for (let a = 0; a < d; a++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += projected[i * d + a]! ** 2 / n;
      expect(sum / model.variances[a]!).toBeCloseTo(1, 5);
    }
    let trace = 0;
    for (let i = 0; i < n * d; i++) trace += (x[i]! - model.mean[i % d]!) ** 2 / n;
    expect(model.variances.reduce((a, b) => a + b) / trace).toBeCloseTo(1, 10);
  });

  it('fills directions without variance orthonormally', () => {
    const model = pca([1, 0, 0, -1, 0, 0], 2, 3, 3);
    expect([...model.variances]).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12), expect.closeTo(0, 12)]);
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += model.components[3 + c]! * model.components[6 + c]!;
    expect(sum).toBeCloseTo(0, 10);
    expect([...pca([5, 5, 5, 5], 2, 2, 1).variances]).toEqual([0]);
  });

  it('finds leading components from a part of the space as from the whole', () => {
    const [n, d] = [150, 300];
    const x = noise(n * d, 3);
    const part = pca(x, n, d, 5);
    const whole = pca(x, n, d, 300);
    for (let i = 0; i < 5; i++) expect(part.variances[i]! / whole.variances[i]!).toBeCloseTo(1, 8);
    for (let c = 0; c < d; c++) expect(part.components[c]).toBeCloseTo(whole.components[c]!, 6);
  });

  it('is remembered in the process and on disk, bit for bit', () => {
    const env = { TOUCHSTONE_HOME: join(home, 'pca') };
    const x = noise(20 * 6, 11);
    const plain = pca(x, 20, 6, 3);
    expect(cachedPca(x, 20, 6, 3, env)).toEqual(plain);
    expect(cachedPca(x.slice(), 20, 6, 3, env)).toBe(cachedPca(x, 20, 6, 3, env));
    expect(cachedPca(noise(20 * 6, 12), 20, 6, 3, env)).not.toEqual(plain);
    expect(cachedPca(x, 20, 6, 3, env)).toEqual(plain);
    expect(cachedPca(x, 20, 6, 2, env).k).toBe(2);
    expect(readdirSync(join(home, 'pca', 'cache', 'features'))).toHaveLength(3);
  });

  it('refuses k beyond d and values that are not finite', () => {
    expect(() => pca([1, 2], 1, 2, 3)).toThrow(/found k = 3/);
    expect(() => pca([1, NaN], 1, 2, 1)).toThrow(/features\[0, 1\] is NaN/);
  });
});

const present = locate(cub) !== null;
if (!present) console.warn('skipped: cub200-first50-thumb64 is in no folder of TOUCHSTONE_DATA');

describe.skipIf(!present)('birds', () => {
  it('rank above chance untrained, and PCA to 128 keeps that', async () => {
    const images = await loadDataset(cub);
    const training = [...images.labels.keys()].filter((i) => images.labels[i]! < 25);
    const test = [...images.labels.keys()].filter((i) => images.labels[i]! >= 25);
    const { values, d } = hogColour(images, training);
    expect(d).toBe(2_084);
    const rows = (items: number[]): Float32Array => {
      const result = new Float32Array(items.length * d);
      items.forEach((item, i) => result.set(values.subarray(item * d, (item + 1) * d), i * d));
      return result;
    };
    const labels = Int32Array.from(test, (i) => images.labels[i]!);
    const raw = mapAtR.compute({ embeddings: rows(test), labels, n: test.length, width: d }).scores['map_at_r']!;
    const before = performance.now();
    const model = pca(rows(training), training.length, d, 128);
    const seconds = (performance.now() - before) / 1000;
    const embedded = project(model, rows(test), test.length);
    const reduced = mapAtR.compute({ embeddings: embedded, labels, n: test.length, width: 128 }).scores['map_at_r']!;
    console.warn(`birds: MAP@R raw ${raw.toFixed(4)}, PCA ${reduced.toFixed(4)}, ${seconds.toFixed(1)} s for PCA`);
    // A random order of 25 classes of 60 scores about 0.003.
    expect(raw).toBeGreaterThan(0.02);
    expect(reduced).toBeGreaterThan(0.02);
  }, 240_000);
});
