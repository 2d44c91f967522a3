import type { MethodImplementation } from '../../core/define.js';
import { batchLabels, numberParam } from '../../core/guards.js';
import type { Tensor } from '../../core/ops.js';
import type { Batch, Objective, RunContext } from '../../core/slots.js';
import { eceAurc } from './calibration.js';
import type { Params } from './definition.js';
import { alphaSchedule, pskdLoss } from './formulas.js';

/** Cross-entropy to targets softened by the example's own last prediction, which it stores after each step. */
function setup(ctx: RunContext, { alphaT }: Params): Objective {
  const { ops, classes } = ctx;
  const memory = ctx.sampleState('past', classes);
  let current: Tensor | undefined;

  /** Stored rows of the batch; the label itself where nothing is stored yet. */
  function pastOf(batch: Batch, labels: Int32Array): Tensor {
    const past = new Float32Array(labels.length * classes);
    batch.ids.forEach((id, i) => {
      const row = memory.subarray(id * classes, (id + 1) * classes);
      if (row.some((p) => p > 0)) past.set(row, i * classes);
      else past[i * classes + (labels[i] ?? 0)] = 1;
    });
    return ops.tensor(past, [labels.length, classes]);
  }

  return {
    loss(batch, net) {
      const labels = batchLabels(batch, 'ps-kd');
      const logits = net.logits(batch.x);
      if (current) ops.release(current);
      current = ops.keep(ops.softmax(ops.stopGradient(logits)));
      const alpha = alphaSchedule(ctx.epoch, alphaT, ctx.totalEpochs);
      return pskdLoss(ops, logits, labels, pastOf(batch, labels), alpha).loss;
    },
    async afterStep(batch) {
      if (!current) return;
      const probabilities = await ops.read(current);
      ops.release(current);
      current = undefined;
      batch.ids.forEach((id, i) => memory.set(probabilities.subarray(i * classes, (i + 1) * classes), id * classes));
    },
  };
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup,
  functions: {
    pskd_loss: {
      inputs: { logits: 'tensor', labels: 'indices', past_probs: 'tensor' },
      evaluate: (ops, { logits, labels, past_probs }, params) =>
        pskdLoss(ops, logits, labels, past_probs, numberParam(params, 'alpha', { from: 0, to: 1 })),
    },
    alpha_schedule: {
      inputs: { epoch: 'number' },
      evaluate: (_ops, { epoch }, params) => ({
        alpha: alphaSchedule(
          epoch,
          numberParam(params, 'alpha_T', { from: 0, to: 1, fallback: 0.8 }),
          numberParam(params, 'epochs', { above: 0 }),
        ),
      }),
    },
    ece_aurc: {
      inputs: { probs: 'plain', labels: 'indices' },
      evaluate: (_ops, { probs, labels }, params) => ({
        ...eceAurc(probs, labels, numberParam(params, 'bins', { from: 1, whole: true, fallback: 10 })),
      }),
    },
  },
};
