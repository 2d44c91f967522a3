import type { MethodImplementation } from '../../core/define.js';
import { numberParam } from '../../core/guards.js';
import type { Tensor } from '../../core/ops.js';
import type { Objective, RunContext } from '../../core/slots.js';
import { flatBuffer, slotBuffer } from './buffer.js';
import type { Params } from './definition.js';
import { dIsoMap, dlle, entropyLoss, nearestInBuffer, nearestInSlots, slotsAfter } from './formulas.js';

/** The entropy term on the net's embeddings; the codes of each step are remembered after it. */
function setup(ctx: RunContext, { weight, buffer, bufferSize, warmup }: Params): Objective {
  const { ops } = ctx;
  const memory = (buffer === 'flat' ? flatBuffer : slotBuffer)(bufferSize, ctx.rng('buffer'));
  let current: Tensor | undefined;
  return {
    loss(batch, net) {
      const codes = net.embed(batch.x);
      if (current) ops.release(current);
      current = ops.keep(ops.stopGradient(codes));
      const ramp = warmup * ctx.totalSteps;
      return entropyLoss(ops, memory.nearest(ops, codes), weight * (ramp > 0 ? Math.min(1, ctx.step / ramp) : 1));
    },
    async afterStep() {
      if (!current) return;
      memory.push(await ops.read(current), current.shape[1] ?? 0);
      ops.release(current);
      current = undefined;
    },
  };
}

const weightOf = (params: Readonly<Record<string, unknown>>): number =>
  numberParam(params, 'weight', { fallback: 5e-4 });

export const implementation: MethodImplementation<'regulariser', Params> = {
  setup,
  functions: {
    entropyLossBuffer: {
      inputs: { codes: 'tensor', 'buffer[S,B,L]': 'tensor' },
      evaluate(ops, { codes, 'buffer[S,B,L]': buffer }, params) {
        const nearestSq = nearestInSlots(ops, codes, buffer);
        const newBufferLength = slotsAfter(buffer.shape[0] ?? 0, codes.shape[0] ?? 0);
        return { nearestSq, loss: entropyLoss(ops, nearestSq, weightOf(params)), newBufferLength };
      },
    },
    entropyLossFlat: {
      inputs: { codes: 'tensor', buffer: 'tensor' },
      evaluate(ops, { codes, buffer }, params) {
        const nearestSq = nearestInBuffer(ops, codes, buffer);
        return { nearestSq, loss: entropyLoss(ops, nearestSq, weightOf(params)) };
      },
    },
    dIsoMap: {
      inputs: { dReal: 'tensor', dFake: 'tensor', alpha: 'tensor', dMix: 'tensor' },
      evaluate: (ops, { dReal, dFake, alpha, dMix }, params) =>
        dIsoMap(ops, dReal, dFake, alpha, dMix, numberParam(params, 'noiseStd', { from: 0, fallback: 0.05 })),
    },
    dlle: {
      inputs: { dReal: 'tensor', dRealAug: 'tensor', dFake: 'tensor', dFakeAug: 'tensor' },
      evaluate: (ops, { dReal, dRealAug, dFake, dFakeAug }) => dlle(ops, dReal, dRealAug, dFake, dFakeAug),
    },
  },
};
