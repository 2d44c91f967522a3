/**
 * Column of each row of a square table [n, n], row-major and finite, so that the total is greatest; of several best assignments the
 * one that SciPy's linear_sum_assignment gives (shortest augmenting paths, row by row: Crouse, IEEE TAES 52, 2016), since official
 * evaluations inherit its choice. Slower than `bestAssignment`. Time O(n³).
 */
export function assignmentAsSciPy(values: Float64Array, n: number): Int32Array {
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(n).fill(-1);
  const u = new Float64Array(n);
  const v = new Float64Array(n);
  const shortest = new Float64Array(n);
  const previous = new Int32Array(n);
  const open = new Int32Array(n);
  const visitedRows = new Int32Array(n);
  const visitedColumns = new Int32Array(n);
  for (let start = 0; start < n; start++) {
    shortest.fill(Infinity);
    // From the last one on, as SciPy does: equal costs everywhere give the identity.
    for (let j = 0; j < n; j++) open[j] = n - 1 - j;
    let [left, visited, row, length, sink] = [n, 0, start, 0, -1];
    while (sink < 0) {
      visitedRows[visited] = row;
      const [base, first] = [length - u[row]!, row * n];
      let [lowest, at] = [Infinity, -1];
      for (let o = 0; o < left; o++) {
        const j = open[o]!;
        const reduced = base - values[first + j]! - v[j]!;
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
  return columnOf;
}
