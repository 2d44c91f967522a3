/**
 * What is read off one row of similarities. The row is approximate (float32 sums, each within `epsilon` of the defined
 * value); where that could change an answer, the defined value decides: a float64 sum in the order of the dimensions,
 * rounded to float32, equal ones in ascending order of the position. So results depend neither on the product's
 * order of additions nor on the machine nor on the number of threads.
 *
 * Each function stands alone, because worker threads get its text.
 */

/** Defined similarities of one query with the first `count` positions of a list. */
export type Exact = (list: Int32Array, count: number, out: Float32Array) => void;

/** Arrays of one thread, each as long as a row. */
export interface RowScratch {
  readonly candidates: Int32Array;
  readonly near: Int32Array;
  readonly similarities: Float32Array;
  readonly work: Float32Array;
  readonly keys: Float64Array;
}

/** out[i] = Σ_k query[k]·(raw[list[i], k]·scales[list[i]]) in float64 in the order of k, rounded to float32. */
export function exactDots(
  query: Float64Array,
  raw: Float32Array,
  scales: Float64Array,
  width: number,
  list: Int32Array,
  count: number,
  out: Float32Array,
): void {
  let i = 0;
  // Four sums at once: each waits for its own last addition only.
  for (; i + 3 < count; i += 4) {
    let [a, b, c, d] = [list[i]! * width, list[i + 1]! * width, list[i + 2]! * width, list[i + 3]! * width];
    const [p, q, r, s] = [scales[list[i]!]!, scales[list[i + 1]!]!, scales[list[i + 2]!]!, scales[list[i + 3]!]!];
    let [w, x, y, z] = [0, 0, 0, 0];
    for (let k = 0; k < width; k++) {
      const value = query[k]!;
      w += value * (raw[a++]! * p);
      x += value * (raw[b++]! * q);
      y += value * (raw[c++]! * r);
      z += value * (raw[d++]! * s);
    }
    out[i] = w;
    out[i + 1] = x;
    out[i + 2] = y;
    out[i + 3] = z;
  }
  for (; i < count; i++) {
    let at = list[i]! * width;
    const scale = scales[list[i]!]!;
    let sum = 0;
    for (let k = 0; k < width; k++) sum += query[k]! * (raw[at++]! * scale);
    out[i] = sum;
  }
}

/** Value of rank k (from 1) in descending order among the first n; rearranges them. */
export function largest(values: Float32Array, n: number, k: number): number {
  let [low, high] = [0, n - 1];
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let [i, j] = [low, high];
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
    else break;
  }
  return values[k - 1]!;
}

/**
 * Of a query whose class has R ≥ 1 members (ascending positions, `self` not counted, −1 for none): rank of the nearest
 * member, (1/R) Σ_{i ≤ R} precision(i)·relevant(i), and the share of members among the first R. Overwrites row[self].
 */
