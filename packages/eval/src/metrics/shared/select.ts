/** Moves the `k` largest of the first `n` values (all distinct) to the front, in no order (Hoare's selection). */
export function selectLargest(values: Float64Array, n: number, k: number): void {
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const a = values[low]!;
    const b = values[middle]!;
    const c = values[high]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (k - 1 <= j) high = j;
    else if (k - 1 >= i) low = i;
    else return;
  }
}

/** Equal-width buckets over the range of a row: enough that a bucket rarely holds more than a few items. */
const BUCKETS = 4096;
const counts = new Int32Array(BUCKETS + 1);
let buckets = new Uint16Array(0);

/**
 * Collects into `keys` at least the `k` largest items of a row as `key(j)` gives them, leaving out `skip`; returns how many.
 * Overwrites `row[skip]`. Exact: the bucket of a value never falls when the value rises, and whole buckets are taken from the top until k are in.
 */
export function collectCandidates(
  row: Float32Array,
  n: number,
  skip: number,
  k: number,
  key: (j: number) => number,
  keys: Float64Array,
): number {
  if (buckets.length < n) buckets = new Uint16Array(n);
  let low = Infinity;
  let high = -Infinity;
  for (let j = 0; j < n; j++) {
    const value = row[j]!;
    if (j === skip) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // The item left out stands in the lowest bucket, so that the two passes below need not look for it.
  row[skip] = low;
  const scale = high > low ? BUCKETS / (high - low) : 0;
  counts.fill(0);
  for (let j = 0; j < n; j++) {
    const bucket = ((row[j]! - low) * scale) | 0;
    buckets[j] = bucket;
    counts[bucket]!++;
  }
  counts[0]!--;
  let lowest = BUCKETS;
  for (let taken = counts[lowest]!; taken < k;) taken += counts[--lowest]!;
  let count = 0;
  for (let j = 0; j < n; j++) if (buckets[j]! >= lowest && j !== skip) keys[count++] = key(j);
  return count;
}
