/**
 * The linear assignment problem by shortest augmenting paths. Source: Jonker and Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 38, 1987; rectangular as in Crouse, "On
 * implementing 2D rectangular assignment algorithms", IEEE TAES 52, 2016.
 */
import { EvalError } from '../../core/errors.js';

/**
 * Column of each row so that the total of value[i, column] is greatest, −1 for a row left over where there are more rows
 * than columns; `values` is row-major [rows, columns] and finite. Which of several best assignments comes out depends on
 * the input alone; `asSciPy`, which is slower, it is that of SciPy's linear_sum_assignment. Time O(n³), memory O(n²).
 * Throws NON_FINITE.
 */
export function bestAssignment(values: Float64Array, rows: number, columns: number, asSciPy = false): Int32Array {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new EvalError('NON_FINITE', `values[${bad}] is ${values[bad]}, expected a finite number`, {
      field: `values[${bad}]`,
      value: values[bad],
      allowed: 'a finite number',
    });
  // Minimises what is negated here, with no more rows than columns.
  const upright = rows <= columns;
  const costs = new Float64Array(values.length);
  if (upright) for (let at = 0; at < values.length; at++) costs[at] = -values[at]!;
  else for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) costs[j * rows + i] = -values[i * columns + j]!;
  if (upright) return leastCost(costs, rows, columns, asSciPy);
  const assigned = new Int32Array(rows).fill(-1);
  leastCost(costs, columns, rows, asSciPy).forEach((row, column) => {
    assigned[row] = column;
  });
  return assigned;
}

/** An assignment of some rows with dual values: costs[i, j] ≥ u[i] + v[j], equal where i has j; v = 0 for free columns. */
interface Partial {
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** Column of each row with the least total cost; rows ≤ columns. */
function leastCost(costs: Float64Array, rows: number, columns: number, asSciPy: boolean): Int32Array {
  const partial: Partial = {
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
    u: new Float64Array(rows),
    v: new Float64Array(columns),
  };
  let free: Int32Array = Int32Array.from({ length: rows }, (_, i) => i);
  for (let pass = 0; pass < (asSciPy ? 0 : 3) && free.length > 0; pass++)
    free = reduceRows(costs, columns, free, partial);
  augment(costs, rows, columns, free, partial);
  return partial.columnOf;
}

/**
 * Augmenting row reduction: a free row takes its cheapest column and lowers that one's v until the second cheapest costs
 * as much; the row that had it is free again and tries next. Returns the rows still free.
 */
function reduceRows(costs: Float64Array, columns: number, free: Int32Array, partial: Partial): Int32Array {
  const { columnOf, rowOf, u, v } = partial;
  const left: number[] = [];
  // Each step costs a row; where prices rise by little, the shortest paths are faster.
  let steps = 4 * free.length;
  for (const first of free) {
    for (let row = first; row >= 0;) {
      const base = row * columns;
      let [least, second, at, next] = [Infinity, Infinity, -1, -1];
      for (let j = 0; j < columns; j++) {
        const cost = costs[base + j]! - v[j]!;
        if (cost >= second) continue;
        if (cost >= least) {
          second = cost;
          next = j;
        } else {
          second = least;
          next = at;
          least = cost;
          at = j;
        }
      }
      // Of two equally cheap columns a free one.
      if (least === second && rowOf[at]! >= 0 && rowOf[next]! < 0) at = next;
      const evicted = rowOf[at]!;
      u[row] = least;
      if (evicted >= 0) {
        const lowered = v[at]! - (second - least);
        if (!(lowered < v[at]!) || steps-- <= 0) {
          left.push(row);
          break;
        }
        v[at] = lowered;
        u[row] = costs[base + at]! - lowered;
        columnOf[evicted] = -1;
      }
      rowOf[at] = row;
      columnOf[row] = at;
      row = evicted;
    }
  }
  return Int32Array.from(left);
}

/** Gives every free row a column along the shortest alternating path (Dijkstra on reduced costs). */
function augment(costs: Float64Array, rows: number, columns: number, free: Int32Array, partial: Partial): void {
  const { columnOf, rowOf, u, v } = partial;
  const shortest = new Float64Array(columns);
  const previous = new Int32Array(columns);
  const open = new Int32Array(columns);
  const visitedRows = new Int32Array(rows);
  const visitedColumns = new Int32Array(columns);
  for (const start of free) {
    shortest.fill(Infinity);
    // From the last one on, as SciPy does: equal costs everywhere give the identity.
    for (let j = 0; j < columns; j++) open[j] = columns - 1 - j;
    let [left, visited, row, length, sink] = [columns, 0, start, 0, -1];
    while (sink < 0) {
      visitedRows[visited] = row;
      const [base, first] = [length - u[row]!, row * columns];
      let [lowest, at] = [Infinity, -1];
      for (let o = 0; o < left; o++) {
        const j = open[o]!;
        const reduced = base + costs[first + j]! - v[j]!;
        let distance = shortest[j]!;
        if (reduced < distance) {
          distance = reduced;
          shortest[j] = reduced;
          previous[j] = row;
        }
        // Of equally near columns a free one, which ends the search; of several the last one seen.
        if (distance < lowest || (distance === lowest && rowOf[j]! < 0)) {
          lowest = distance;
          at = o;
        }
      }
      length = lowest;
      const column = open[at]!;
      open[at] = open[--left]!;
      visitedColumns[visited++] = column;
      if (rowOf[column]! < 0) sink = column;
      else row = rowOf[column]!;
    }
    // The row reached by each visited column but the last stands one place further on.
    u[start]! += length;
    for (let k = 0; k + 1 < visited; k++) u[visitedRows[k + 1]!]! += length - shortest[visitedColumns[k]!]!;
    for (let k = 0; k < visited; k++) v[visitedColumns[k]!]! -= length - shortest[visitedColumns[k]!]!;
    for (let column = sink; ;) {
      const from = previous[column]!;
      rowOf[column] = from;
      const next = columnOf[from]!;
      columnOf[from] = column;
      if (from === start) break;
      column = next;
    }
  }
}
