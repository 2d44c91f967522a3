import { describe, expect, it } from 'vitest';
import { headroom, measuredResolution } from './headroom.js';
import { verifyReceipt } from './receipt.js';
import { benchmarkHash, benchmarkName, getBenchmark, listBenchmarks } from './registry.js';
import { shippedReceipts, shippedTuning } from './shipped.js';
import { baselineVariant, untrainedVariant } from './variant.js';
import { fits } from '../engine/tuning-store.js';

const receipts = shippedReceipts();

describe('shipped receipts', () => {
  it('all verify', () => {
    const broken = receipts.filter((receipt) => !verifyReceipt(receipt).valid);
    expect(broken.map((receipt) => [receipt.benchmark, receipt.seed, verifyReceipt(receipt).problems])).toEqual([]);
    expect(receipts.every((receipt) => receipt.fraction === undefined)).toBe(true);
  });

  it('are one a benchmark, variant and seed', () => {
    const names = receipts.map(({ benchmarkHash: hash, variantHash, seed }) => `${hash} ${variantHash} ${seed}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('come with the choice behind every tuned one', () => {
    const tuned = receipts.filter((receipt) => receipt.variant.space === 'tuned');
    expect(tuned.length).toBeGreaterThan(0);
    for (const receipt of tuned) {
      const record = shippedTuning(receipt.benchmarkHash, receipt.variantHash);
      expect(record && fits(record, receipt.benchmarkHash, receipt.variantHash)).toBe(true);
      const { learningRate, weightDecay } = record!.points[record!.chosen]!;
      expect(receipt.tuned).toMatchObject({ learningRate, weightDecay, edge: record!.edge });
    }
  });
});

const ranked = listBenchmarks().filter(({ protocol }) => protocol.scale !== 'SMOKE');

describe.each(ranked.map((each) => [benchmarkName(each.protocol), each] as const))('%s', (_name, each) => {
  it('ships untrained and baseline rows with every seed', () => {
    const hash = benchmarkHash(each.protocol);
    const wanted = [
      untrainedVariant(each).variantHash,
      baselineVariant(each, 'PUBLISHED_DEFAULTS').variantHash,
      baselineVariant(each, 'PLATFORM_TUNED').variantHash,
    ];
    for (const variant of wanted) {
      const seeds = receipts.filter((r) => r.benchmarkHash === hash && r.variantHash === variant).map((r) => r.seed);
      expect(seeds.sort()).toEqual([...each.protocol.seeds].sort());
    }
  });

  it('states the resolution that its receipts have, and room for five of it', () => {
    const measured = measuredResolution(each, receipts)!;
    expect(Math.abs(each.resolution! / measured - 1)).toBeLessThan(0.05);
    expect(headroom(each, receipts)! / each.resolution!).toBeGreaterThanOrEqual(5);
  });
});

it('notices a benchmark without room', () => {
  const each = getBenchmark('letter-retrieval');
  expect(headroom({ ...each, ceiling: { value: 0.2, source: 'a test' } }, receipts)! / each.resolution!).toBeLessThan(
    5,
  );
});
