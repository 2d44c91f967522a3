/** Agreement of clusters and classes when each item counts several times or not at all. */
import type { WeightedScores } from '../reweighing.js';
import type { Contingency } from './contingency.js';
import {
  adjustedMutualInformation,
  adjustedRandIndex,
  contingency,
  normalisedMutualInformation,
} from './contingency.js';
import { matchClusters } from './matching.js';

/** Cells of the largest table that is matched anew for every drawing: beyond it a thousand matchings would take minutes. */
const MOST_REMATCHED = 2 ** 16;

/** Whether a table is small enough to be matched anew for every drawing of the items. */
export const rematches = ({ rows, columns }: Contingency): boolean => rows.length * columns.length <= MOST_REMATCHED;

/**
 * The table of weighted items; clusters and classes without weight are left out of it, as if their items were not there. Undefined
 * where no item has weight.
 */
export function weightedTables(
  clusters: ArrayLike<number>,
  classes: ArrayLike<number>,
): (weights: Uint8Array) => Contingency | undefined {
  const whole = contingency(clusters, classes);
  const place = (labels: readonly number[]): Map<number, number> => new Map(labels.map((label, i) => [label, i]));
  const [rowOf, columnOf] = [place(whole.rowLabels), place(whole.columnLabels)];
  const width = whole.columns.length;
  const cellAt = new Map(whole.cells.map(({ row, column }, i) => [row * width + column, i]));
  const cellOf = Int32Array.from(clusters, (cluster, i) =>
    cellAt.get(rowOf.get(cluster)! * width + columnOf.get(classes[i]!)!)!,
  );
  return (weights) => {
    const counts = new Int32Array(whole.cells.length);
    for (let i = 0; i < cellOf.length; i++) counts[cellOf[i]!]! += weights[i]!;
    const [rows, columns] = [new Int32Array(whole.rows.length), new Int32Array(width)];
    whole.cells.forEach(({ row, column }, i) => {
      rows[row]! += counts[i]!;
      columns[column]! += counts[i]!;
    });
    const [rowPlaces, columnPlaces] = [rows, columns].map((sizes) => {
      let next = 0;
      return sizes.map((size) => (size > 0 ? next++ : -1));
    }) as [Int32Array, Int32Array];
    const n = rows.reduce((total, size) => total + size, 0);
    if (n === 0) return undefined;
    return {
      n,
      rows: rows.filter((size) => size > 0),
      columns: columns.filter((size) => size > 0),
      cells: whole.cells.flatMap(({ row, column }, i) =>
        counts[i]! > 0 ? [{ row: rowPlaces[row]!, column: columnPlaces[column]!, count: counts[i]! }] : [],
      ),
      rowLabels: whole.rowLabels.filter((_, row) => rows[row]! > 0),
      columnLabels: whole.columnLabels.filter((_, column) => columns[column]! > 0),
    };
  };
}

/** Every measure of agreement that needs no matching, of one table. */
export const agreements = (
  table: Contingency,
): Record<'nmi' | 'nmi_arithmetic' | 'nmi_geometric' | 'ari' | 'ami', number> => {
  const nmi = normalisedMutualInformation(table, 'arithmetic');
  return {
    nmi,
    nmi_arithmetic: nmi,
    nmi_geometric: normalisedMutualInformation(table, 'geometric'),
    ari: adjustedRandIndex(table),
    ami: adjustedMutualInformation(table),
  };
};

/** Share of the items whose class `counts`, under the best matching of the table, that it gets right; NaN without such an item. */
export function matchedShares(
  table: Contingency,
  parts: Readonly<Record<string, (classLabel: number) => boolean>>,
): Record<string, number> {
  const matched = matchClusters(table);
  return Object.fromEntries(
    Object.entries(parts).map(([key, counts]) => {
      let [right, all] = [0, 0];
      table.columns.forEach((size, column) => {
        if (counts(table.columnLabels[column]!)) all += size;
      });
      for (const { row, column, count } of table.cells)
        if (matched[row] === column && counts(table.columnLabels[column]!)) right += count;
      return [key, right / all];
    }),
  );
}

/** Measures of the weighted items: `of` gives them for one table. */
export const weightedAgreement =
  (
    clusters: ArrayLike<number>,
    classes: ArrayLike<number>,
    of: (table: Contingency) => Readonly<Record<string, number | undefined>>,
  ): (() => WeightedScores) =>
  () => {
    const tables = weightedTables(clusters, classes);
    return (weights) => {
      const table = tables(weights);
      return table ? of(table) : {};
    };
  };
