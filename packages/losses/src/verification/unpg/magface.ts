/** The head of MagFace: an angular margin that grows with the length of the embedding, which a penalty keeps long. */
import type { UnitClasses } from '../../core/margin-formulas.js';
import { turnedCosine } from '../../core/margin-formulas.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { safeRoot } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';

/**
 * With a = ‖x‖ kept in [normLow, normHigh]: cos(θ + m(a)) of the own class, m linear from marginLow to marginHigh, and
 * the penalty λ·mean(a/normHigh² + 1/a). embeddings [B,D]. Source: Meng et al. 2021, Eq. 4 and 5.
 */
export function magFaceHead(
  ops: Ops,
  embeddings: Tensor,
  unit: UnitClasses,
  {
    normLow,
    normHigh,
    marginLow,
    marginHigh,
    normWeight,
  }: Pick<Params, 'normLow' | 'normHigh' | 'marginLow' | 'marginHigh' | 'normWeight'>,
): { changed: Tensor; penalty: Tensor } {
  const length = safeRoot(ops, ops.sum(ops.square(embeddings), { axis: 1 }));
  const a = ops.clip(length, normLow, normHigh);
  const slope = (marginHigh - marginLow) / (normHigh - normLow);
  const margin = ops.add(ops.mul(ops.sub(a, normLow), slope), marginLow);
  const terms = ops.add(ops.div(a, normHigh ** 2), ops.div(1, a));
  return { changed: turnedCosine(ops, unit, margin), penalty: ops.mul(ops.mean(terms), normWeight) };
}
