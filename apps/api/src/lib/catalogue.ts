/** The definitions that the code holds, by key: methods, papers, datasets, metrics, benchmarks. */
import {
  datasetState,
  findMetricPage,
  listBenchmarks,
  listDatasets,
  listMetricPages,
  listMetrics,
  metricOfPage,
  outputOf,
  pageOfMetric,
  predictionBenchmark,
  type BenchmarkDefinition,
  type DatasetDefinition,
  type DatasetStatus,
  type MetricDefinition,
  type MetricOutput,
  type MetricPage,
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

/** A metric as a board's reader knows it: what is written of a family of scores, the code that trains measure with, or both. */
export interface MetricRecord {
  readonly key: string;
  readonly page: MetricPage | null;
  readonly definition: MetricDefinition | null;
}

const ofPage = (page: MetricPage): MetricRecord => ({
  key: page.key,
  page,
  definition: metricOfPage(page) ?? null,
});

/** Of a metric of the training track; one without a page keeps its own key. */
export function metricOf(definition: MetricDefinition): MetricRecord {
  const page = pageOfMetric(definition);
  return page ? ofPage(page) : { key: definition.key, page: null, definition };
}

let allMetrics: readonly MetricRecord[] | undefined;

/** Every metric, by key. */
export const metricRecords = (): readonly MetricRecord[] =>
  (allMetrics ??= [
    ...listMetricPages().map(ofPage),
    ...listMetrics()
      .filter((definition) => !pageOfMetric(definition))
      .map(metricOf),
  ].sort((a, b) => (a.key < b.key ? -1 : 1)));

/** By its key, a score key, or the key of a training metric; `board` decides what a score key means that boards share. */
export function metricRecord(key: string, board?: string): MetricRecord | null {
  const page = findMetricPage(key, board);
  return page ? ofPage(page) : (metricRecords().find((record) => record.key === key) ?? null);
}

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
