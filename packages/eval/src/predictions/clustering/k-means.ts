/** Lloyd's k-means, the same on every machine and any number of threads. */
import type { Rng } from '@touchstone/losses/meta';
import { philox } from '@touchstone/losses/meta';
import type { Told } from '../embeddings/engine.js';
import { Products, sharedInts } from '../embeddings/engine.js';
import { exactDots } from '../embeddings/rows.js';
import type { ScaledRows } from '../embeddings/scan.js';

/** Seed and stream of the first centres, up to how many are spread out by k-means++, and rounds at most. */
export const K_MEANS = { seed: 0, stream: 'k-means', spread: 1000, rounds: 25 } as const;

/**
 * Clusters of L2-normalised rows by Euclidean distance. The first centres come from k-means++ (`spreadRows`) for k up to
 * 1,000, whose time grows with n·k on one thread; for more they are the first k rows of a random permutation (both Philox,
 * seed 0, stream `k-means`). At most 25 rounds, fewer where none changes. A row joins the centre with the
 * greatest x·c − |c|²/2 (float32, equal ones: the first); a centre is the float64 mean of its rows in their order. A
 * centre left empty takes the row that lies farthest from its own centre (the first of equal ones, no row twice, none
 * that is alone). Returns the cluster of each row. `told` hears of rounds.
 */
export async function kMeans(rows: ScaledRows, k: number, told: Told, threads?: number): Promise<Int32Array> {
  const { n, width, raw, scales } = rows;
  // The choice of the first centres counts as one round.
  const all = K_MEANS.rounds + 1;
  const rng = philox(K_MEANS.seed, K_MEANS.stream);
  const first =
    k <= K_MEANS.spread ? await spreadRows(rows, k, rng, (done) => told(done, all)) : rng.permutation(n).subarray(0, k);
  const unit = (i: number, d: number): number => raw[i * width + d]! * scales[i]!;
  const centres = new Float64Array(k * width);
  first.forEach((row, c) => {
    for (let d = 0; d < width; d++) centres[c * width + d] = unit(row, d);
  });
  const assigned = sharedInts(n);
  const products = new Products(rows, k, width + 1, { fused: false, ...(threads === undefined ? {} : { threads }) });
  try {
    let before = assigned.slice().fill(-1);
    for (let round = 0; round < K_MEANS.rounds; round++) {
      const half = new Float64Array(k);
      for (let c = 0; c < k; c++) {
        for (let at = c * width; at < (c + 1) * width; at++) half[c]! += (centres[at]! * centres[at]!) / 2;
      }
      products.pack((c, d) => (d < width ? centres[c * width + d]! : -half[c]!));
      await products.run({ kind: 'assign', assigned }, undefined, (done, total) => told(round + 1 + done / total, all));
      refill(assigned, k, unit, centres, width);
      if (assigned.every((c, i) => c === before[i])) break;
      before = assigned.slice();
      moveCentres(assigned, k, unit, centres, width);
    }
    told(all, all);
  } finally {
    await products.close();
  }
  return assigned.slice();
}

/**
 * k different rows by k-means++ (Arthur and Vassilvitskii 2007): the first at random, each next one with a chance in
 * proportion to its squared distance from the nearest so far; where all distances are 0, the first row not yet taken.
 */
async function spreadRows(
  { n, width, raw, scales }: ScaledRows,
  k: number,
  rng: Rng,
  told: (done: number) => void,
): Promise<Int32Array> {
  const everyone = Int32Array.from({ length: n }, (_, i) => i);
  const norms = Float64Array.from(scales, (scale) => Number(scale > 0));
  const distances = new Float64Array(n).fill(Infinity);
  const products = new Float32Array(n);
  const centre = new Float64Array(width);
  const taken = new Uint8Array(n);
  const chosen = new Int32Array(k);
  let next = rng.integer(n);
  for (let c = 0; c < k; c++) {
    chosen[c] = next;
    told(c / k);
    // Lets signals in.
    if (c % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
    taken[next] = 1;
    for (let d = 0; d < width; d++) centre[d] = raw[next * width + d]! * scales[next]!;
    exactDots(centre, raw, scales, width, everyone, n, products);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const squared = taken[i] ? 0 : Math.max(0, norms[i]! + norms[next]! - 2 * products[i]!);
      distances[i] = Math.min(distances[i]!, squared);
      total += distances[i]!;
    }
    let rest = rng.uniform() * total;
    const free = taken.indexOf(0);
    next = total > 0 ? distances.findLastIndex((value) => value > 0) : free;
    // Rounding may leave a little behind the last one, which then has it.
    for (let i = 0; total > 0 && i < n; i++) {
      rest -= distances[i]!;
      if (rest < 0 && distances[i]! > 0) {
        next = i;
        break;
      }
    }
  }
  return chosen;
}

function moveCentres(
  assigned: Int32Array,
  k: number,
  unit: (i: number, d: number) => number,
  centres: Float64Array,
  width: number,
): void {
  const counts = new Int32Array(k);
  centres.fill(0);
  assigned.forEach((c, i) => {
    counts[c]!++;
    for (let d = 0; d < width; d++) centres[c * width + d]! += unit(i, d);
  });
  for (let c = 0; c < k; c++) if (counts[c]! > 0) for (let d = 0; d < width; d++) centres[c * width + d]! /= counts[c]!;
}

function refill(
  assigned: Int32Array,
  k: number,
  unit: (i: number, d: number) => number,
  centres: Float64Array,
  width: number,
): void {
  const counts = new Int32Array(k);
  for (const c of assigned) counts[c]!++;
  const empty = Array.from({ length: k }, (_, c) => c).filter((c) => counts[c] === 0);
  if (empty.length === 0) return;
  const far = Array.from(assigned, (c, i) => {
    let distance = 0;
    for (let d = 0; d < width; d++) distance += (unit(i, d) - centres[c * width + d]!) ** 2;
    return { i, distance };
  }).sort((a, b) => b.distance - a.distance || a.i - b.i);
  let next = 0;
  for (const c of empty) {
    while (next < far.length && counts[assigned[far[next]!.i]!]! < 2) next++;
    if (next === far.length) return;
    const { i } = far[next++]!;
    counts[assigned[i]!]!--;
    counts[c]!++;
    assigned[i] = c;
  }
}
