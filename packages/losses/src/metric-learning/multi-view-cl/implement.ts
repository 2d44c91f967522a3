import type { FunctionImplementation, MethodImplementation } from '../../core/define.js';
import { batchViews, numberParam } from '../../core/guards.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { mvDHEL, mvInfoNCE, pwe } from './formulas.js';

type Form = (ops: Ops, views: Tensor, tau: number) => Tensor;

const forms: Readonly<Record<Params['loss'], Form>> = { 'mv-info-nce': mvInfoNCE, 'mv-dhel': mvDHEL, pwe };

const named = (form: Form): FunctionImplementation => ({
  inputs: { 'views[N,M,D]': 'tensor' },
  evaluate: (ops, { 'views[N,M,D]': views }, params) =>
    form(ops, views, numberParam(params, 'tau', { above: 0, fallback: 0.5 })),
});

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, { loss, views, tau }) => ({
    views,
    loss: (batch, net) => {
      const embedded = batchViews(batch, 'multi-view-cl', views).map((view) => net.embed(view));
      return forms[loss](ctx.ops, ctx.ops.stack(embedded, 0), tau);
    },
  }),
  functions: { mvInfoNCE: named(mvInfoNCE), mvDHEL: named(mvDHEL), pwe: named(pwe) },
};
