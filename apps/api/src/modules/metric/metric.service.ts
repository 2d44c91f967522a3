/** Metrics as people look for them: by field, by words, by benchmark. */
import { pageOfScore } from '@touchstone/eval/meta';
import { type MetricRecord, metricDefinition, metricRecords, scoreOutputs } from '../../lib/catalogue.js';
import { ApiError } from '../../lib/errors.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';

const MOST_CHARACTERS = 200;

const textOf = ({ key, definition, page }: MetricRecord): string =>
  [
    key,
    definition?.key,
    definition?.title,
    page?.title,
    page?.field,
    page?.summary,
    ...(page?.keys ?? []).flatMap(({ pattern, meaning }) => [pattern, meaning]),
  ]
    .join(' ')
    .toLowerCase();

/** Metrics in which every word occurs. Throws BAD_INPUT for more than 200 characters. */
export function findMetrics(search: string | null): readonly MetricRecord[] {
  if (search !== null && search.length > MOST_CHARACTERS)
    throw new ApiError('BAD_INPUT', 'search is too long', {
      field: 'search',
      value: search.length,
      allowed: `at most ${MOST_CHARACTERS} characters`,
    });
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return metricRecords().filter((record) => {
    const text = textOf(record);
    return words.every((word) => text.includes(word));
  });
}

/** By the hash of a protocol: the keys of the metrics that its scores belong to. */
const keysByHash = new Map<string, ReadonlySet<string>>();

/** Whether a benchmark gives a score of this metric. */
export function uses(benchmark: Benchmark, metric: MetricRecord): boolean {
  const { key, hash, protocolRecord } = benchmark;
  let keys = keysByHash.get(hash);
  if (!keys) {
    keys = new Set([
      ...scoreOutputs(protocolRecord).flatMap((output) => pageOfScore(output.key, key)?.key ?? []),
      ...protocolRecord.metrics.flatMap((own) => metricDefinition(own.key)?.key ?? []),
    ]);
    keysByHash.set(hash, keys);
  }
  return keys.has(metric.key);
}
