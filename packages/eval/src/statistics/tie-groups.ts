/** Tie groups: which entries of a board cannot be told apart. */

/** Sets of small whole numbers as rows of 32-bit words. */
class Bits {
  readonly width: number;
  readonly words: Int32Array;
  constructor(size: number) {
    this.width = Math.ceil(size / 32);
    this.words = new Int32Array(size * this.width);
  }
  add(row: number, member: number): void {
    this.words[row * this.width + (member >>> 5)]! |= 1 << (member & 31);
  }
  row(row: number): Int32Array {
    return this.words.subarray(row * this.width, (row + 1) * this.width);
  }
}

const holds = (set: Int32Array, member: number): boolean => (set[member >>> 5]! & (1 << (member & 31))) !== 0;

/**
 * Overlapping groups of entries that are mutually not separable, none of which could take in another entry, so that every two entries
 * which are not separable share a group and no group holds two which are. Entries are numbered in rank order; groups ascend by their
 * first members. Where being separable goes with the distance of ranks, the groups are runs of consecutive ranks and there are all of
 * them; otherwise (an entry measured far more exactly than its neighbours) a group may skip ranks, and of the many that may exist
 * enough are given to cover every pair. An entry apart from all others is a group of its own.
 */
export function tieGroups(k: number, separable: (a: number, b: number) => boolean): number[][] {
  const near = new Bits(k);
  for (let a = 0; a < k; a++) {
    near.add(a, a);
    for (let b = a + 1; b < k; b++) {
      if (separable(a, b)) continue;
      near.add(a, b);
      near.add(b, a);
    }
  }
  const covered = new Bits(k);
  const groups: number[][] = [];
  const open = (a: number): number => {
    const [mine, done] = [near.row(a), covered.row(a)];
    for (let b = a; b < k; b++) if (holds(mine, b) && !holds(done, b)) return b;
    return -1;
  };
  for (let a = 0; a < k; a++) {
    for (let b = open(a); b >= 0; b = open(a)) {
      const members = grow(a, b, near, k);
      const set = new Int32Array(near.width);
      for (const member of members) set[member >>> 5]! |= 1 << (member & 31);
      for (const member of members) {
        const row = covered.row(member);
        for (let w = 0; w < set.length; w++) row[w]! |= set[w]!;
      }
      groups.push(members);
    }
  }
  return groups.sort((x, y) => x[0]! - y[0]! || x.at(-1)! - y.at(-1)!);
}

/** A maximal group around a and b: first what lies below a, by rank, then what lies above it, nearest first. */
function grow(a: number, b: number, near: Bits, k: number): number[] {
  const candidates = near.row(a).slice();
  const members = [a];
  const take = (member: number): void => {
    if (!holds(candidates, member)) return;
    members.push(member);
    const row = near.row(member);
    for (let w = 0; w < candidates.length; w++) candidates[w]! &= row[w]!;
  };
  if (b !== a) take(b);
  for (let below = a + 1; below < k; below++) if (below !== b) take(below);
  for (let above = a - 1; above >= 0; above--) take(above);
  return members.sort((x, y) => x - y);
}
