/** What the entropy term remembers: codes of past batches, first in, first out. */
import type { Ops, Tensor } from '../../core/ops.js';
import type { Rng } from '../../core/rng.js';
import { nearestInBuffer, nearestInSlots, slotsAfter } from './formulas.js';

export interface CodeBuffer {
  /** Squared distance of each code [B,L] to the nearest remembered one: [B]. */
  nearest(ops: Ops, codes: Tensor): Tensor;
  /** Remembers the codes of a batch, row-major. */
  push(codes: ArrayLike<number>, width: number): void;
}

/** The newest `size` codes, uniform in (−1, 1) at first: every code is compared with every remembered one. */
export function flatBuffer(size: number, rng: Rng): CodeBuffer {
  let rows: Float32Array = new Float32Array();
  return {
    nearest(ops, codes) {
      const width = codes.shape[1] ?? 0;
      if (rows.length === 0) rows = uniform(size * width, rng);
      return nearestInBuffer(ops, codes, ops.tensor(rows, [size, width]));
    },
    push(codes) {
      const given = Float32Array.from(codes).slice(-rows.length);
      rows.copyWithin(0, given.length);
      rows.set(given, rows.length - given.length);
    },
  };
}

/** The released code's: slots of one batch each, of which a step drops as many as it has codes and appends one. */
export function slotBuffer(size: number, rng: Rng): CodeBuffer {
  let slots: Float32Array[] = [];
  return {
    nearest(ops, codes) {
      const [count = 0, width = 0] = codes.shape;
      const fitting = slots.filter((slot) => slot.length === count * width);
      if (fitting.length === 0)
        slots = Array.from({ length: size }, () => {
          const noise = uniform(width, rng);
          return Float32Array.from({ length: count * width }, (_, at) => noise[at % width]!);
        });
      else slots = fitting;
      const all = new Float32Array(slots.length * count * width);
      slots.forEach((slot, i) => all.set(slot, i * count * width));
      return nearestInSlots(ops, codes, ops.tensor(all, [slots.length, count, width]));
    },
    push(codes, width) {
      const kept = slotsAfter(slots.length, codes.length / width) - 1;
      slots = [...slots.slice(slots.length - kept), Float32Array.from(codes)];
    },
  };
}

const uniform = (length: number, rng: Rng): Float32Array => Float32Array.from({ length }, () => 2 * rng.uniform() - 1);
