/** TREC run and qrels files. */
import { malformed } from '../errors.js';
import { numberOf, parseLines, wholeOf } from './table.js';

/** Judgements by query, then document; ≤ 0 is not relevant. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Retrieved documents by query with their scores, in file order. */
export type TrecRun = ReadonlyMap<string, readonly { readonly document: string; readonly score: number }[]>;

/** Non-empty lines as fields; each must have `count` of them, or more where a free text may follow. */
function* fields(
  content: Buffer,
  name: string,
  count: number,
  shape: string,
  more = false,
): Generator<{ line: number; parts: string[] }> {
  for (const { line, text } of parseLines(content, name)) {
    const parts = text.trim().split(/\s+/);
    if (parts.length === 1 && parts[0] === '') continue;
    if (parts.length < count || (parts.length > count && !more))
      throw malformed(name, { line }, `${parts.length} fields`, `${count}: ${shape}`);
    yield { line, parts };
  }
}

/** `query iteration document relevance` on each line. Throws FILE_MALFORMED, also for a pair judged twice. */
export function parseQrels(content: Buffer, name: string): Qrels {
  const qrels = new Map<string, Map<string, number>>();
  for (const { line, parts } of fields(content, name, 4, 'query, iteration, document, relevance')) {
    const [query, , document, relevance] = parts as [string, string, string, string];
    let judged = qrels.get(query);
    if (!judged) qrels.set(query, (judged = new Map()));
    if (judged.has(document)) throw malformed(name, { line }, `${query} ${document} again`, 'each pair once');
    judged.set(document, wholeOf(name, line, 'relevance', relevance, -1000, 1000));
  }
  return qrels;
}

/**
 * `query Q0 document rank score run` on each line; the rank column and what follows the run's name are not used, as in trec_eval.
 * Throws FILE_MALFORMED, also for a document retrieved twice for a query.
 */
export function parseTrecRun(content: Buffer, name: string): TrecRun {
  const run = new Map<string, { document: string; score: number }[]>();
  const seen = new Map<string, Set<string>>();
  for (const { line, parts } of fields(content, name, 6, 'query, Q0, document, rank, score, run', true)) {
    const [query, , document, , score] = parts as [string, string, string, string, string, string];
    let documents = seen.get(query);
    if (!documents) {
      seen.set(query, (documents = new Set()));
      run.set(query, []);
    }
    if (documents.has(document))
      throw malformed(name, { line }, `${query} ${document} again`, 'each document once a query');
    documents.add(document);
    run.get(query)!.push({ document, score: numberOf(name, line, 'score', score) });
  }
  return run;
}
