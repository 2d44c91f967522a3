/** Cluster assignments as they are handed in. */
import type { Columns } from '../embeddings/arrays.js';
import { readColumns } from '../embeddings/arrays.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import type { ScoreContext } from '../types.js';

/** Position of each value among the distinct ones, numbers ascending, texts after them: the order of rows in the official tools. */
export function numberInOrder(values: readonly (number | string)[]): Int32Array {
  const order = (value: number | string): number => (value === '' ? NaN : Number(value));
  const distinct = [...new Set(values)].sort((a, b) => {
    const [x, y] = [order(a), order(b)];
    if (Number.isNaN(x) || Number.isNaN(y))
      return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || (a < b ? -1 : 1);
    return x - y;
  });
  const positions = new Map(distinct.map((value, i) => [value, i]));
  return Int32Array.from(values as readonly unknown[], (value) => positions.get(value as number | string)!);
}

/** Clusters, and what else the labels hold, item by item. */
export async function readClusters(
  { predictions, labels }: ScoreContext,
  wanted: readonly string[],
  known: readonly string[],
): Promise<{ readonly clusters: Int32Array; readonly truth: Columns }> {
  const file = onlyFile(predictions, 'predictions');
  const given = labels.length > 0 ? onlyFile(labels, 'labels') : undefined;
  const own = await readColumns(file, given ? ['cluster'] : ['cluster', ...wanted], ['cluster', ...known]);
  const truth = given ? await readColumns(given, wanted, known) : own;
  if (truth.n !== own.n) throw malformed(file.name, {}, `${own.n} clusters`, `${truth.n}, one for each label`);
  return { clusters: numberInOrder(own.columns.get('cluster')!), truth };
}
