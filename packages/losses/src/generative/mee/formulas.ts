import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import { matrixShape, vectorLength } from '../../core/guards.js';
import { LossError } from '../../core/errors.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { atLargest } from '../../core/pairwise-formulas.js';
import { fusedNearestRows } from './kernel.js';

/** Added to the mean distance inside the logarithm, so that exact repetitions cost a finite amount. */
const TINY = 1e-12;

/** −weight · log(mean_i e_i): falls as codes move away from their nearest remembered code. nearestSq [B]. Scalar. */
export function entropyLoss(ops: Ops, nearestSq: Tensor, weight: number): Tensor {
  return ops.mul(ops.log(ops.add(ops.mean(nearestSq), TINY)), -weight);
}

/**
 * min over the rows r of the buffer of mean_l (r_l − c_il)², the first row where several are nearest: [B].
 * codes [B,L], buffer [N,L] with N ≥ 1, not differentiated. Throws SHAPE_MISMATCH.
 */
export function nearestInBuffer(ops: Ops, codes: Tensor, buffer: Tensor, form?: Form): Tensor {
  const [count, width] = matrixShape('codes', codes);
  const [rows] = matrixShape('buffer', buffer, undefined, width);
  checkFilled(rows);
  if ((form ?? formFor(count, rows)) === 'fused')
    return ops.mean(ops.square(ops.sub(codes, fusedNearestRows(ops, codes, buffer))), { axis: 1 });
  const remembered = ops.expandDims(ops.stopGradient(buffer), 0);
  return firstLeast(ops, ops.mean(ops.square(ops.sub(ops.expandDims(codes, 1), remembered)), { axis: 2 }));
}

/** As nearestInBuffer, but code i is compared with row i of each slot only. codes [B,L], buffer [S,B,L], S ≥ 1. */
export function nearestInSlots(ops: Ops, codes: Tensor, buffer: Tensor): Tensor {
  const [rows, width] = matrixShape('codes', codes);
  const [slots = 0, ...slot] = buffer.shape;
  if (slot.length !== 2 || slot[0] !== rows || slot[1] !== width)
    throw new LossError(
      'SHAPE_MISMATCH',
      `buffer must have shape [slots, ${rows}, ${width}], received [${buffer.shape}]`,
      {
        field: 'buffer',
        value: buffer.shape,
        allowed: `[slots, ${rows}, ${width}]`,
      },
    );
  checkFilled(slots);
  const distances = ops.mean(ops.square(ops.sub(ops.stopGradient(buffer), codes)), { axis: 2 });
  return firstLeast(ops, ops.transpose(distances));
}

/** The smallest number of each row, its gradient going to the first such entry alone. x [n,m]. */
const firstLeast = (ops: Ops, x: Tensor): Tensor => atLargest(ops, ops.neg(x), x)[0]!;

function checkFilled(entries: number): void {
  if (entries > 0) return;
  throw new LossError('SHAPE_MISMATCH', 'buffer must have at least one entry, received none', {
    field: 'buffer',
    value: entries,
    allowed: '≥ 1 entry',
  });
}

/** Slots that the released code keeps after a step with B codes: B are dropped, one is appended. */
export const slotsAfter = (slots: number, batch: number): number => Math.max(0, slots - batch) + 1;

/**
 * E‖D(mix) − sg[a D(x) + (1−a) D(g) + noise]‖² per entry, in expectation over the noise N(0, noiseStd²). All [B,L], alpha
 * [B]. Differentiated in dMix only. Scalar. Throws SHAPE_MISMATCH. Source: Liu et al. 2023, DIsoMap.
 */
export function dIsoMap(ops: Ops, dReal: Tensor, dFake: Tensor, alpha: Tensor, dMix: Tensor, noiseStd: number): Tensor {
  const [rows, width] = matrixShape('dReal', dReal);
  for (const [name, x] of Object.entries({ dFake, dMix })) matrixShape(name, x, rows, width);
  vectorLength('alpha', alpha, rows);
  const share = ops.expandDims(alpha, 1);
  const target = ops.add(ops.mul(share, dReal), ops.mul(ops.sub(1, share), dFake));
  return ops.add(meanSquare(ops, dMix, target), noiseStd * noiseStd);
}

/** MSE(D(x), sg D(aug x)) + MSE(D(g), sg D(aug g)), all [B,L]. Scalar. Throws SHAPE_MISMATCH. Liu et al. 2023, DLLE. */
export function dlle(ops: Ops, dReal: Tensor, dRealAug: Tensor, dFake: Tensor, dFakeAug: Tensor): Tensor {
  const [rows, width] = matrixShape('dReal', dReal);
  for (const [name, x] of Object.entries({ dRealAug, dFake, dFakeAug })) matrixShape(name, x, rows, width);
  return ops.add(meanSquare(ops, dReal, dRealAug), meanSquare(ops, dFake, dFakeAug));
}

const meanSquare = (ops: Ops, x: Tensor, target: Tensor): Tensor =>
  ops.mean(ops.square(ops.sub(x, ops.stopGradient(target))));
