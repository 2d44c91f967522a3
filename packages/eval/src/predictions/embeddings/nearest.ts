/** Nearest-neighbour statistics of embeddings by class; the definitions of `metrics/shared/neighbours.ts` at any size. */
import { EvalError } from '../../core/errors.js';
import { countNeighbours, suitsCounting } from './counting.js';
import type { Told } from './engine.js';
import { classesOf, readRows, sharedDoubles, sharedInts } from './engine.js';
import type { ScaledRows } from './scan.js';

/** Rows with class numbers 0 … classes − 1. */
export interface Labelled {
  readonly rows: ScaledRows;
  readonly labels: Int32Array;
}

export interface Nearest {
  /** R of each query: columns of its class, itself left out. */
  readonly relevant: Int32Array;
  /** Rank (from 1) of the nearest column of the own class; 0 where R = 0. */
  readonly firstHit: Int32Array;
  /** NaN where R = 0. */
  readonly averagePrecision: Float64Array;
  /** NaN where R = 0. */
  readonly rPrecision: Float64Array;
}

/**
 * Statistics of every query among the gallery, or among the other queries where there is none. Similarity is the cosine,
 * a float64 sum rounded to float32; equal ones stand in ascending order of the position. Throws PARAM_RANGE where no
 * query has an item of its class.
 */
export async function nearest(
  queries: Labelled,
  gallery: Labelled | undefined,
  classes: number,
  told: Told,
  threads?: number,
): Promise<Nearest> {
  const columns = gallery ?? queries;
  const n = queries.rows.n;
  const byClass = classesOf(columns.labels, classes);
  const own = gallery ? 0 : 1;
  const relevant = Int32Array.from(queries.labels, (c) => byClass.offsets[c + 1]! - byClass.offsets[c]! - own);
  if (!relevant.some((count) => count > 0))
    throw new EvalError('PARAM_RANGE', 'labels: found no query with another item of its class, expected at least one', {
      field: 'labels',
      value: 'no query with another item of its class',
      allowed: 'at least one',
    });
  const { labels } = queries;
  const same = !gallery;
  const question = {
    ...{ queries: queries.rows, columns: columns.rows, same },
    ...{ queryLabels: labels, columnLabels: columns.labels, classes: byClass },
  };
  const counted = suitsCounting(question, threads) ? await countNeighbours(question, told, threads) : undefined;
  if (counted) return { relevant, ...counted };
  const [firstHit, averagePrecision, rPrecision] = [
    sharedInts(n),
    sharedDoubles(n).fill(NaN),
    sharedDoubles(n).fill(NaN),
  ];
  const reading = {
    kind: 'neighbours' as const,
    same,
    columnLabels: sharedInts(columns.labels),
    queryLabels: sharedInts(labels),
    classes: byClass,
    ranks: firstHit,
    averagePrecision,
    rPrecision,
  };
  await readRows(queries.rows, columns.rows, reading, told, threads);
  return { relevant, firstHit, averagePrecision, rPrecision };
}

export interface RelevantRanks {
  /** Ranks of query q are ranks[offsets[q]] … ranks[offsets[q + 1] − 1], ascending from 1. */
  readonly offsets: Int32Array;
  readonly ranks: Int32Array;
}

/**
 * Ranks of all relevant columns of every query: those of its class (−1 has none). With cameras, columns of the query's
 * class *and* camera are taken out of its ranking. Order and ties as in `nearest`.
 */
export async function relevantRanks(
  queries: Labelled,
  columns: Labelled,
  classes: number,
  cameras: { readonly queries: Int32Array; readonly columns: Int32Array } | undefined,
  told: Told,
  threads?: number,
): Promise<RelevantRanks> {
  const byClass = classesOf(columns.labels, classes);
  const offsets = sharedInts(queries.rows.n + 1);
  queries.labels.forEach((label, q) => {
    const members = byClass.positions.subarray(byClass.offsets[label], byClass.offsets[label + 1]);
    const wanted = cameras
      ? members.reduce((count, item) => count + Number(cameras.columns[item] !== cameras.queries[q]), 0)
      : members.length;
    offsets[q + 1] = offsets[q]! + (label < 0 ? 0 : wanted);
  });
  const ranks = sharedInts(offsets.at(-1)!);
  const shared = cameras && { queries: sharedInts(cameras.queries), columns: sharedInts(cameras.columns) };
  const queryLabels = sharedInts(queries.labels);
  const reading = { kind: 'ranks' as const, queryLabels, classes: byClass, cameras: shared, offsets, ranks };
  await readRows(queries.rows, columns.rows, reading, told, threads);
  return { offsets, ranks };
}

/** Rank (from 1) of the best of `relevant` among n candidates; greater is nearer, equal ones by ascending position. */
export function bestRank(value: (j: number) => number, n: number, relevant: Iterable<number>): number {
  let best = -1;
  for (const j of relevant) if (best < 0 || value(j) > value(best) || (value(j) === value(best) && j < best)) best = j;
  const own = value(best);
  let rank = 1;
  for (let j = 0; j < n; j++) if (value(j) > own || (value(j) === own && j < best)) rank++;
  return rank;
}
