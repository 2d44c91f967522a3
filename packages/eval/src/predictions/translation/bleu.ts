/** BLEU as sacreBLEU computes it: tokeniser 13a, case kept, exponential smoothing. Source: Papineni et al. 2002, Post 2018. */

const ORDER = 4;

/** What Python splits at: unlike \s, the separators 1C to 1F and next line (85) too, and no byte-order mark. */
export const WHITE_SPACE = new RegExp(
  `[\\p{White_Space}${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f)}]+`,
  'gu',
);

/** The tokeniser of mteval-v13a: symbols apart, full stops and commas apart unless between digits, dashes after digits. */
export function tokenise13a(line: string): string[] {
  const text = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return ` ${text} `
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
    .split(WHITE_SPACE)
    .filter((token) => token !== '');
}

/** Counts of the n-grams of one order, as joined text. */
export function ngramCounts(tokens: readonly string[], n: number, separator = ' '): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(separator);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Sums over segments, from which corpus BLEU follows. */
export interface BleuStatistics {
  readonly matched: readonly number[];
  readonly total: readonly number[];
  readonly length: number;
  /** Of the reference closest in length, the shorter of equally close ones. */
  readonly referenceLength: number;
}

export function bleuStatistics(candidate: string, references: readonly string[]): BleuStatistics {
  const tokens = tokenise13a(candidate);
  const tokenised = references.map(tokenise13a);
  const distance = (length: number): number => Math.abs(length - tokens.length);
  const referenceLength = tokenised
    .map(({ length }) => length)
    .reduce((best, length) =>
      distance(length) < distance(best) || (distance(length) === distance(best) && length < best) ? length : best,
    );
  const matched: number[] = [];
  const total: number[] = [];
  for (let n = 1; n <= ORDER; n++) {
    const most = new Map<string, number>();
    for (const reference of tokenised)
      for (const [gram, count] of ngramCounts(reference, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
    let hits = 0;
    for (const [gram, count] of ngramCounts(tokens, n)) hits += Math.min(count, most.get(gram) ?? 0);
    matched.push(hits);
    total.push(Math.max(0, tokens.length - n + 1));
  }
  return { matched, total, length: tokens.length, referenceLength };
}

/**
 * Corpus BLEU in percent, 0 … 100. An order without a match counts as 1/2, 1/4, … of one n-gram (smoothing `exp`);
 * without any match, or without a candidate n-gram of some order, 0.
 */
export function corpusBleu(segments: readonly BleuStatistics[]): number {
  const sum = (of: (segment: BleuStatistics) => number): number =>
    segments.reduce((total, each) => total + of(each), 0);
  const [length, referenceLength] = [sum((s) => s.length), sum((s) => s.referenceLength)];
  let logs = 0;
  let smoothing = 1;
  let any = false;
  for (let n = 0; n < ORDER; n++) {
    const [matched, total] = [sum((s) => s.matched[n]!), sum((s) => s.total[n]!)];
    if (total === 0) return 0;
    any ||= matched > 0;
    if (matched === 0) smoothing *= 2;
    logs += Math.log(matched === 0 ? 1 / (smoothing * total) : matched / total);
  }
  if (!any) return 0;
  const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  return 100 * brevity * Math.exp(logs / ORDER);
}