export function neighbourRow(
  row: Float32Array,
  n: number,
  self: number,
  members: Int32Array,
  labels: Int32Array,
  label: number,
  epsilon: number,
  exact: Exact,
  scratch: RowScratch,
  select: typeof largest,
): { rank: number; averagePrecision: number; rPrecision: number } {
  const { candidates, near, similarities, work, keys } = scratch;
  if (self >= 0) row[self] = -Infinity;
  let nearest = -2;
  for (let m = 0; m < members.length; m++) nearest = Math.max(nearest, row[members[m]!]!);
  let [r, close] = [0, 0];
  for (let m = 0; m < members.length; m++) {
    const item = members[m]!;
    if (item === self) continue;
    r++;
    if (row[item]! >= nearest - 2 * epsilon) near[close++] = item;
  }
  exact(near, close, similarities);
  let [best, bestAt] = [-2, -1];
  for (let i = 0; i < close; i++)
    if (similarities[i]! > best) {
      best = similarities[i]!;
      bestAt = near[i]!;
    }

  // One pass: how many are surely nearer than the best member, who might be, and who might be among the first R.
  const [high, low] = [best + epsilon, best - epsilon];
  let [above, unsure, found] = [0, 0, 0];
  let limit = -2;
  let least = -2;
  let capacity = Math.min(n, 4 * r + 1024);
  for (let j = 0; j < n; j++) {
    const value = row[j]!;
    if (value < least) continue;
    if (value > high) above++;
    else if (value >= low) near[unsure++] = j;
    if (value < limit) continue;
    candidates[found++] = j;
    if (found < capacity || j === n - 1) continue;
    for (let i = 0; i < found; i++) work[i] = row[candidates[i]!]!;
    limit = select(work, found, r) - 2 * epsilon;
    least = Math.min(low, limit);
    let kept = 0;
    for (let i = 0; i < found; i++) if (row[candidates[i]!]! >= limit) candidates[kept++] = candidates[i]!;
    found = kept;
    if (2 * found > capacity) capacity = Math.min(n, 2 * capacity);
  }
  exact(near, unsure, similarities);
  let rank = 1 + above;
  for (let i = 0; i < unsure; i++)
    if (similarities[i]! > best || (similarities[i]! === best && near[i]! < bestAt)) rank++;

  for (let i = 0; i < found; i++) work[i] = row[candidates[i]!]!;
  limit = select(work, found, r) - 2 * epsilon;
  let kept = 0;
  for (let i = 0; i < found; i++) if (row[candidates[i]!]! >= limit) candidates[kept++] = candidates[i]!;
  exact(candidates, kept, similarities);
  // A number that orders as (similarity ascending, position descending): the float32 as an ordered integer, the position.
  const space = 2097152;
  for (let i = 0; i < kept; i++) work[i] = similarities[i]! + 0;
  const bits = new Int32Array(work.buffer, work.byteOffset, kept);
  for (let i = 0; i < kept; i++) {
    const word = bits[i]!;
    const ordered = word >= 0 ? word + 0x80000000 : 0x80000000 - (word & 0x7fffffff);
    keys[i] = ordered * space + (space - 1 - candidates[i]!);
  }
  const sorted = keys.subarray(0, kept).sort();
  let [hits, precisions] = [0, 0];
  for (let place = 1; place <= r; place++) {
    const item = space - 1 - (sorted[kept - place]! % space);
    if (labels[item] !== label) continue;
    hits++;
    precisions += hits / place;
  }
  return { rank, averagePrecision: precisions / r, rPrecision: hits / r };
}

/**
 * Ranks (from 1, ascending) of the `count` ≥ 1 relevant positions in the row without the `skipped` ones, to `out` from
 * `at`. Overwrites the row at both.
 */
export function rankRow(
  row: Float32Array,
  n: number,
  relevant: Int32Array,
  count: number,
  skipped: Int32Array,
  skippedCount: number,
  epsilon: number,
  exact: Exact,
  scratch: RowScratch,
  out: Int32Array,
  at: number,
): void {
  const { near, similarities } = scratch;
  exact(relevant, count, similarities);
  const order = Array.from({ length: count }, (_, i) => ({ item: relevant[i]!, value: similarities[i]! }));
  order.sort((a, b) => b.value - a.value || a.item - b.item);
  const values = Float64Array.from(order, ({ value }) => value);
  for (let i = 0; i < count; i++) row[relevant[i]!] = -Infinity;
  for (let i = 0; i < skippedCount; i++) row[skipped[i]!] = -Infinity;

  // nearer[p]: others that stand before the relevant item p and not before p − 1.
  const nearer = new Int32Array(count + 1);
  const least = values[count - 1]! - epsilon;
  let unsure = 0;
  for (let j = 0; j < n; j++) {
    const value = row[j]!;
    if (value < least) continue;
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! > value + epsilon) low = middle + 1;
      else high = middle;
    }
    if (low < count && values[low]! >= value - epsilon) near[unsure++] = j;
    else nearer[low]!++;
  }
  exact(near, unsure, similarities);
  for (let i = 0; i < unsure; i++) {
    const [value, item] = [similarities[i]!, near[i]!];
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! > value || (values[middle]! === value && order[middle]!.item < item)) low = middle + 1;
      else high = middle;
    }
    nearer[low]!++;
  }
  let before = 0;
  for (let p = 0; p < count; p++) {
    before += nearer[p]!;
    out[at + p] = before + p + 1;
  }
}

/** Position of the largest of the first n, the first of equal ones. */
export function largestAt(row: Float32Array, n: number): number {
  let [best, at] = [row[0]!, 0];
  for (let j = 1; j < n; j++)
    if (row[j]! > best) {
      best = row[j]!;
      at = j;
    }
  return at;
}
