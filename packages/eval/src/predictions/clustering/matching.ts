/** Clustering accuracy under the best one-to-one matching of clusters and classes. */
import { tooLarge } from '../errors.js';
import { assignmentAsSciPy } from './assignment-as-scipy.js';
import { bestAssignment } from './assignment.js';
import type { Contingency } from './contingency.js';

/** Cells of the largest table that is matched: 8,192². */
const MOST_CELLS = 2 ** 26;

/** Tables up to 1,024² are made square and matched by SciPy's rule, as the official tools do: it decides between equally good ones. */
const AS_TOOLS = 2 ** 20;

/**
 * Class number of each cluster number, −1 for a cluster without one, so that as many items as possible agree. Clusters
 * and classes are matched one to one; where they differ in number, the rest goes without. Throws FILE_TOO_LARGE.
 */
export function matchClusters({ rows, columns, cells }: Contingency): Int32Array {
  if (rows.length * columns.length > MOST_CELLS)
    throw tooLarge('clusters', `${rows.length} clusters × ${columns.length} classes`, `at most ${MOST_CELLS} cells`);
  const side = Math.max(rows.length, columns.length);
  const asTools = side * side <= AS_TOOLS;
  const [height, width] = asTools ? [side, side] : [rows.length, columns.length];
  const values = new Float64Array(height * width);
  for (const { row, column, count } of cells) values[row * width + column] = count;
  const found = asTools ? assignmentAsSciPy(values, side) : bestAssignment(values, height, width);
  const assigned = found.subarray(0, rows.length);
  return assigned.map((column) => (column < columns.length ? column : -1));
}

/** 1 for each item whose cluster is matched with its class, else 0. */
export function matchedItems(
  table: Contingency,
  clusters: ArrayLike<number>,
  classes: ArrayLike<number>,
): Float64Array {
  const matched = matchClusters(table);
  const classOf = new Map(table.rowLabels.map((label, row) => [label, table.columnLabels[matched[row]!]]));
  return Float64Array.from(clusters, (cluster, i) => Number(classOf.get(cluster) === classes[i]));
}
