/** What every implementation of a loss is given: the same numbers in JavaScript and in Python (lib/pytorch.py). */

/** Classes of the losses that have a weight row for each. */
export const CLASSES = 10_000;

/** In [0, 1): an integer hash of the position and the seed, exact in both languages. */
export function uniform(seed, position) {
  let h = (Math.imul(position, 2654435761) + seed * 40503) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 2246822519) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 3266489917) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Near a standard normal: four uniforms, centred and scaled. */
function normal(seed, position) {
  let total = 0;
  for (let part = 0; part < 4; part++) total += uniform(4 * seed + part, position);
  return (total - 2) * Math.sqrt(3);
}

const matrix = (rows, dim, at) => ({
  shape: [rows, dim],
  values: Float32Array.from({ length: rows * dim }, (_, i) => at(i)),
});

/** Rows around the centre of their label. */
const around = (seed, labels, dim) =>
  matrix(labels.length, dim, (i) => normal(1, labels[Math.floor(i / dim)] * dim + (i % dim)) + normal(seed, i));

/** → { labels, leaves }: leaves are what the gradient is taken by. */
export function inputsOf(loss, n, dim) {
  const labelled = (at) => Int32Array.from({ length: n }, (_, i) => at(i));
  if (['normalised-softmax', 'arcface', 'linear-softmax'].includes(loss)) {
    const labels = labelled((i) => (i * 7919) % CLASSES);
    const weights = matrix(CLASSES, dim, (i) => normal(1, i));
    const leaves = [around(2, labels, dim), weights];
    if (loss === 'linear-softmax') {
      // Logits of the size that a trained layer gives, not of the square root of the width.
      weights.values = weights.values.map((x) => Math.fround(x * Math.fround(0.1)));
      leaves.push({ ...matrix(CLASSES, 1, (i) => normal(3, i) * 0.1), shape: [CLASSES] });
    }
    return { labels, leaves };
  }
  if (loss === 'clip' || loss === 'nt-xent') {
    // NT-Xent: n rows are two views of n/2 examples.
    const labels = labelled((i) => i).subarray(0, loss === 'clip' ? n : n / 2);
    return { labels, leaves: [around(2, labels, dim), around(3, labels, dim)] };
  }
  const groups = Math.floor(n / 8);
  const labels = labelled((i) => i % groups);
  return { labels, leaves: [around(2, labels, dim)] };
}
