/** Decoupled softmax of embeddings without the matrix of scores: the pairs are declared, the engine runs them. */
import type { Form } from '../../core/class-softmax.js';
import { likelihoodLoss, otherClassesLogSumExp, rowProducts } from '../../core/class-softmax.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { Mask, PairwiseDeclaration, PairwiseInputs, Relation } from '../../pairwise/index.js';
import {
  and,
  definePairwise,
  member,
  mul,
  not,
  row,
  sameId,
  sameIndex,
  score,
  softplus,
  statistic,
  sub,
  uniform,
} from '../../pairwise/index.js';

interface Stages {
  /** n_i = log Σ_{negatives} e^{S_ij} */
  readonly first: PairwiseDeclaration;
  /** Σ_{k ∈ P_i} log(1 + e^{n_i − S_ik}) */
  readonly second: PairwiseDeclaration;
}

const scaled = mul(score, uniform('scale'));

function stages(name: string, positive: Mask, negative: Mask): Stages {
  return {
    first: definePairwise({
      name: `${name}-negatives`,
      statistics: { partition: statistic('logSumExp', scaled, { over: negative }) },
    }),
    second: definePairwise({
      name: `${name}-positives`,
      statistics: { total: statistic('sum', softplus(sub(row('partition'), scaled)), { over: positive }) },
    }),
  };
}

const sameLabel = sameId('label', 'label');
const inBatch = stages('decoupled-batch', and(sameLabel, not(sameIndex)), not(sameLabel));
const related = stages('decoupled-related', member('positives'), not(member('positives')));

/** (1/B) Σ_i (1/|P_i|) of the second stage, given the number of positives of each row. */
function run(ops: Ops, { first, second }: Stages, inputs: PairwiseInputs, positives: readonly number[]): Tensor {
  const partition = ops.pairwise(first, inputs).values['partition']!;
  const rows = { ...inputs.rows, fields: { partition } };
  const totals = ops.pairwise(second, { ...inputs, rows }).values['total']!;
  const shares = positives.map((count) => (count === 0 ? 0 : 1 / count));
  return ops.mean(ops.mul(totals, ops.tensor(shares, [positives.length])));
}

/** Each row's label is its one positive among the unit `documents` [L,D]. queries [B,D], unit. Scalar. */
export function decoupledByLabel(
  ops: Ops,
  queries: Tensor,
  documents: Tensor,
  labels: Indices,
  tau: number,
  form?: Form,
): Tensor {
  const target = ops.div(rowProducts(ops, queries, ops.gather(documents, labels)), tau);
  const others = otherClassesLogSumExp(ops, queries, documents, labels, 1 / tau, form);
  return ops.mean(likelihoodLoss(ops, target, others));
}

/** Positives are the other rows of the label, negatives the rows of other labels. queries [B,D], unit. Scalar. */
export function decoupledInBatch(ops: Ops, queries: Tensor, labels: Indices, tau: number): Tensor {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ids = { label: labels };
  const positives = Array.from(labels, (label) => counts.get(label)! - 1);
  return run(ops, inBatch, { a: queries, rows: { ids }, columns: { ids }, uniforms: { scale: 1 / tau } }, positives);
}

/** Positives are listed for each query, all other documents are negatives. queries [B,D], documents [L,D], unit. Scalar. */
export function decoupledByRelation(
  ops: Ops,
  queries: Tensor,
  documents: Tensor,
  positives: Relation,
  tau: number,
): Tensor {
  const counts = Array.from(
    { length: positives.offsets.length - 1 },
    (_, i) => positives.offsets[i + 1]! - positives.offsets[i]!,
  );
  const inputs = { a: queries, b: documents, relations: { positives }, uniforms: { scale: 1 / tau } };
  return run(ops, related, inputs, counts);
}
