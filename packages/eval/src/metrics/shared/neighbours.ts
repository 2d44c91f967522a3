/**
 * The one pass over nearest neighbours that Recall@K, MAP@R and R-precision share.
 *
 * Similarity is the cosine: rows are L2-normalised and multiplied in float64, the sum is rounded to float32, and equal
 * float32 values are ties, which stand in ascending order of the item's position. The query itself is left out.
 * A zero row has similarity 0 to everything.
 */
import { EvalError } from '../../core/errors.js';
import type { MetricInputs } from '../../core/types.js';
import { BLOCK_ROWS, blockStride, packUnitRows, similarityBlock } from './similarity.js';
import { collectCandidates, selectLargest } from './select.js';

/** How far a first hit is looked for: the largest K of Recall@K. */
export const FIRST_HIT_DEPTH = 8;

export interface Neighbours {
  /** Items; every item is a query. */
  readonly n: number;
  /** R of each query: other items of its class. Queries with R = 0 are left out of every mean. */
  readonly relevant: Int32Array;
  /** Queries with R ≥ 1. */
  readonly queries: number;
  /** Rank (from 1) of the nearest item of the own class, 0 when it is not among the first 8. */
  readonly firstHit: Uint8Array;
  /** (1/R) Σ_{i ≤ R} precision(i)·relevant(i) per query; NaN where R = 0. */
  readonly averagePrecision: Float64Array;
  /** Relevant items among the first R, over R; NaN where R = 0. */
  readonly rPrecision: Float64Array;
}

const ID_SPACE = 2 ** 21;

function refuse(field: string, value: unknown, allowed: string): EvalError {
  return new EvalError('PARAM_RANGE', `${field}: found ${String(value)}, expected ${allowed}`, {
    field,
    value,
    allowed,
  });
}

function relevantCounts(labels: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return Int32Array.from(labels, (label) => sizes.get(label)! - 1);
}

/**
 * An integer that orders as (similarity descending, position ascending) orders: the float32's bits as an ordered
 * integer times 2²¹, plus the reversed position; below 2⁵³, so exact.
 */
function neighbourKey(word: number, j: number): number {
  // −0 and 0 both map to 2³¹.
  const ordered = word >= 0 ? word + 0x80000000 : 0x80000000 - (word & 0x7fffffff);
  return ordered * ID_SPACE + (ID_SPACE - 1 - j);
}

function compute(embeddings: Float32Array, labels: Int32Array, n: number, width: number): Neighbours {
  const relevant = relevantCounts(labels);
  const queries = relevant.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  if (queries === 0) throw refuse('labels', 'no class with two items', 'at least one class with two items');
  const firstHit = new Uint8Array(n);
  const averagePrecision = new Float64Array(n).fill(NaN);
  const rPrecision = new Float64Array(n).fill(NaN);
  const rows = packUnitRows(embeddings, n, width);
  const stride = blockStride(rows);
  const block = new Float32Array(BLOCK_ROWS * stride);
  const bits = new Int32Array(block.buffer);
  const keys = new Float64Array(n - 1);
  for (let start = 0; start < n; start += BLOCK_ROWS) {
    similarityBlock(rows, start, block);
    for (let query = start; query < Math.min(n, start + BLOCK_ROWS); query++) {
      const r = relevant[query]!;
      if (r === 0) continue;
      const depth = Math.min(n - 1, Math.max(r, FIRST_HIT_DEPTH));
      const at = (query - start) * stride;
      const key = (j: number): number => neighbourKey(bits[at + j]!, j);
      const candidates = collectCandidates(block.subarray(at, at + n), n, query, depth, key, keys);
      if (candidates > 2 * depth) selectLargest(keys, candidates, depth);
      const count = candidates > 2 * depth ? depth : candidates;
      const nearest = keys.subarray(0, count).sort();
      let hits = 0;
      let precisions = 0;
      for (let rank = 1; rank <= depth; rank++) {
        const item = ID_SPACE - 1 - (nearest[count - rank]! % ID_SPACE);
        if (labels[item] !== labels[query]) continue;
        if (firstHit[query] === 0 && rank <= FIRST_HIT_DEPTH) firstHit[query] = rank;
        if (rank > r) continue;
        hits++;
        precisions += hits / rank;
      }
      averagePrecision[query] = precisions / r;
      rPrecision[query] = hits / r;
    }
  }
  return { n, relevant, queries, firstHit, averagePrecision, rPrecision };
}

/** FNV-1a over 32-bit words: tells a buffer that was overwritten from the one whose result is remembered. */
function fingerprint(words: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash >>> 0;
}

const memo = new WeakMap<Float32Array, { labels: Int32Array; mark: string; result: Neighbours }>();

/**
 * Neighbour statistics of embeddings [n, width]; remembered for the last call with the same array, labels and content,
 * so metrics that are computed one after the other share the pass. Time O(n²·width), extra memory O(n·width).
 * Throws PARAM_RANGE (empty input, wrong lengths, no class with two items, more than 2²¹ items) and NON_FINITE.
 */
export function neighbours(inputs: MetricInputs): Neighbours {
  const { embeddings, labels, n, width } = inputs;
  if (!embeddings) throw refuse('embeddings', 'nothing', 'embeddings [n, width]');
  if (!Number.isInteger(n) || n < 1 || n > ID_SPACE) throw refuse('n', n, `1 … ${ID_SPACE} items`);
  if (!Number.isInteger(width) || width < 1) throw refuse('width', width, 'at least 1');
  if (embeddings.length !== n * width) throw refuse('embeddings', `${embeddings.length} values`, `${n * width}`);
  if (labels.length !== n) throw refuse('labels', `${labels.length} labels`, `${n}`);
  const words = new Int32Array(embeddings.buffer, embeddings.byteOffset, embeddings.length);
  const mark = `${n} ${width} ${fingerprint(words)} ${fingerprint(labels)}`;
  const known = memo.get(embeddings);
  if (known?.labels === labels && known.mark === mark) return known.result;
  const result = compute(embeddings, labels, n, width);
  memo.set(embeddings, { labels, mark, result });
  return result;
}

/** Mean over the queries that have a relevant item. */
export function meanOverQueries(values: Float64Array, found: Neighbours): number {
  let sum = 0;
  for (let i = 0; i < found.n; i++) if (found.relevant[i]! > 0) sum += values[i]!;
  return sum / found.queries;
}
