/** What a benchmark can tell apart, and how much there is to tell, measured on its reference results. */
import { pairedDifference, summarise } from '../statistics/summary.js';
import { resolution } from '../statistics/resolution.js';
import { benchmarkHash, primaryOutput } from './registry.js';
import type { BenchmarkDefinition, Receipt } from './types.js';
import { baselineVariant, untrainedVariant } from './variant.js';

type Scores = ReadonlyMap<number, number>;

/** Primary score by seed of every variant that has receipts of this protocol. */
function scoresByVariant(
  { protocol }: BenchmarkDefinition,
  receipts: readonly Receipt[],
  counts: (receipt: Receipt) => boolean = () => true,
): Map<string, Scores> {
  const hash = benchmarkHash(protocol);
  const found = new Map<string, Map<number, number>>();
  for (const receipt of receipts) {
    if (receipt.benchmarkHash !== hash || receipt.fraction !== undefined || !counts(receipt)) continue;
    const scores = found.get(receipt.variantHash) ?? new Map<number, number>();
    scores.set(receipt.seed, receipt.scores[protocol.primary]!);
    found.set(receipt.variantHash, scores);
  }
  return found;
}

/**
 * Smallest difference of the primary that the protocol's seeds detect with 80 % power: from the root mean square of the
 * deviations of the paired differences to the baseline, over the entries with a given rate. Null without two entries.
 */
export function measuredResolution(benchmark: BenchmarkDefinition, receipts: readonly Receipt[]): number | null {
  const scores = scoresByVariant(benchmark, receipts, ({ variant }) => variant.space !== 'tuned');
  const baseline = baselineVariant(benchmark, 'PUBLISHED_DEFAULTS').variantHash;
  const untrained = untrainedVariant(benchmark).variantHash;
  const reference = scores.get(baseline);
  if (!reference) return null;
  const deviations = [...scores].flatMap(([hash, own]) => {
    if (hash === baseline || hash === untrained) return [];
    const difference = pairedDifference(own, reference);
    if (!difference || difference.n < 2) return [];
    return [summarise(difference.seeds.map((seed) => seed.difference)).deviation!];
  });
  // An entry that is the baseline under another name (comp-sum at τ = 1) says nothing of what can be told apart.
  const telling = deviations.filter((deviation) => deviation > 0);
  if (telling.length === 0) return null;
  const meanSquare = telling.reduce((sum, deviation) => sum + deviation ** 2, 0) / telling.length;
  return resolution({ deviation: Math.sqrt(meanSquare), seeds: benchmark.protocol.seeds.length, paired: true });
}

/** The distance from the untrained row to the ceiling, or to the best entry where no ceiling is known; null without receipts. */
export function headroom(benchmark: BenchmarkDefinition, receipts: readonly Receipt[]): number | null {
  const scores = scoresByVariant(benchmark, receipts);
  const hash = untrainedVariant(benchmark).variantHash;
  const untrained = scores.get(hash);
  if (!untrained) return null;
  const sign = primaryOutput(benchmark.protocol).direction === 'higher' ? 1 : -1;
  const mean = (own: Scores): number => summarise([...own.values()]).mean;
  const trained = [...scores].filter(([key]) => key !== hash).map(([, own]) => sign * mean(own));
  const best = benchmark.ceiling ? sign * benchmark.ceiling.value : Math.max(...trained);
  return Number.isFinite(best) ? best - sign * mean(untrained) : null;
}
