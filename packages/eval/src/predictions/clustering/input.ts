/** Cluster assignments as they are handed in. */
import type { Columns } from '../embeddings/arrays.js';
import { numberClasses, readColumns } from '../embeddings/arrays.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import type { ScoreContext } from '../types.js';

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
  return { clusters: numberClasses(own.columns.get('cluster')!).numbered[0]!, truth };
}
