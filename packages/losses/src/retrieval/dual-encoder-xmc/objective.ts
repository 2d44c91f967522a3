/** What a batch of labelled embeddings is scored against, and the chosen loss of it. */
import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import { checkLabels, matrixShape } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { offDiagonal } from '../../core/pairwise-formulas.js';
import type { Params } from './definition.js';
import type { MultiHot } from './formulas.js';
import { decoupledSoftmax, softTopKLoss } from './formulas.js';
import { decoupledByLabel, decoupledInBatch } from './kernel.js';

/** Of the scores of a batch with itself: who shares a class, and who is the query itself. */
function batchTargets(labels: Indices): { positives: MultiHot; self: MultiHot } {
  const n = labels.length;
  const positives = new Float32Array(n * n);
  const self = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) self[i * n + j] = 1;
      else if (labels[i] === labels[j]) positives[i * n + j] = 1;
    }
  return { positives, self };
}

function labelTargets(labels: Indices, documents: number): MultiHot {
  const positives = new Float32Array(labels.length * documents);
  labels.forEach((label, i) => (positives[i * documents + label] = 1));
  return positives;
}

/** The square without its diagonal: [n,n−1], and the same of host values. */
function withoutDiagonal(ops: Ops, scores: Tensor, targets: MultiHot): readonly [Tensor, MultiHot] {
  const n = scores.shape[0] ?? 0;
  const kept = offDiagonal(n, n);
  const off = ops.reshape(ops.gather(ops.reshape(scores, [n * n]), kept), [n, n - 1]);
  return [off, Float32Array.from(kept, (at) => targets[at]!)];
}

/** The soft top-k picks from whole rows, so its scores are stored. */
function ranked(ops: Ops, queries: Tensor, documents: Tensor | undefined, labels: Indices, params: Params): Tensor {
  const scores = ops.div(ops.matMul(queries, documents ?? queries, { transposeB: true }), params.tau);
  const [kept, targets] = documents
    ? ([scores, labelTargets(labels, scores.shape[1]!)] as const)
    : withoutDiagonal(ops, scores, batchTargets(labels).positives);
  const k = Math.min(params.k, kept.shape[1]! - 1);
  // One document, or none, leaves nothing to rank.
  return k < 1 ? ops.mul(ops.sum(scores), 0) : softTopKLoss(ops, kept, targets, { ...params, k });
}

function decoupled(
  ops: Ops,
  queries: Tensor,
  documents: Tensor | undefined,
  labels: Indices,
  tau: number,
  form?: Form,
): Tensor {
  if (documents) return decoupledByLabel(ops, queries, documents, labels, tau, form);
  if ((form ?? formFor(labels.length, labels.length)) === 'fused') return decoupledInBatch(ops, queries, labels, tau);
  const { positives, self } = batchTargets(labels);
  const scores = ops.div(ops.matMul(queries, queries, { transposeB: true }), tau);
  return decoupledSoftmax(ops, scores, positives, self);
}

/**
 * The chosen loss of queries against documents, or, without them, against the other queries; positives are the
 * documents of the query's label. queries [B,D], documents [L,D], labels [B]. Scalar. Throws SHAPE_MISMATCH or DOMAIN.
 */
export function retrievalLoss(
  ops: Ops,
  queries: Tensor,
  documents: Tensor | undefined,
  labels: Indices,
  params: Params,
  form?: Form,
): Tensor {
  const [rows, width] = matrixShape('queries', queries);
  if (documents) matrixShape('documents', documents, undefined, width);
  checkLabels('labels', labels, rows, documents?.shape[0]);
  const q = ops.l2Normalise(queries);
  const d = documents && ops.l2Normalise(documents);
  return params.loss === 'soft-top-k'
    ? ranked(ops, q, d, labels, params)
    : decoupled(ops, q, d, labels, params.tau, form);
}
