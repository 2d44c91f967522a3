import type { MethodImplementation } from '../../core/define.js';
import { numberParam } from '../../core/guards.js';
import type { Operand, Ops } from '../../core/ops.js';
import type { Objective, RunContext } from '../../core/slots.js';
import { embedViews } from '../../core/two-views.js';
import type { Params } from './definition.js';
import { clip, ntXent } from './formulas.js';

/** CLIP keeps 1/τ from growing beyond this. */
const STEEPEST = 100;

/** τ = e^−ω of a learned ω; beyond the bound the value stops and the gradient does not. */
function learnedTemperature(ctx: RunContext, initial: number): () => Operand {
  const { ops } = ctx;
  const omega = ctx.variable('log-scale', [], { kind: 'constant', value: -Math.log(initial) }, { decay: false });
  return () => {
    const excess = ops.sub(omega, ops.minimum(omega, Math.log(STEEPEST)));
    return ops.exp(ops.neg(ops.sub(omega, ops.stopGradient(excess))));
  };
}

function setup(ctx: RunContext, { form, temperature, learnTemperature }: Params): Objective {
  const current = learnTemperature ? learnedTemperature(ctx, temperature) : () => temperature;
  const loss = form === 'clip' ? clip : ntXent;
  return {
    views: 2,
    loss: (batch, net) => loss(ctx.ops, ...embedViews(batch, net, 'info-nce'), current()),
  };
}

/** The temperature as a number, or as the tensor that a gradient by it was asked for. */
function temperatureOf(params: Readonly<Record<string, unknown>>, fallback: number): Operand {
  const given = params['temperature'];
  const isTensor = typeof given === 'object' && given !== null && 'shape' in given;
  return isTensor ? (given as Exclude<Operand, number>) : numberParam(params, 'temperature', { above: 0, fallback });
}

export const implementation: MethodImplementation<'objective', Params> = {
  setup,
  functions: {
    ntXent: {
      inputs: { view1: 'tensor', view2: 'tensor' },
      evaluate: (ops: Ops, { view1, view2 }, params) => ntXent(ops, view1, view2, temperatureOf(params, 0.1)),
    },
    clip: {
      inputs: { image: 'tensor', text: 'tensor' },
      evaluate: (ops: Ops, { image, text }, params) => clip(ops, image, text, temperatureOf(params, 0.07)),
    },
  },
};
