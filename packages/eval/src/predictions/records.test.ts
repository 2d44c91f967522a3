import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benchmarkHash, benchmarkName, outputOf, primaryOutput, scoreOutputs } from '../core/registry.js';
import { registryHashes } from '../core/registry-hashes.js';
import { listPredictionBenchmarks, predictionBenchmark } from './records.js';

const path = new URL('../../predictions.lock.json', import.meta.url);
const frozen = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;

describe('predictions.lock.json', () => {
  it('holds every protocol with a board under its hash (TOUCHSTONE_UPDATE_LOCK=1 adds new ones)', () => {
    const hashes = Object.fromEntries(
      listPredictionBenchmarks().map(({ protocol }) => [benchmarkName(protocol), benchmarkHash(protocol)]),
    );
    // A frozen hash is never replaced: a protocol that changes gets a new version.
    const added = Object.fromEntries(Object.entries({ ...hashes, ...frozen }).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (process.env['TOUCHSTONE_UPDATE_LOCK']) writeFileSync(path, `${JSON.stringify(added, null, 2)}\n`);
    expect(hashes).toEqual(process.env['TOUCHSTONE_UPDATE_LOCK'] ? added : frozen);
  });
});

describe('records of the predictions track', () => {
  it('exist where a server can have the labels', () => {
    const keys = listPredictionBenchmarks().map(({ protocol }) => protocol.key);
    expect(keys).toContain('math-answers');
    expect(keys).toContain('cranfield-retrieval');
    // Its relevance judgements come from whoever scores.
    expect(keys).not.toContain('retrieval-trec');
  });

  it('name their scores, the primary first, and know those of a family', () => {
    const { protocol, scoring } = predictionBenchmark('certified-accuracy@1')!;
    expect(primaryOutput(protocol).title).toBe('Certified accuracy at radius 0.25');
    expect(scoreOutputs(protocol)).toHaveLength(scoring!.outputs.length);
    expect(outputOf(protocol, 'certified_accuracy_at_0.33')).toMatchObject({ direction: 'higher', precision: 1e-4 });
    expect(outputOf(protocol, 'abstention_rate')?.direction).toBe('lower');
    expect(outputOf(protocol, 'accuracy')).toBeUndefined();
  });

  it('are among the hashes that a worker tells', () => {
    const { protocol } = predictionBenchmark('math-answers')!;
    expect(registryHashes().benchmarks['math-answers@1']).toBe(benchmarkHash(protocol));
  });
});
