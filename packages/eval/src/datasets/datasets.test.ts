import { describe, expect, it } from 'vitest';
import type { DatasetDefinition } from '../core/types.js';
import { datasetState, loadDataset, locate } from '../data-store.js';
import { definition as mapAtR } from '../metrics/map-at-r.js';
import { definition as cub } from './cub200-first50-thumb64.js';
import { definition as digits } from './digits.js';
import { definition as fashion } from './fashion-mnist.js';
import { definition as letters } from './letter-recognition.js';
import { definition as mnist } from './mnist.js';

const counts = (labels: Int32Array, classes: number): number[] => {
  const result = new Array<number>(classes).fill(0);
  for (const label of labels) result[label]!++;
  return result;
};

describe('definitions', () => {
  it.each([letters, digits, mnist, fashion, cub])('$key is complete', (definition: DatasetDefinition) => {
    for (const source of definition.sources) {
      expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(source.bytes).toBeGreaterThan(0);
    }
    expect(definition.citation.length).toBeGreaterThan(40);
    expect(definition.howToGet.length).toBeGreaterThan(20);
  });
});

describe('bundled sets', () => {
  it('reads letters in the original order, T first', async () => {
    expect((await datasetState(letters)).state).toBe('BUNDLED');
    const data = await loadDataset(letters);
    expect([data.n, data.shape]).toEqual([20_000, [16]]);
    expect([...data.features.subarray(0, 16)]).toEqual([2, 8, 3, 5, 1, 8, 13, 0, 6, 6, 10, 8, 0, 8, 0, 8]);
    expect(data.classNames[data.labels[0]!]).toBe('T');
    expect(data.features.reduce((a, b) => Math.max(a, b))).toBe(15);
    // Counts of the original documentation: 789 A, 766 B, …, 734 Z.
    const perClass = counts(data.labels, 26);
    expect([perClass[0], perClass[1], perClass[25]]).toEqual([789, 766, 734]);
    expect(perClass.slice(13).reduce((a, b) => a + b)).toBe(10_060);
  });

  it('reads digits as 8 × 8 values 0–16', async () => {
    const data = await loadDataset(digits);
    expect([data.n, data.shape, Math.max(...data.features)]).toEqual([1_797, [8, 8], 16]);
    expect(counts(data.labels, 10)).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  it('finds MAP@R .197 for raw letters N–Z', async () => {
    const data = await loadDataset(letters);
    const items = [...data.labels.keys()].filter((i) => data.labels[i]! >= 13);
    const embeddings = new Float32Array(items.length * 16);
    items.forEach((item, i) => embeddings.set(data.features.subarray(item * 16, item * 16 + 16), i * 16));
    const labels = Int32Array.from(items, (item) => data.labels[item]!);
    const { scores } = mapAtR.compute({ embeddings, labels, n: items.length, width: 16 });
    expect(scores['map_at_r']).toBeCloseTo(0.197, 3);
  });
});

const present = (definition: DatasetDefinition): boolean => {
  const found = locate(definition) !== null;
  if (!found) console.warn(`skipped: ${definition.key} is in no folder of TOUCHSTONE_DATA`);
  return found;
};

describe('sets of TOUCHSTONE_DATA', () => {
  it.skipIf(!present(mnist))('reads MNIST in the official order', async () => {
    const data = await loadDataset(mnist);
    expect([data.n, data.shape]).toEqual([70_000, [28, 28]]);
    expect([...data.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...data.labels.subarray(60_000, 60_005)]).toEqual([7, 2, 1, 0, 4]);
    let sum = 0;
    for (let i = 0; i < 60_000 * 784; i++) sum += data.features[i]!;
    // The mean that every MNIST example normalises by.
    expect(sum / (60_000 * 784) / 255).toBeCloseTo(0.1307, 4);
  });

  it.skipIf(!present(fashion))('reads Fashion-MNIST', async () => {
    const data = await loadDataset(fashion);
    expect(counts(data.labels, 10)).toEqual(new Array(10).fill(7_000));
    let sum = 0;
    for (let i = 0; i < 60_000 * 784; i++) sum += data.features[i]!;
    expect(sum / (60_000 * 784) / 255).toBeCloseTo(0.28604, 5);
  });

  it.skipIf(!present(cub))('decodes the birds and takes classes from folders', async () => {
    const data = await loadDataset(cub);
    expect([data.n, data.shape, data.classNames.length]).toEqual([2_889, [64, 64, 3], 50]);
    const perClass = counts(data.labels, 50);
    expect(perClass.slice(0, 25).reduce((a, b) => a + b)).toBe(1_402);
    expect(data.classNames[49]).toBe('Eared Grebe');
    let [low, high] = [255, 0];
    for (const value of data.features) [low, high] = [Math.min(low, value), Math.max(high, value)];
    expect([low, high]).toEqual([0, 255]);
  });
});
