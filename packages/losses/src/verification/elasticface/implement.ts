import type { Form } from '../../core/class-softmax.js';
import type { FunctionImplementation, MethodImplementation } from '../../core/define.js';
import { gaussianNoise } from '../../core/gaussian.js';
import {
  batchLabels,
  checkLabels,
  choiceParam,
  flagParam,
  matrixShape,
  numberParam,
  vectorLength,
} from '../../core/guards.js';
import { classWeights, marginSoftmax, turnedCosine, unitClasses } from '../../core/margin-formulas.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { assignMargins } from './margins.js';

/**
 * Mean over the labelled rows of −log of the softmax over s·cos θ, with s·cos(θ + m_i) (arc) or s·(cos θ − m_i) (cos) at
 * the true class. embeddings [B,D], weights [C,D], labels [B] in 0 … C−1 or −1 for a row that is left out, margins [B]
 * in radians or cosine, s > 0. With `plus` the margins are handed out by difficulty (`assignMargins`) and not
 * differentiated. 0 where no row has a label. Scalar. `form` forces the composed or the fused evaluation.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Boutros et al. 2022 and released code.
 */
export function elasticFace(
  ops: Ops,
  embeddings: Tensor,
  weights: Tensor,
  labels: Indices,
  margins: Tensor,
  { variant, s, plus, plusMode }: Pick<Params, 'variant' | 's' | 'plus' | 'plusMode'>,
  form?: Form,
): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  vectorLength('margins', margins, rows);
  checkLabels(
    'labels',
    Array.from(labels, (label) => (label === -1 ? 0 : label)),
    rows,
    weights.shape[0],
  );
  const labelled = Array.from(labels.keys()).filter((i) => labels[i] !== -1);
  if (labelled.length === 0) return ops.fill([], 0);
  const kept = (x: Tensor): Tensor => (labelled.length === rows ? x : ops.gather(x, labelled));
  const truth = labelled.map((i) => labels[i]!);
  const unit = unitClasses(ops, kept(embeddings), weights, truth);
  const drawn = plus ? assignMargins(ops, kept(margins), unit.cosine, plusMode) : kept(margins);
  const changed = variant === 'arc' ? turnedCosine(ops, unit, drawn) : ops.sub(unit.cosine, drawn);
  return ops.mean(marginSoftmax(ops, unit, changed, s, form));
}

const elastic = (variant: Params['variant']): FunctionImplementation => ({
  inputs: { embeddings: 'tensor', kernel: 'tensor', labels: 'indices', margins: 'tensor' },
  evaluate: (ops, { embeddings, kernel, labels, margins }, params) => {
    const [, width] = matrixShape('embeddings', embeddings);
    matrixShape('kernel', kernel, width);
    return elasticFace(ops, embeddings, ops.transpose(kernel), labels, margins, {
      variant,
      s: numberParam(params, 's', { above: 0, fallback: 64 }),
      plus: flagParam(params, 'plus'),
      plusMode: choiceParam(params, 'plusMode', ['code', 'rank']),
    });
  },
});

export const implementation: MethodImplementation<'objective', Params> = {
  setup: (ctx, params) => {
    const weights = classWeights(ctx);
    return {
      loss: (batch, net) => {
        const labels = batchLabels(batch, 'elasticface');
        // A stream a step: evaluating the loss again at the same step sees the same margins.
        const noise = gaussianNoise(ctx.rng(`margins/${ctx.step}`), labels.length);
        const margins = noise.map((z) => params.margin + params.deviation * z);
        const drawn = ctx.ops.tensor(margins, [labels.length]);
        return elasticFace(ctx.ops, net.embed(batch.x), weights, labels, drawn, params);
      },
    };
  },
  functions: { elasticArc: elastic('arc'), elasticCos: elastic('cos') },
};
