import { defineMethod } from '@touchstone/losses/meta';
import type { RunContext } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { provideMethod } from '../core/methods.js';
import { getBenchmark, provideBenchmark } from '../core/registry.js';
import type { BenchmarkDefinition, Variant } from '../core/types.js';
import { acceptedMethods, resolveVariant } from '../core/variant.js';
import { requestFor, runVariant } from './run.js';

const smoke = getBenchmark('digits-smoke');
const letters = getBenchmark('letter-retrieval');

const pairs = (benchmark: BenchmarkDefinition) =>
  (['objective', 'layer', 'trainer'] as const).flatMap((slot) =>
    acceptedMethods(benchmark, slot)
      .filter((entry) => entry.accepted)
      .map(({ method }) => [benchmark.protocol.key, slot, method.key, benchmark] as const),
  );

describe.each([...pairs(smoke), ...pairs(letters)])('%s, %s %s', (_key, slot, method, benchmark) => {
  it('trains to finite scores, the same twice', async () => {
    const { variant } = resolveVariant(benchmark, { slots: { [slot]: { method } }, division: 'OPEN' });
    const request = requestFor(benchmark, variant, 1, 0.1);
    const first = await runVariant(request);
    expect(Object.values(first.scores).every(Number.isFinite)).toBe(true);
    expect((await runVariant(request)).receipt.digest).toBe(first.receipt.digest);
  });
});

describe('what methods are given', () => {
  const seen: RunContext[] = [];
  const define = (key: string, slot: 'objective' | 'regulariser', weight: number) =>
    defineMethod({
      key,
      version: 1,
      title: key,
      summary: 'Notes what it is given.',
      family: 'fixtures',
      slot,
      params: z.strictObject({}),
      inputs: [],
      needs: ['labels', 'logits'],
      formula: '',
      functions: [],
      load: async () => ({
        functions: {},
        setup: (ctx: RunContext) => {
          seen.push(ctx);
          const state = ctx.sampleState('visits', 1);
          const gate = ctx.variable('gate', [], { kind: 'constant', value: weight });
          return {
            views: 2,
            loss: (batch, net) => {
              if (batch.views.length !== 2) throw new Error(`two views were asked for, ${batch.views.length} came`);
              return ctx.ops.mul(ctx.ops.mean(ctx.ops.square(net.logits(batch.x))), ctx.ops.square(gate));
            },
            afterStep: (batch) => {
              for (const id of batch.ids) state[id]!++;
              ctx.report(
                'visited',
                state.reduce((sum, count) => sum + count, 0),
              );
            },
          };
        },
      }),
      reported: [],
      notes: [],
    });
  provideMethod(define('noted-objective', 'objective', 1));
  provideMethod(define('noted-regulariser', 'regulariser', 2));

  it('adds a regulariser to the objective, each with state and variables of its own', async () => {
    const ref = (method: string) => ({ method, version: 1, params: {} });
    const protocol = {
      ...smoke.protocol,
      key: 'noted',
      accepts: { ...smoke.protocol.accepts, regulariser: ref('noted-regulariser') },
    };
    const noted = { ...smoke, protocol };
    provideBenchmark(noted);
    const variant: Variant = {
      components: { ...protocol.accepts, objective: ref('noted-objective') },
      space: { learningRate: 0.01, weightDecay: 0 },
    };
    const { series } = await runVariant(requestFor(noted, variant, 0));
    const visited = (slot: string) => series.filter((point) => point.key === `${slot}/visited`);
    expect(visited('objective').at(-1)!.value).toBe(protocol.steps * 64);
    expect(visited('regulariser')).toHaveLength(protocol.steps);
    const [first, second] = [seen.at(-2)!, seen.at(-1)!];
    expect(first.rng('x').uint32()).toBe(first.rng('x').uint32());
    expect(first.rng('x').uint32()).not.toBe(second.rng('x').uint32());
    expect(first.scope('a').rng('x').uint32()).not.toBe(first.rng('x').uint32());
    expect(first).toMatchObject({ totalSteps: 150, trainSize: 1200, classes: 10, embeddingDim: 32, totalEpochs: 9 });
    expect(first.epoch).toBe(8);
  });
});
