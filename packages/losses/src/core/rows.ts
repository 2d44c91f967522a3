/** Kernels over rows, shared by both bindings: float64 arithmetic inside, whatever the array's own precision. */
import type { Floats } from './kernels.js';

/** log Σ e^x of each row, −Inf for a row of −Inf. inputs: x [rows × width]; out [rows]. */
export function logSumExpRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) out[i] = logSumExpAt(x!, at, width);
}

/**
 * dL/dx of logSumExp. inputs: x, value [rows], upstream [rows]; out [rows × width]. A row of −Inf gets zeros.
 * The sum is taken again rather than from `value`, whose last digit in float32 is too coarse for large logits.
 */
export function logSumExpGradientRows(out: Floats, [x, value, upstream]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const g = upstream![i]!;
    if (g === 0 || value![i] === -Infinity) {
      out.fill(0, at, at + width);
      continue;
    }
    const shift = logSumExpAt(x!, at, width);
    for (let j = at; j < at + width; j++) out[j] = g * Math.exp(x![j]! - shift);
  }
}

/** inputs: x; out of the same shape. */
export function softmaxRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const shift = logSumExpAt(x!, at, width);
    for (let j = at; j < at + width; j++) out[j] = Math.exp(x![j]! - shift);
  }
}

/** inputs: y = softmax(x), upstream. */
export function softmaxGradientRows(out: Floats, [y, upstream]: readonly Floats[], rows: number): void {
  const width = y!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    let inner = 0;
    for (let j = at; j < at + width; j++) inner += upstream![j]! * y![j]!;
    for (let j = at; j < at + width; j++) out[j] = y![j]! * (upstream![j]! - inner);
  }
}

/** inputs: x; out of the same shape. */
export function logSoftmaxRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const shift = logSumExpAt(x!, at, width);
    for (let j = at; j < at + width; j++) out[j] = x![j]! - shift;
  }
}

/** inputs: y = logSoftmax(x), upstream. */
export function logSoftmaxGradientRows(out: Floats, [y, upstream]: readonly Floats[], rows: number): void {
  const width = y!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    let total = 0;
    for (let j = at; j < at + width; j++) total += upstream![j]!;
    for (let j = at; j < at + width; j++) out[j] = upstream![j]! - total * Math.exp(y![j]!);
  }
}

/** x / max(‖x‖, eps). inputs: x. */
export function normaliseRows(out: Floats, [x]: readonly Floats[], rows: number, eps: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const norm = Math.max(normAt(x!, at, width), eps);
    for (let j = at; j < at + width; j++) out[j] = x![j]! / norm;
  }
}

/** inputs: x, upstream. Inside the ball of radius eps the map is x / eps, and so is its derivative. */
export function normaliseGradientRows(out: Floats, [x, upstream]: readonly Floats[], rows: number, eps: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const norm = normAt(x!, at, width);
    let along = 0;
    if (norm > eps) for (let j = at; j < at + width; j++) along += (upstream![j]! * x![j]!) / norm;
    const scale = Math.max(norm, eps);
    for (let j = at; j < at + width; j++) out[j] = (upstream![j]! - (along * x![j]!) / scale) / scale;
  }
}

/** Σ of each row, in four interleaved partial sums: one alone waits for itself. */
export function sumRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  const blocks = width - (width % 4);
  for (let i = 0, at = 0; i < rows; i++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (const end = at + blocks; at < end; at += 4) {
      a += x![at]!;
      b += x![at + 1]!;
      c += x![at + 2]!;
      d += x![at + 3]!;
    }
    for (let j = blocks; j < width; j++) a += x![at++]!;
    out[i] = a + b + (c + d);
  }
}

/** Each row is a matrix of `inner` columns; out [rows × inner] has its column sums, four columns at a time. */
export function sumColumns(out: Floats, [x]: readonly Floats[], rows: number, inner: number): void {
  const size = x!.length / rows;
  const blocks = inner - (inner % 4);
  for (let row = 0, start = 0, to = 0; row < rows; row++, start += size, to += inner) {
    const end = start + size;
    for (let j = 0; j < blocks; j += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let at = start + j; at < end; at += inner) {
        a += x![at]!;
        b += x![at + 1]!;
        c += x![at + 2]!;
        d += x![at + 3]!;
      }
      out[to + j] = a;
      out[to + j + 1] = b;
      out[to + j + 2] = c;
      out[to + j + 3] = d;
    }
    for (let j = blocks; j < inner; j++) {
      let total = 0;
      for (let at = start + j; at < end; at += inner) total += x![at]!;
      out[to + j] = total;
    }
  }
}

export function maxRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++) {
    let top = -Infinity;
    for (let j = 0; j < width; j++) top = Math.max(top, x![at++]!);
    out[i] = top;
  }
}

/** inputs: x, value [rows], upstream [rows]. The winners share the gradient equally. */
export function maxGradientRows(out: Floats, [x, value, upstream]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    let winners = 0;
    for (let j = at; j < at + width; j++) if (x![j] === value![i]) winners++;
    const share = upstream![i]! / winners;
    for (let j = at; j < at + width; j++) out[j] = x![j] === value![i] ? share : 0;
  }
}

/** Position of the first maximum of each row. */
export function argMaxRows(out: Floats, [x]: readonly Floats[], rows: number): void {
  const width = x!.length / rows;
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    let best = 0;
    for (let j = 1; j < width; j++) if (x![at + j]! > x![at + best]!) best = j;
    out[i] = best;
  }
}

function logSumExpAt(x: Floats, at: number, width: number): number {
  let top = -Infinity;
  for (let j = at; j < at + width; j++) {
    const value = x[j]!;
    if (value > top || value !== value) top = value;
  }
  // An infinite maximum would turn Inf − Inf into NaN: −Inf means an empty sum, +Inf is its own sum.
  if (top === -Infinity || top === Infinity) return top;
  let total = 0;
  for (let j = at; j < at + width; j++) total += Math.exp(x[j]! - top);
  return top + Math.log(total);
}

function normAt(x: Floats, at: number, width: number): number {
  let total = 0;
  for (let j = at; j < at + width; j++) total += x[j]! * x[j]!;
  return Math.sqrt(total);
}
