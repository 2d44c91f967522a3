/** Corpus measures of segments that count several times or not at all. */
import { totalOf, type WeightedScores } from '../reweighing.js';
import { type BleuStatistics, corpusBleu } from './bleu.js';
import { chrfScore, type ChrfStatistics } from './chrf.js';

interface Segment {
  readonly bleu: BleuStatistics;
  readonly chrf: ChrfStatistics;
  readonly chrf2pp: ChrfStatistics;
}

/** Column sums of rows of counts, each row taken as often as its weight says. */
function summed(rows: readonly (readonly number[])[]): (weights: Uint8Array) => Float64Array {
  const width = rows[0]?.length ?? 0;
  const table = Float64Array.from(rows.flat());
  return (weights) => {
    const sums = new Float64Array(width);
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      for (let k = 0; k < width; k++) sums[k]! += weight * table[i * width + k]!;
    }
    return sums;
  };
}

const triples = (sums: Float64Array): ChrfStatistics =>
  Array.from({ length: sums.length / 3 }, (_, n) => [sums[3 * n]!, sums[3 * n + 1]!, sums[3 * n + 2]!] as const);

/** `bleu`, `chrf` and `chrf2pp`. */
export function weightedTranslation(segments: readonly Segment[]): WeightedScores {
  const bleu = summed(
    segments.map(({ bleu: { matched, total, length, referenceLength } }) => [
      length,
      referenceLength,
      ...matched,
      ...total,
    ]),
  );
  const [chrf, chrf2pp] = [
    summed(segments.map((each) => each.chrf.flat())),
    summed(segments.map((each) => each.chrf2pp.flat())),
  ];
  const orders = segments[0]?.bleu.matched.length ?? 0;
  return (weights) => {
    if (totalOf(weights) === 0) return {};
    const [length, referenceLength, ...counts] = bleu(weights) as unknown as [number, number, ...number[]];
    return {
      bleu: corpusBleu([
        { length, referenceLength, matched: counts.slice(0, orders), total: counts.slice(orders, 2 * orders) },
      ]),
      chrf: chrfScore(triples(chrf(weights))),
      chrf2pp: chrfScore(triples(chrf2pp(weights))),
    };
  };
}
