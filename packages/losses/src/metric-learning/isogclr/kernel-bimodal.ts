/** The sums of the bimodal step as the pairwise engine takes them: both directions of one pass, no [B,B] array. */
import type { Ops, Tensor } from '../../core/ops.js';
import type { Side, Value } from '../../pairwise/index.js';
import { column, definePairwise, detach, exp, mul, row, score, statistic, sub, uniform } from '../../pairwise/index.js';

/** Of the exponents (S_ij − S_ii)/τ of each image over the texts, or of each text over the images: [B]. */
export interface SideSums {
  readonly largest: Tensor;
  readonly logSumExp: Tensor;
}

export interface BimodalSums {
  readonly image: SideSums;
  readonly text: SideSums;
  /** Σ_j W_ij (S_ij − S_ii) of each side, the weights W = e^{exponent − shift} being constants. */
  weighted(imageShift: Tensor, textShift: Tensor): { readonly image: Tensor; readonly text: Tensor };
}

/** images, texts [B,D] unit rows, `right` their products S_ii [B]. */
export type BimodalSumsOf = (ops: Ops, images: Tensor, texts: Tensor, right: Tensor, tau: number) => BimodalSums;

const exponent = mul(score, uniform('steepness'));

const extremes = definePairwise({
  name: 'isogclr-extremes',
  statistics: {
    imageLargest: statistic('max', score),
    imageSum: statistic('logSumExp', exponent),
    textLargest: statistic('max', score, { per: 'column' }),
    textSum: statistic('logSumExp', exponent, { per: 'column' }),
  },
});

const pull = (shift: Value, per: Side) => statistic('sum', mul(detach(exp(sub(exponent, shift))), score), { per });

const pulls = definePairwise({
  name: 'isogclr-bimodal',
  statistics: { image: pull(row('shift'), 'row'), text: pull(column('shift'), 'column') },
});

export const fusedBimodalSums: BimodalSumsOf = (ops, images, texts, right, tau) => {
  const uniforms = { steepness: 1 / tau };
  const fixed = ops.stopGradient(right);
  const found = ops.pairwise(extremes, { a: ops.stopGradient(images), b: ops.stopGradient(texts), uniforms }).values;
  const side = (largest: Tensor, sum: Tensor): SideSums => ({
    largest: ops.div(ops.sub(largest, fixed), tau),
    logSumExp: ops.sub(sum, ops.div(fixed, tau)),
  });
  const image = side(found['imageLargest']!, found['imageSum']!);
  const text = side(found['textLargest']!, found['textSum']!);
  return {
    image,
    text,
    weighted(imageShift, textShift) {
      const field = (shift: Tensor) => ({ fields: { shift: ops.add(shift, ops.div(fixed, tau)) } });
      const { values } = ops.pairwise(pulls, {
        a: images,
        b: texts,
        rows: field(imageShift),
        columns: field(textShift),
        uniforms,
      });
      // Σ W (S − S_ii) = Σ W S − S_ii Σ W, and Σ W is known from the first pass.
      const centred = (sum: Tensor, { logSumExp }: SideSums, shift: Tensor): Tensor =>
        ops.sub(sum, ops.mul(right, ops.exp(ops.sub(logSumExp, shift))));
      return {
        image: centred(values['image']!, image, imageShift),
        text: centred(values['text']!, text, textShift),
      };
    },
  };
};
