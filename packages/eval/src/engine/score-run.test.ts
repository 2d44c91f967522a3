import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { benchmarkHash } from '../core/registry.js';
import { keptUnits, LONGEST_UNIT_NAME } from '../core/run-units.js';
import type { RunResult, Variant } from '../core/types.js';
import { variantHash } from '../core/variant.js';
import { predictionBenchmark } from '../predictions/records.js';
import { scoreVariant } from './score-run.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-score-run-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scored(ids: readonly string[]): Promise<{ result: RunResult; warnings: string[] }> {
  const content = ids.map((id) => `${JSON.stringify({ id, answers: ['1', '2'], gold: '1' })}\n`).join('');
  const path = join(folder, 'answers.jsonl');
  writeFileSync(path, content);
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    predictions: { files: [{ name: 'answers.jsonl', sha256: sha256(new TextEncoder().encode(content)) }] },
  };
  const warnings: string[] = [];
  const request = {
    benchmark: 'math-answers@1',
    benchmarkHash: benchmarkHash(predictionBenchmark('math-answers')!.protocol),
    variant,
    variantHash: variantHash(variant),
    seed: 0,
  };
  const result = await scoreVariant(request, [path], {
    onMessage: (message) => message.type === 'log' && message.level === 'warn' && warnings.push(message.line),
    signal: new AbortController().signal,
  });
  return { result, warnings };
}

describe('names of test units', () => {
  it('are told as long as a server keeps them', async () => {
    const names = ['a', 'b'.repeat(LONGEST_UNIT_NAME)];
    const { result, warnings } = await scored(names);
    expect(result.units).toEqual({ names, groups: null });
    expect(warnings).toEqual([]);
  });

  it('are left out where one is longer, which costs nobody his score', async () => {
    const { result, warnings } = await scored(['a', 'b'.repeat(LONGEST_UNIT_NAME + 1)]);
    expect(result.scores['avg_at_1']).toBe(1);
    expect(result.units).toBeNull();
    expect(warnings).toEqual([
      'names of test units are not kept: one has 501 characters, the most that are kept are 500',
    ]);
  });

  it('are left out where there are too many of them', () => {
    const groups = ['a', 'b'];
    const names = Array.from({ length: 90_000 }, (_, i) => `${i} ${'b'.repeat(400)}`);
    const { units, warnings } = keptUnits({ names, groups });
    expect(units).toEqual({ names: null, groups });
    expect(warnings).toEqual([expect.stringMatching(/^names of test units are not kept: they take \d+ bytes/)]);
  });
});
