import { describe, expect, it } from 'vitest';
import { lockFile, readLock } from './lock.js';
import { methodOf } from './methods.js';
import { completeParams } from './params.js';
import { benchmarkHash, benchmarkName, getDataset, listBenchmarks, metricsOf, primaryOutput } from './registry.js';
import { splitHash, splitIndices } from './split.js';
import { datasetState, loadDataset } from '../data-store.js';

describe('benchmarks.lock.json', () => {
  it('holds every benchmark and nothing that is gone', () => {
    const names = listBenchmarks().map(({ protocol }) => benchmarkName(protocol));
    expect(Object.keys(readLock()).sort()).toEqual([...names].sort());
  });

  it('never replaces a frozen hash', () => {
    const name = benchmarkName(listBenchmarks()[0]!.protocol);
    expect(lockFile({ [name]: 'frozen' })[name]).toBe('frozen');
    expect(lockFile({})).toEqual(readLock());
  });
});

describe.each(listBenchmarks().map((each) => [benchmarkName(each.protocol), each] as const))('%s', (name, each) => {
  const { protocol } = each;

  it('has the hash under which it was frozen', () => {
    expect(benchmarkHash(protocol), `${name} moved: make a new version instead`).toBe(readLock()[name]);
  });

  it('names methods, metrics and data that exist, with complete parameters', () => {
    for (const ref of [...Object.values(protocol.accepts), ...Object.values(protocol.fixed), each.baseline]) {
      const method = methodOf(ref.method);
      expect(ref).toEqual({ method: method.key, version: method.version, params: completeParams(method, ref.params) });
    }
    for (const metric of metricsOf(protocol))
      expect(protocol.metrics).toContainEqual({ key: metric.key, version: metric.version });
    expect(primaryOutput(protocol).key).toBe(protocol.primary);
    for (const dataset of protocol.datasets) {
      const definition = getDataset(dataset.key);
      expect(dataset).toEqual({
        key: definition.key,
        revision: definition.revision,
        sha256: definition.sources.map((source) => source.sha256),
      });
    }
  });

  it('fills every slot that training needs, once', () => {
    const slots = [...Object.keys(protocol.accepts), ...Object.keys(protocol.fixed)];
    expect(slots.sort()).toEqual(['layer', 'objective', 'trainer']);
    expect(Object.keys(protocol.accepts)).toContain(protocol.slot);
    expect(protocol.space.trials).toBeLessThanOrEqual(12);
    expect(protocol.seeds).not.toContain(protocol.tuningSeed);
  });

  it('splits its data as frozen', async () => {
    const definition = getDataset(protocol.datasets[0]!.key);
    const { state, message } = await datasetState(definition);
    if (state !== 'BUNDLED' && state !== 'PRESENT') {
      console.warn(`skipped: ${name}: ${message}`);
      return;
    }
    const data = await loadDataset(definition);
    const split = splitIndices(protocol.split.rule, data);
    expect(splitHash(split)).toBe(protocol.split.sha256);
    const { train, val, test } = protocol.split;
    expect([split.train.length, split.val.length, split.test.length]).toEqual([train, val, test]);
    const learned = new Set(split.train);
    expect(split.val.every((row) => learned.has(row))).toBe(true);
    expect(split.test.some((row) => learned.has(row))).toBe(false);
    if (protocol.task !== 'retrieval') return;
    const classes = (rows: Int32Array): Set<number> => new Set(Array.from(rows, (row) => data.labels[row]!));
    const trained = classes(split.train);
    expect([...classes(split.test)].some((label) => trained.has(label))).toBe(false);
    const validated = classes(split.val);
    const kept = split.train.filter((row) => !validated.has(data.labels[row]!));
    expect(kept.length + val).toBe(train);
  });
});
