/** From what a person wrote to what the engine runs. */
import type { BenchmarkDefinition, ResolvedVariant, VariantInput } from '@touchstone/eval/meta';
import { getBenchmark, resolveVariant, validateSeeds } from '@touchstone/eval/meta';
import type { Wanted } from '../core/submission-file.js';

export interface Resolved {
  readonly benchmark: BenchmarkDefinition;
  readonly variant: ResolvedVariant;
  readonly seeds: readonly number[];
}

/** The first seeds of the protocol, then the integers after its greatest. */
function firstSeeds(listed: readonly number[], count: number): readonly number[] {
  const next = Math.max(-1, ...listed) + 1;
  return [...listed, ...Array.from({ length: Math.max(0, count - listed.length) }, (_, i) => next + i)].slice(0, count);
}

/** Throws every refusal of the resolver: UNKNOWN_BENCHMARK, UNKNOWN_METHOD, PARAM_RANGE, DIVISION_CONFLICT … */
export function resolveWanted(wanted: Wanted): Resolved {
  const benchmark = getBenchmark(wanted.benchmark);
  const { benchmark: _named, seeds, ...input } = wanted;
  const listed = benchmark.protocol.seeds;
  return {
    benchmark,
    variant: resolveVariant(benchmark, input as VariantInput),
    seeds: validateSeeds(typeof seeds === 'number' ? firstSeeds(listed, seeds) : (seeds ?? listed)),
  };
}
