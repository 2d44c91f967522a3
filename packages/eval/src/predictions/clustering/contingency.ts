/** How two labellings of the same items go together, and the agreement measures that follow from it. */
import { EvalError } from '../../core/errors.js';

/** Non-empty cells of the table of clusters × classes; both are numbered from 0 in the order of their labels. */
export interface Contingency {
  readonly n: number;
  /** Items by cluster. */
  readonly rows: Int32Array;
  /** Items by class. */
  readonly columns: Int32Array;
  readonly cells: readonly { readonly row: number; readonly column: number; readonly count: number }[];
  /** Labels by number. */
  readonly rowLabels: readonly number[];
  readonly columnLabels: readonly number[];
}

function numbered(labels: ArrayLike<number>): { readonly names: number[]; readonly number: Map<number, number> } {
  const names = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  return { names, number: new Map(names.map((name, i) => [name, i])) };
}

/** The table of two labellings. Throws PARAM_RANGE for none and for different lengths. */
export function contingency(clusters: ArrayLike<number>, classes: ArrayLike<number>): Contingency {
  const n = clusters.length;
  if (n === 0 || classes.length !== n)
    throw new EvalError('PARAM_RANGE', `labels: found ${n} clusters and ${classes.length} classes, expected as many`, {
      field: 'labels',
      value: `${n} and ${classes.length}`,
      allowed: 'the same number, at least one',
    });
  const [a, b] = [numbered(clusters), numbered(classes)];
  const [rows, columns] = [new Int32Array(a.names.length), new Int32Array(b.names.length)];
  const counts = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const [row, column] = [a.number.get(clusters[i]!)!, b.number.get(classes[i]!)!];
    rows[row]!++;
    columns[column]!++;
    const cell = row * columns.length + column;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const cells = [...counts]
    .sort(([x], [y]) => x - y)
    .map(([cell, count]) => ({ row: Math.floor(cell / columns.length), column: cell % columns.length, count }));
  return { n, rows, columns, cells, rowLabels: a.names, columnLabels: b.names };
}

const entropy = (sizes: Int32Array, n: number): number =>
  sizes.reduce((sum, size) => (size > 0 ? sum - (size / n) * Math.log(size / n) : sum), 0);

/** Σ p_ij ln(p_ij / (p_i p_j)), in nats, never below 0. */
export function mutualInformation({ n, rows, columns, cells }: Contingency): number {
  let sum = 0;
  for (const { row, column, count } of cells)
    sum += (count / n) * (Math.log(count / n) - Math.log(rows[row]! / n) - Math.log(columns[column]! / n));
  return Math.max(0, sum);
}

export type Mean = 'arithmetic' | 'geometric';

const meanOf = (a: number, b: number, mean: Mean): number => (mean === 'arithmetic' ? (a + b) / 2 : Math.sqrt(a * b));

/** Mutual information over the mean entropy; 1 where both labellings are one group, 0 where one of them is. */
export function normalisedMutualInformation(table: Contingency, mean: Mean): number {
  if (table.rows.length === 1 && table.columns.length === 1) return 1;
  const information = mutualInformation(table);
  if (information <= Number.EPSILON) return 0;
  return information / meanOf(entropy(table.rows, table.n), entropy(table.columns, table.n), mean);
}

/** Chances below this change no digit of an expectation. */
const NEGLIGIBLE = 1e-30;

/** How many groups have each size. */
function sizes(groups: Int32Array): [size: number, times: number][] {
  const times = new Map<number, number>();
  for (const size of groups) times.set(size, (times.get(size) ?? 0) + 1);
  return [...times];
}

/**
 * Expected mutual information of two labellings with these group sizes under random permutations (hypergeometric model).
 * Source: Vinh, Epps and Bailey, JMLR 11, 2010, Eq. 24a. Groups of equal sizes give equal terms, so each pair of sizes
 * is summed once.
 */
export function expectedMutualInformation({ n, rows, columns }: Contingency): number {
  let sum = 0;
  for (const [a, aTimes] of sizes(rows))
    for (const [b, bTimes] of sizes(columns)) {
      const [least, most] = [Math.max(0, a + b - n), Math.min(a, b)];
      const mode = Math.floor(((a + 1) * (b + 1)) / (n + 2));
      let [mass, terms] = [0, 0];
      const add = (both: number, weight: number): void => {
        mass += weight;
        if (both > 0) terms += (both / n) * Math.log((both * n) / (a * b)) * weight;
      };
      // Chances in proportion to that of the most likely count, by their ratios, so that no large logarithms cancel.
      add(mode, 1);
      for (let both = mode, weight = 1; both < most && weight > NEGLIGIBLE; both++) {
        weight *= ((a - both) * (b - both)) / ((both + 1) * (n - a - b + both + 1));
        add(both + 1, weight);
      }
      for (let both = mode, weight = 1; both > least && weight > NEGLIGIBLE; both--) {
        weight *= (both * (n - a - b + both)) / ((a - both + 1) * (b - both + 1));
        add(both - 1, weight);
      }
      sum += aTimes * bTimes * (terms / mass);
    }
  return sum;
}

/**
 * (MI − E[MI]) / (mean entropy − E[MI]); 1 where both labellings are one group, or both all singletons; 0 where only one
 * of them is a single group.
 */
export function adjustedMutualInformation(table: Contingency, mean: Mean = 'arithmetic'): number {
  const { n, rows, columns } = table;
  if ((rows.length === 1 && columns.length === 1) || (rows.length === n && columns.length === n)) return 1;
  if (rows.length === 1 || columns.length === 1) return 0;
  const expected = expectedMutualInformation(table);
  const bound = meanOf(entropy(rows, n), entropy(columns, n), mean);
  // Where the bound is the expectation up to rounding, the quotient keeps its sign and stays finite.
  const room = bound - expected;
  const divisor = room < 0 ? Math.min(room, -Number.EPSILON) : Math.max(room, Number.EPSILON);
  return (mutualInformation(table) - expected) / divisor;
}

/** Hubert and Arabie's adjusted Rand index over pairs of items; 1 for equal partitions. Source: J. Classification 2, 1985. */
export function adjustedRandIndex({ n, rows, columns, cells }: Contingency): number {
  const pairs = (count: number): number => (count * (count - 1)) / 2;
  const total = (counts: Iterable<number>): number => {
    let sum = 0;
    for (const count of counts) sum += pairs(count);
    return sum;
  };
  const together = total(cells.map(({ count }) => count));
  const [inRows, inColumns] = [total(rows), total(columns)];
  if (together === inRows && together === inColumns) return 1;
  const expected = (inRows * inColumns) / pairs(n);
  return (together - expected) / ((inRows + inColumns) / 2 - expected);
}
