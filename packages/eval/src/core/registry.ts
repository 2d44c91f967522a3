/** Finding benchmarks, datasets and metrics by key. */
import { protocols, reportedBoards } from '../predictions/registry.generated.js';
import { benchmarks, datasets, metrics } from '../registry.generated.js';
import { EvalError } from './errors.js';
import { hashJson } from './hash.js';
import type { BenchmarkDefinition, DatasetDefinition, MetricDefinition, MetricOutput, Protocol } from './types.js';

const provided: BenchmarkDefinition[] = [];

/** Adds a benchmark to this process only; for tests of the engine with small protocols. */
export function provideBenchmark(definition: BenchmarkDefinition): void {
  provided.push(definition);
}

/** Every version of every benchmark, by key, newest version first. */
export function listBenchmarks(): readonly BenchmarkDefinition[] {
  return [...benchmarks, ...provided].sort(
    (a, b) => a.protocol.key.localeCompare(b.protocol.key, 'en') || b.protocol.version - a.protocol.version,
  );
}

/** `key` is the newest version, `key@version` a given one. Throws UNKNOWN_BENCHMARK naming the known keys. */
export function getBenchmark(name: string): BenchmarkDefinition {
  const found = listBenchmarks().find(({ protocol }) =>
    [protocol.key, `${protocol.key}@${protocol.version}`].includes(name),
  );
  if (found) return found;
  const known = [...new Set(listBenchmarks().map(({ protocol }) => protocol.key))].join(', ');
  throw new EvalError('UNKNOWN_BENCHMARK', `benchmark: no benchmark "${name}"; known are ${known}`, {
    field: 'benchmark',
    value: name,
    allowed: known,
  });
}

/** `key@version`, the name under which lock, receipts and requests know it. */
export function benchmarkName(protocol: Pick<Protocol, 'key' | 'version'>): string {
  return `${protocol.key}@${protocol.version}`;
}

export function benchmarkHash(protocol: Protocol): string {
  return hashJson(protocol);
}

export function listDatasets(): readonly DatasetDefinition[] {
  return datasets;
}

/** Throws UNKNOWN_DATASET naming the known keys. */
export function getDataset(key: string): DatasetDefinition {
  return one(datasets, key, 'dataset', 'UNKNOWN_DATASET');
}

export function listMetrics(): readonly MetricDefinition[] {
  return metrics;
}

/** Throws UNKNOWN_METRIC naming the known keys. */
export function getMetric(key: string): MetricDefinition {
  return one(metrics, key, 'metric', 'UNKNOWN_METRIC');
}

/** The metrics of a benchmark in its order. */
export function metricsOf(protocol: Protocol): readonly MetricDefinition[] {
  return protocol.metrics.map(({ key }) => getMetric(key));
}

/** The outputs of a predictions protocol as it was stored; titles and ranges are those of the code where it still has them. */
function storedOutputs({ key, outputs = [] }: Protocol): readonly MetricOutput[] {
  const definition = [...protocols, ...reportedBoards].find((each) => each.key === key);
  const known = new Map(definition?.outputs.map((output) => [output.key, output]));
  return outputs.map((output) => ({
    title: known.get(output.key)?.title ?? output.key,
    range: known.get(output.key)?.range ?? [-Infinity, Infinity],
    ...output,
  }));
}

/** Every score that a run of this benchmark may have, the primary first. In the predictions track some may be absent. */
export function scoreOutputs(protocol: Protocol): readonly MetricOutput[] {
  const outputs = protocol.outputs ? storedOutputs(protocol) : metricsOf(protocol).flatMap((metric) => metric.outputs);
  return [...outputs].sort((a, b) => Number(b.key === protocol.primary) - Number(a.key === protocol.primary));
}

const familyOf = (key: string): string => key.replace(/\d+(\.\d+)?/g, '#');

/** The output of that key, or in the predictions track the one whose family it belongs to (`recall_at_7` is of `recall_at_1`). */
export function outputOf(protocol: Protocol, key: string): MetricOutput | undefined {
  const outputs = scoreOutputs(protocol);
  const exact = outputs.find((output) => output.key === key);
  if (exact || !protocol.outputs) return exact;
  const family = outputs.find((output) => familyOf(output.key) === familyOf(key));
  return family && { ...family, key, title: key };
}

export function primaryOutput(protocol: Protocol): MetricOutput {
  const found = scoreOutputs(protocol)[0];
  if (found?.key !== protocol.primary) throw new Error(`${protocol.key}: no metric gives ${protocol.primary}`);
  return found;
}

function one<T extends { readonly key: string }>(
  all: readonly T[],
  key: string,
  field: string,
  code: 'UNKNOWN_DATASET' | 'UNKNOWN_METRIC',
): T {
  const found = all.find((entry) => entry.key === key);
  if (found) return found;
  const known = all.map((entry) => entry.key).join(', ');
  throw new EvalError(code, `${field}: no ${field} "${key}"; known are ${known}`, {
    field,
    value: key,
    allowed: known,
  });
}
