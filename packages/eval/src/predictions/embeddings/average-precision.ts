/** Average precision from the ranks (from 1, ascending) of all relevant items of a query, at least one. */

/** Mean over the relevant items of the precision at their ranks. */
export const averagePrecision = (ranks: Int32Array): number =>
  ranks.reduce((sum, rank, p) => sum + (p + 1) / rank, 0) / ranks.length;

/** The same with the precision averaged over each step of recall (1 before the first rank), as Market-1501's toolbox does. */
export const trapezoidAveragePrecision = (ranks: Int32Array): number =>
  ranks.reduce((sum, rank, p) => sum + ((rank === 1 ? 1 : p / (rank - 1)) + (p + 1) / rank) / 2, 0) / ranks.length;
