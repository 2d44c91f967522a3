import { describe, expect, it } from 'vitest';
import { lackOf, reasonForWaiting, type Requirements } from './requirements.js';

const needs: Requirements = {
  benchmark: 'b@1',
  benchmarkHash: 'h',
  backend: 'wasm',
  datasets: ['d'],
  methods: [{ key: 'm', version: 2 }],
};
const able = {
  name: 'w',
  refusal: null,
  backends: ['wasm'],
  datasets: ['d'],
  registry: { benchmarks: { 'b@1': 'h' }, methods: { m: 2 }, code: 'c' },
};

describe('requirements of a run', () => {
  it('are met by a worker with code, backend and data', () => {
    expect(lackOf(needs, able)).toBeNull();
    expect(reasonForWaiting(needs, [able], null)).toBeNull();
  });

  it('name what lacks', () => {
    expect(lackOf(needs, { ...able, datasets: [] })).toEqual({ kind: 'dataset', what: 'd' });
    expect(lackOf(needs, { ...able, backends: ['webgpu'] })).toEqual({ kind: 'backend', what: 'wasm' });
    const registry = { ...able.registry, methods: { m: 1 } };
    expect(lackOf(needs, { ...able, registry })).toEqual({ kind: 'registry', what: 'm version 2' });
  });

  it('tell the submitter the nearest remedy among several workers', () => {
    const foreign = { ...able, registry: { ...able.registry, benchmarks: {} } };
    const bare = { ...able, datasets: [] };
    expect(reasonForWaiting(needs, [foreign, bare], null)).toContain('touchstone data pull d');
    const byHand = { ...needs, datasets: ['cub200-first50-thumb64'] };
    expect(reasonForWaiting(byHand, [bare], null)).toContain('touchstone data import cub200-first50-thumb64 PATH');
    expect(reasonForWaiting(needs, [foreign], null)).toContain("b@1 with this server's hash");
    expect(reasonForWaiting(needs, [], null)).toContain('no worker has ever been online');
    expect(reasonForWaiting(needs, [], new Date(0))).toContain('no worker is online since 1970-01-01T00:00:00.000Z');
    expect(reasonForWaiting(needs, [{ ...able, refusal: 'too old' }], null)).toBe('no worker takes runs: w: too old');
  });
});
