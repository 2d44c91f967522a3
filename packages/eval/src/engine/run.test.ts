import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyReceipt } from '../core/receipt.js';
import { getBenchmark, getDataset, listBenchmarks } from '../core/registry.js';
import type { ChildMessage, Variant } from '../core/types.js';
import { baselineVariant, resolveVariant, untrainedVariant, variantHash } from '../core/variant.js';
import { datasetState } from '../data-store.js';
import { rerunReceipt } from './rerun.js';
import { requestFor, runVariant } from './run.js';

const smoke = getBenchmark('digits-smoke');
const { variant } = resolveVariant(smoke, {});
let home: string;
let before: string | undefined;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'touchstone-run-'));
  before = process.env['TOUCHSTONE_HOME'];
  process.env['TOUCHSTONE_HOME'] = home;
});
afterAll(() => {
  if (before === undefined) delete process.env['TOUCHSTONE_HOME'];
  else process.env['TOUCHSTONE_HOME'] = before;
  rmSync(home, { recursive: true, force: true });
});

describe('runVariant', () => {
  it('gives the same bits twice, other bits for another seed', async () => {
    const [a, b, c] = [0, 0, 1].map((seed) => requestFor(smoke, variant, seed));
    const first = await runVariant(a!);
    expect((await runVariant(b!)).receipt.digest).toBe(first.receipt.digest);
    expect((await runVariant(c!)).receipt.digest).not.toBe(first.receipt.digest);
    expect(first.scores['accuracy']).toBeGreaterThan(0.85);
    expect(first.resources.flops).toBeGreaterThan(1e6);
  });

  it('writes a receipt that verifies, re-derives, and notices a changed digit', async () => {
    const { receipt } = await runVariant(requestFor(smoke, variant, 2));
    expect(verifyReceipt(receipt)).toEqual({ valid: true, problems: [] });
    expect(await rerunReceipt(receipt)).toMatchObject({ equal: true, differences: [] });
    const forged = { ...receipt, scores: { ...receipt.scores, accuracy: 0.999 } };
    expect(verifyReceipt(forged).problems.join()).toContain('digest');
    expect((await rerunReceipt(forged)).differences.join()).toContain('scores.accuracy');
  });

  it('sends loss, rate and progress on the way', async () => {
    const messages: ChildMessage[] = [];
    const { series } = await runVariant(requestFor(smoke, variant, 0), { onMessage: (m) => messages.push(m) });
    const loss = series.filter((point) => point.key === 'loss');
    expect(loss).toHaveLength(smoke.protocol.steps);
    expect(loss.at(-1)!.value).toBeLessThan(loss[0]!.value / 2);
    const rates = series.filter((point) => point.key === 'learning_rate').map((point) => point.value);
    expect(rates[0]).toBe(smoke.protocol.space.learningRate.default);
    expect(rates.at(-1)).toBeLessThan(rates[0]! / 100);
    const phases = messages.flatMap((m) => (m.type === 'progress' ? [m.phase] : []));
    expect([...new Set(phases)]).toEqual(['data', 'training', 'scoring']);
  });

  it('scores the net as initialised below everything trained', async () => {
    const { scores, convergence } = await runVariant(requestFor(smoke, untrainedVariant(smoke).variant, 0));
    expect(scores['accuracy']).toBeLessThan(0.3);
    expect(convergence).toBe('CONVERGED');
  });

  it('stops at once when aborted', async () => {
    const stop = new AbortController();
    const run = runVariant(requestFor(smoke, variant, 0), {
      signal: stop.signal,
      onMessage: (m) => m.type === 'progress' && m.phase === 'training' && stop.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    // The next run in this process has its random numbers and memory back.
    // eslint-disable-next-line no-restricted-properties -- whether it throws is the question
    expect(Math.random()).toBeLessThan(1);
  });

  it('ends a diverging training with the step', async () => {
    const wild: Variant = { ...variant, space: { learningRate: 0.1, weightDecay: 1e9 } };
    await expect(runVariant(requestFor(smoke, wild, 0))).rejects.toMatchObject({
      code: 'NON_FINITE',
      step: expect.any(Number),
    });
  });

  it('refuses what it does not know', async () => {
    const request = requestFor(smoke, variant, 0);
    await expect(runVariant({ ...request, benchmark: 'digits-smoke@99' })).rejects.toMatchObject({
      code: 'UNKNOWN_BENCHMARK',
    });
    await expect(runVariant({ ...request, benchmarkHash: 'a' })).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    await expect(runVariant({ ...request, variantHash: 'a' })).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    await expect(runVariant({ ...request, fraction: 2 })).rejects.toMatchObject({ code: 'PARAM_RANGE' });
    const objective = { ...variant.components.objective!, version: 99 };
    const newer = { ...variant, components: { ...variant.components, objective } };
    await expect(runVariant(requestFor(smoke, newer, 0))).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
  });

  it('chooses a point once, then reuses the record', async () => {
    const tuned = baselineVariant(smoke, 'PLATFORM_TUNED').variant;
    const phases = new Set<string>();
    const onMessage = (m: ChildMessage): void => void (m.type === 'progress' && phases.add(m.phase));
    const first = await runVariant(requestFor(smoke, tuned, 0), { onMessage });
    const { points, chosen } = first.tuning!;
    expect(points[0]).toMatchObject({ learningRate: smoke.protocol.space.learningRate.default });
    expect(points).toHaveLength(smoke.protocol.space.trials);
    expect(points[chosen]!.score).toBe(Math.max(...points.map((point) => point.score ?? 0)));
    expect(first.receipt.tuned?.learningRate).toBe(points[chosen]!.learningRate);
    const again = await runVariant(requestFor(smoke, tuned, 0), { tuning: first.tuning! });
    expect(again.receipt.digest).toBe(first.receipt.digest);
    const other = { ...first.tuning!, variantHash: variantHash(variant) };
    await expect(runVariant(requestFor(smoke, tuned, 0), { tuning: other })).rejects.toMatchObject({
      code: 'HASH_MISMATCH',
    });
  });

  it('marks a try in its receipt', async () => {
    const whole = await runVariant(requestFor(smoke, variant, 0));
    const part = await runVariant(requestFor(smoke, variant, 0, 0.5));
    expect(part.receipt.fraction).toBe(0.5);
    expect(part.receipt.digest).not.toBe(whole.receipt.digest);
    expect(whole.receipt).not.toHaveProperty('fraction');
  });
});

describe.each(listBenchmarks().map((each) => [each.protocol.key, each] as const))('%s', (_key, each) => {
  it('trains a few steps of its baseline on its data', async () => {
    const { state, message } = await datasetState(getDataset(each.protocol.datasets[0]!.key));
    if (state !== 'BUNDLED' && state !== 'PRESENT') {
      console.warn(`skipped: ${each.protocol.key}: ${message}`);
      return;
    }
    const baseline = baselineVariant(each, 'PUBLISHED_DEFAULTS').variant;
    const fraction = each.protocol.batch.kind === 'pk' ? 0.2 : 0.05;
    const { scores } = await runVariant(requestFor(each, baseline, 0, fraction));
    expect(Object.keys(scores)).toContain(each.protocol.primary);
  });
});
