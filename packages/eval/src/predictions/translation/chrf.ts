/** chrF and chrF++ as sacreBLEU computes them. Source: Popović 2015 and 2017. */
import { ngramCounts, WHITE_SPACE } from './bleu.js';

const CHARACTERS = 6;
const BETA = 2;
const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** By order: n-grams of the candidate, of the reference, in both. */
export type ChrfStatistics = readonly (readonly [candidate: number, reference: number, both: number])[];

/** Words with one punctuation mark at the end, else at the start, split off. */
function words(line: string): string[] {
  return line
    .split(WHITE_SPACE)
    .filter((word) => word !== '')
    .flatMap((word) => {
      const characters = [...word];
      if (characters.length === 1) return [word];
      if (PUNCTUATION.has(characters.at(-1)!)) return [characters.slice(0, -1).join(''), characters.at(-1)!];
      if (PUNCTUATION.has(characters[0]!)) return [characters[0]!, characters.slice(1).join('')];
      return [word];
    });
}

/** n-gram counts of a line: characters without white space in orders 1 to 6, then words in orders 1 to `wordOrder`. */
function grams(line: string, wordOrder: number): Map<string, number>[] {
  const characters = [...line.replace(WHITE_SPACE, '')];
  const tokens = words(line);
  return [
    ...Array.from({ length: CHARACTERS }, (_, i) => ngramCounts(characters, i + 1, '')),
    ...Array.from({ length: wordOrder }, (_, i) => ngramCounts(tokens, i + 1)),
  ];
}

const countOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

/** F score in percent: β = 2, precision and recall averaged over the orders that both sides have. */
export function chrfScore(statistics: ChrfStatistics): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (const [candidate, reference, both] of statistics) {
    if (candidate === 0 || reference === 0) continue;
    precision += both / candidate;
    recall += both / reference;
    orders++;
  }
  if (precision + recall === 0) return 0;
  const square = BETA ** 2;
  return (100 * (1 + square) * precision * recall) / orders / (square * precision + recall);
}

/** Statistics against the reference with the best score of the segment, the first of equal ones. */
export function chrfStatistics(candidate: string, references: readonly string[], wordOrder: 0 | 2): ChrfStatistics {
  const mine = grams(candidate, wordOrder);
  let best: ChrfStatistics = [];
  let top = -1;
  for (const reference of references) {
    const statistics = grams(reference, wordOrder).map((theirs, i): [number, number, number] => {
      let both = 0;
      for (const [gram, count] of mine[i]!) both += Math.min(count, theirs.get(gram) ?? 0);
      // A reference too short for this order takes the candidate's n-grams out of the count too.
      return [theirs.size === 0 ? 0 : countOf(mine[i]!), countOf(theirs), both];
    });
    const score = chrfScore(statistics);
    if (score <= top) continue;
    top = score;
    best = statistics;
  }
  return best;
}

/** Corpus chrF: counts are added over segments first. */
export function corpusChrf(segments: readonly ChrfStatistics[]): number {
  const orders = segments[0]?.length ?? 0;
  return chrfScore(
    Array.from({ length: orders }, (_, n) =>
      segments.reduce<[number, number, number]>(
        ([a, b, c], each) => [a + each[n]![0], b + each[n]![1], c + each[n]![2]],
        [0, 0, 0],
      ),
    ),
  );
}
