import type { MethodImplementation, Nested } from '../../core/define.js';
import { flagParam, numberParam } from '../../core/guards.js';
import type { Tensor } from '../../core/ops.js';
import type { Batch, Objective, RunContext } from '../../core/slots.js';
import { embedViews } from '../../core/two-views.js';
import { bimodalStep } from './bimodal.js';
import type { Params } from './definition.js';
import { unimodalStep } from './formulas.js';

/** Numbers kept of each training example: seen (1) or not (0), log s, u, τ. */
const WIDTH = 4;

/** The unimodal step; every training example has its own s, u and τ, moved after each step. */
function setup(ctx: RunContext, params: Params): Objective {
  const { ops } = ctx;
  const memory = ctx.sampleState('state', WIDTH);
  let moved: Tensor | undefined;

  function stateOf({ ids }: Batch): [Tensor, Tensor, Tensor, Tensor] {
    const rows = Array.from(ids, (id) => memory.subarray(id * WIDTH, (id + 1) * WIDTH));
    const column = (of: (row: Float32Array) => number): Tensor => ops.tensor(rows.map(of), [rows.length]);
    const seen = (row: Float32Array): boolean => row[0] === 1;
    return [
      column((row) => (seen(row) && ctx.epoch > 0 ? 0 : 1)),
      column((row) => (seen(row) ? row[1]! : -Infinity)),
      column((row) => row[2]!),
      column((row) => (seen(row) ? row[3]! : params.tauInit)),
    ];
  }

  return {
    views: 2,
    loss(batch, net) {
      const [first, logS, u, tau] = stateOf(batch);
      const step = unimodalStep(ops, ...embedViews(batch, net, 'isogclr'), { logS, u, tau }, first, params);
      if (moved) ops.release(moved);
      moved = ops.keep(ops.stack([step.logS, step.u, step.tau], 1));
      return step.loss;
    },
    async afterStep(batch) {
      if (!moved) return;
      const values = await ops.read(moved);
      ops.release(moved);
      moved = undefined;
      let total = 0;
      batch.ids.forEach((id, i) => {
        memory.set([1, ...values.subarray(3 * i, 3 * i + 3)], id * WIDTH);
        total += values[3 * i + 2]!;
      });
      ctx.report('temperature', total / batch.ids.length);
    },
  };
}

/** Gradients of two views [B,D] as one of the views side by side, [B,2,D]. */
const sideBySide = ([first, second]: readonly Nested[]): Nested =>
  (first as readonly Nested[]).map((row, i) => [row, (second as readonly Nested[])[i]!]);

export const implementation: MethodImplementation<'objective', Params> = {
  setup,
  functions: {
    isogclrUnimodalStep: {
      inputs: { view1: 'tensor', view2: 'tensor', s: 'tensor', u: 'tensor', tau: 'tensor' },
      aliases: { 'features[B,2,D]': { of: ['view1', 'view2'], arrange: sideBySide } },
      evaluate(ops, { view1, view2, s, u, tau }, params) {
        const first = ops.fill(s.shape, flagParam(params, 'firstEpoch') ? 1 : 0);
        const step = unimodalStep(ops, view1, view2, { logS: ops.log(s), u, tau }, first, {
          gamma: numberParam(params, 'gamma', { from: 0, to: 1, fallback: 0.8 }),
          rho: numberParam(params, 'rho', { fallback: 0.4 }),
          betaU: numberParam(params, 'betaU', { from: 0, to: 1, fallback: 0.5 }),
          eta: numberParam(params, 'eta', { from: 0, fallback: 0.03 }),
          tauMin: numberParam(params, 'tauMin', { above: 0, fallback: 0.05 }),
          tauMax: numberParam(params, 'tauMax', { above: 0, fallback: 1 }),
          gradClip: numberParam(params, 'gradClip', { above: 0, fallback: 3 }),
        });
        return { loss: step.loss, s: ops.exp(step.logS), u: step.u, tau: step.tau, gradTau: step.gradTau };
      },
    },
    isogclrBimodalStep: {
      inputs: { image: 'tensor', text: 'tensor', sI: 'tensor', sT: 'tensor', b: 'tensor', u: 'tensor' },
      evaluate: (ops, { image, text, ...state }, params) =>
        bimodalStep(ops, image, text, state as never, {
          gamma: numberParam(params, 'gamma', { from: 0, to: 1, fallback: 0.8 }),
          rho: numberParam(params, 'rho', { fallback: 0.1 }),
          tau: numberParam(params, 'tau', { above: 0, fallback: 0.01 }),
          betaU: numberParam(params, 'betaU', { from: 0, to: 1, fallback: 0.9 }),
          eta: numberParam(params, 'eta', { from: 0, fallback: 0.01 }),
          eps: numberParam(params, 'eps', { from: 0, fallback: 1e-10 }),
          gradClip: numberParam(params, 'gradClip', { above: 0, fallback: 5 }),
        }),
    },
  },
};
