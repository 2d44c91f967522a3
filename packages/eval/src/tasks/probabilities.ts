/** Float64 softmax of float32 logits [n, classes], row by row, the maximum subtracted. */
export function softmaxRows(logits: Float32Array, classes: number): Float64Array {
  const out = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    let highest = -Infinity;
    for (let c = 0; c < classes; c++) highest = Math.max(highest, logits[at + c]!);
    let total = 0;
    for (let c = 0; c < classes; c++) total += out[at + c] = Math.exp(logits[at + c]! - highest);
    for (let c = 0; c < classes; c++) out[at + c]! /= total;
  }
  return out;
}
