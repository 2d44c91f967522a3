/** Contrastive losses over N ≥ 2 views of M instances. */
import type { Form } from '../../core/class-softmax.js';
import { logAddExp, rowProducts } from '../../core/class-softmax.js';
import { LossError } from '../../core/errors.js';
import { otherRowsLogSumExp, twoWayLogSumExp } from '../../core/log-sums.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { maskedLogSumExp } from '../../core/pairwise-formulas.js';
import { mismatch, show } from '../../core/shape.js';

/** [N, M, D] of `views`. Throws SHAPE_MISMATCH for another rank, and DOMAIN for fewer than two views. */
function viewsShape(views: Tensor): readonly [views: number, instances: number, width: number] {
  const [n = 0, m = 0, d = 0] = views.shape;
  if (views.shape.length !== 3) throw mismatch('views', '[views, instances, width]', show(views.shape));
  if (n < 2)
    throw new LossError('DOMAIN', `views must hold two views or more of each instance, received ${n}`, {
      field: 'views',
      value: n,
      allowed: 'two views or more',
    });
  return [n, m, d];
}

/** 1 where `keep` holds for row i and column j: [size, size]. */
function square(ops: Ops, size: number, keep: (i: number, j: number) => boolean): Tensor {
  const values = Float32Array.from({ length: size * size }, (_, at) =>
    keep(Math.floor(at / size), at % size) ? 1 : 0,
  );
  return ops.tensor(values, [size, size]);
}

/** The rows of each view: N times [M,D]. */
function eachView(ops: Ops, unit: Tensor): Tensor[] {
  const [n = 0, m = 0, d = 0] = unit.shape;
  return Array.from({ length: n }, (_, l) => ops.reshape(ops.slice(unit, [l, 0, 0], [1, m, d]), [m, d]));
}

/** log Σ e^{⟨u_il, u_il'⟩/τ} of each instance over the pairs of views for which `keep` holds: [M]. `unit` [N,M,D]. */
function alignment(ops: Ops, unit: Tensor, tau: number, keep: (l: number, other: number) => boolean): Tensor {
  const [n = 0, m = 0] = unit.shape;
  const byInstance = ops.transpose(unit, [1, 0, 2]);
  const scores = ops.div(ops.matMul(byInstance, byInstance, { transposeB: true }), tau);
  const pairs = square(ops, n, keep);
  return maskedLogSumExp(ops, ops.reshape(scores, [m, n * n]), ops.reshape(pairs, [1, n * n]));
}

/**
 * MV-InfoNCE: mean over instances of log Σ e^{s/τ} over all other rows of all its rows, minus log Σ e^{s/τ} over its
 * ordered pairs of views. views [N,M,D], N ≥ 2, raw; τ > 0. Scalar, ≥ 0; 0 for one instance.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Koromilas et al. 2025, and the released code.
 */
export function mvInfoNCE(ops: Ops, views: Tensor, tau: number, form?: Form): Tensor {
  const [n, m, d] = viewsShape(views);
  const unit = ops.l2Normalise(views);
  const rows = ops.reshape(otherRowsLogSumExp(ops, ops.reshape(unit, [n * m, d]), 1 / tau, form), [n, m]);
  const partition = ops.logSumExp(rows, { axis: 0 });
  return ops.mean(
    ops.sub(
      partition,
      alignment(ops, unit, tau, (l, other) => l !== other),
    ),
  );
}

/**
 * MV-DHEL: mean over instances of Σ_l log Σ_{j≠i} e^{s/τ} inside each view l, minus log Σ_{l<l'} e^{s/τ} over its pairs of
 * views. views [N,M,D], N ≥ 2, raw; τ > 0. Scalar; with one instance the repulsion is 0.
 * Throws SHAPE_MISMATCH or DOMAIN. Source: Koromilas et al. 2025, and the released code.
 */
export function mvDHEL(ops: Ops, views: Tensor, tau: number, form?: Form): Tensor {
  const [n, m] = viewsShape(views);
  const unit = ops.l2Normalise(views);
  const pull = alignment(ops, unit, tau, (l, other) => l < other);
  if (m === 1) return ops.neg(ops.mean(pull));
  const push = eachView(ops, unit).map((view) => otherRowsLogSumExp(ops, view, 1 / tau, form));
  return ops.sub(ops.mul(ops.mean(ops.stack(push, 0)), n), ops.mean(pull));
}

/**
 * Mean over the pairs of views of NT-Xent: of both views' rows, each against all others of the two, −log softmax of its
 * partner. views [N,M,D], N ≥ 2, raw; τ > 0. Scalar; 0 for one instance. Throws SHAPE_MISMATCH or DOMAIN.
 * Source: the baseline of Koromilas et al. 2025; NT-Xent is Eq. 1 of Chen et al. 2020.
 */
export function pwe(ops: Ops, views: Tensor, tau: number, form?: Form): Tensor {
  const [n] = viewsShape(views);
  const each = eachView(ops, ops.l2Normalise(views));
  // A row's partition is that of its own view and that of the other one: the first is the same for every pair.
  const inside = each.map((view) => otherRowsLogSumExp(ops, view, 1 / tau, form));
  const losses: Tensor[] = [];
  for (let l = 0; l < n; l++)
    for (let other = l + 1; other < n; other++) {
      const across = twoWayLogSumExp(ops, each[l]!, each[other]!, 1 / tau, form);
      const partitions = ops.add(
        logAddExp(ops, inside[l]!, across.rows),
        logAddExp(ops, inside[other]!, across.columns),
      );
      const positives = ops.div(rowProducts(ops, each[l]!, each[other]!), tau);
      losses.push(ops.mean(ops.sub(ops.mul(partitions, 0.5), positives)));
    }
  return ops.mean(ops.stack(losses, 0));
}
