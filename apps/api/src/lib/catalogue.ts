/** The definitions that the code holds, by key: methods, papers, datasets, metrics, benchmarks. */
import {
  datasetState,
  listBenchmarks,
  listDatasets,
  listMetrics,
  outputOf,
  predictionBenchmark,
  type BenchmarkDefinition,
  type DatasetDefinition,
  type DatasetStatus,
  type MetricDefinition,
  type MetricOutput,
  type PredictionBenchmark,
  type Protocol,
  scoreOutputs as outputsOf,
} from '@touchstone/eval/meta';
import { listMethods, listPapers, type MethodDefinition, type Paper } from '@touchstone/losses/meta';

const find = <T extends { readonly key: string }>(list: readonly T[], key: string) =>
  list.find((item) => item.key === key) ?? null;

export const methodDefinition = (key: string): MethodDefinition | null => find(listMethods(), key);
export const datasetDefinition = (key: string): DatasetDefinition | null => find(listDatasets(), key);
export const metricDefinition = (key: string): MetricDefinition | null => find(listMetrics(), key);
export const paperRecord = (key: string): (Paper & { readonly methods: readonly string[] }) | null =>
  find(listPapers(), key);

export function benchmarkDefinition(key: string, version: number): BenchmarkDefinition | null {
  return listBenchmarks().find(({ protocol }) => protocol.key === key && protocol.version === version) ?? null;
}

export function predictionDefinition(key: string, version: number): PredictionBenchmark | null {
  return predictionBenchmark(`${key}@${version}`) ?? null;
}

/** Every score that a protocol's metrics give. */
export function scoreOutputs(protocol: Protocol): MetricOutput[] {
  if (protocol.outputs) return [...outputsOf(protocol)];
  return protocol.metrics.flatMap(({ key }) => metricDefinition(key)?.outputs ?? []);
}

/** A score of a protocol; one whose metric the code has dropped is described by its key alone. */
export function scoreOutput(protocol: Protocol, key: string): MetricOutput {
  return (
    (protocol.outputs ? outputOf(protocol, key) : scoreOutputs(protocol).find((output) => output.key === key)) ?? {
      key,
      title: key,
      direction: 'higher',
      unit: '',
      range: [-Infinity, Infinity],
      precision: 1e-6,
    }
  );
}

const FRESH_MS = 5_000;
const states = new Map<string, { readonly at: number; readonly status: Promise<DatasetStatus> }>();

/** State of a dataset on this machine, looked up at most every few seconds. */
export function datasetStatus(definition: DatasetDefinition): Promise<DatasetStatus> {
  const known = states.get(definition.key);
  if (known && Date.now() - known.at < FRESH_MS) return known.status;
  const status = datasetState(definition);
  states.set(definition.key, { at: Date.now(), status });
  return status;
}
