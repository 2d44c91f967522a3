/** trec_eval's measures of one ranking, and their means. Source: trec_eval 9.0 (NIST), m_*.c. */
import type { Qrels, TrecRun } from '../formats/trec.js';

export const CUTOFFS = [5, 10, 15, 20, 30, 100, 200, 500, 1000] as const;
const RECALLS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
/** A query without a relevant document retrieved counts this much in the geometric mean. */
const GEOMETRIC_FLOOR = 1e-5;

/** A ranking and what is known of it. */
export interface JudgedRanking {
  /** Relevance by rank; NaN where not judged. */
  readonly relevance: readonly number[];
  /** Relevances above 0 of all judged documents, descending. */
  readonly ideal: readonly number[];
  /** Judged documents that are not relevant. */
  readonly judgedNonrelevant: number;
}

/**
 * Documents by descending score; equal scores (as float32, which is what trec_eval holds) by descending name in code
 * units.
 */
export function judge(
  retrieved: TrecRun extends ReadonlyMap<string, infer R> ? R : never,
  judged: ReadonlyMap<string, number>,
): JudgedRanking {
  const ranked = retrieved
    .map(({ document, score }) => ({ document, score: Math.fround(score) }))
    .sort((a, b) => b.score - a.score || (a.document < b.document ? 1 : a.document > b.document ? -1 : 0));
  const values = [...judged.values()];
  return {
    relevance: ranked.map(({ document }) => judged.get(document) ?? NaN),
    ideal: values.filter((value) => value > 0).sort((a, b) => b - a),
    judgedNonrelevant: values.filter((value) => value === 0).length,
  };
}

const discount = (rank: number): number => Math.log2(rank + 1);

function gains(relevances: readonly number[], cutoff: number): number {
  let total = 0;
  for (let i = 0; i < Math.min(cutoff, relevances.length); i++)
    if (relevances[i]! > 0) total += relevances[i]! / discount(i + 1);
  return total;
}

/** Interpolated precision at each recall level: the best precision at any rank with at least that many relevant documents. */
function interpolated(hits: readonly boolean[], relevantRetrieved: number, relevant: number): number[] {
  // The count of relevant documents that a level needs is rounded as trec_eval does.
  const needed = RECALLS.map((level) => Math.trunc(level * relevant + 0.5));
  const out = new Array<number>(RECALLS.length).fill(0);
  let level = RECALLS.length - 1;
  while (level >= 0 && needed[level]! > relevantRetrieved) level--;
  let found = relevantRetrieved;
  let best = hits.length === 0 ? 0 : found / hits.length;
  for (let rank = hits.length; rank > 0 && found > 0; rank--) {
    best = Math.max(best, found / rank);
    if (!hits[rank - 1]) continue;
    found--;
    while (level >= 0 && found < needed[level]!) out[level--] = best;
  }
  while (level >= 0) out[level--] = best;
  return out;
}

/** Every measure of one query by trec_eval's name. Without a relevant document they are 0. */
export function measures({ relevance, ideal, judgedNonrelevant }: JudgedRanking): Record<string, number> {
  const relevant = ideal.length;
  const hits = relevance.map((value) => value > 0);
  const upTo: number[] = [0];
  for (const hit of hits) upTo.push(upTo.at(-1)! + Number(hit));
  const found = (cutoff: number): number => upTo[Math.min(cutoff, hits.length)]!;
  const perRelevant = (value: number): number => (relevant === 0 ? 0 : value / relevant);
  const relevantRetrieved = found(hits.length);

  const precisions = hits.map((hit, i) => (hit ? upTo[i + 1]! / (i + 1) : 0));
  const averagePrecision = (cutoff: number): number =>
    perRelevant(precisions.slice(0, cutoff).reduce((total, value) => total + value, 0));

  let preference = 0;
  let nonrelevantAbove = 0;
  for (const value of relevance) {
    if (value > 0)
      preference +=
        nonrelevantAbove === 0 ? 1 : 1 - Math.min(nonrelevantAbove, relevant) / Math.min(relevant, judgedNonrelevant);
    else if (value === 0) nonrelevantAbove++;
  }
  const first = hits.indexOf(true);
  const precisionAtRecall = interpolated(hits, relevantRetrieved, relevant);
  const everything = gains(ideal, Infinity);
  const out: Record<string, number> = {
    num_ret: hits.length,
    num_rel: relevant,
    num_rel_ret: relevantRetrieved,
    map: averagePrecision(hits.length),
    Rprec: perRelevant(found(relevant)),
    bpref: perRelevant(preference),
    recip_rank: first < 0 ? 0 : 1 / (first + 1),
    ndcg: everything === 0 ? 0 : gains(relevance, Infinity) / everything,
    '11pt_avg': precisionAtRecall.reduce((total, value) => total + value, 0) / RECALLS.length,
  };
  RECALLS.forEach((level, i) => (out[`iprec_at_recall_${level.toFixed(2)}`] = precisionAtRecall[i]!));
  for (const k of CUTOFFS) {
    out[`P_${k}`] = found(k) / k;
    out[`recall_${k}`] = perRelevant(found(k));
    out[`map_cut_${k}`] = averagePrecision(k);
    const best = gains(ideal, k);
    out[`ndcg_cut_${k}`] = best === 0 ? 0 : gains(relevance, k) / best;
  }
  for (const k of [1, 5, 10]) out[`success_${k}`] = Number(found(k) > 0);
  return out;
}

export interface TrecReport {
  /** Names of the queries, in the order of the run. */
  readonly queries: readonly string[];
  readonly byQuery: readonly Readonly<Record<string, number>>[];
  /** Means over queries; counts (num_…) are sums; gm_map is a geometric mean. */
  readonly all: Readonly<Record<string, number>>;
}

/** Logarithm of a query's average precision, whose mean is that of gm_map. */
export const geometricPart = (each: Readonly<Record<string, number>>): number =>
  Math.log(Math.max(each['map']!, GEOMETRIC_FLOOR));

/**
 * Queries of the run that have judgements, as trec_eval does by default; with `complete` (its -c) every judged query,
 * those without a result as an empty ranking.
 */
export function evaluate(run: TrecRun, qrels: Qrels, { complete = false } = {}): TrecReport {
  const queries = complete ? [...qrels.keys()] : [...run.keys()].filter((query) => qrels.has(query));
  const byQuery = queries.map((query) => measures(judge(run.get(query) ?? [], qrels.get(query)!)));
  const all: Record<string, number> = { num_q: queries.length };
  for (const key of Object.keys(byQuery[0] ?? {})) {
    const total = byQuery.reduce((sum, each) => sum + each[key]!, 0);
    all[key] = key.startsWith('num_') ? total : total / queries.length;
  }
  if (queries.length > 0)
    all['gm_map'] = Math.exp(byQuery.reduce((sum, each) => sum + geometricPart(each), 0) / queries.length);
  return { queries, byQuery, all };
}
