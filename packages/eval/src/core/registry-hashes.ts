/** What two processes compare before one gives a run to the other. */
import { allMethods } from './methods.js';
import { CODE_VERSION } from './receipt.js';
import { listPredictionBenchmarks } from '../predictions/records.js';
import { benchmarkHash, benchmarkName, listBenchmarks } from './registry.js';

export interface RegistryHashes {
  /** key@version → protocol hash. */
  readonly benchmarks: Readonly<Record<string, string>>;
  /** key → version. */
  readonly methods: Readonly<Record<string, number>>;
  readonly code: string;
}

export function registryHashes(): RegistryHashes {
  return {
    benchmarks: Object.fromEntries(
      [...listBenchmarks(), ...listPredictionBenchmarks()].map(({ protocol }) => [
        benchmarkName(protocol),
        benchmarkHash(protocol),
      ]),
    ),
    methods: Object.fromEntries(allMethods().map((method) => [method.key, method.version])),
    code: CODE_VERSION,
  };
}
