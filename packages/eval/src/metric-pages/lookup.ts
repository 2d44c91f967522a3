/** The pages of all metrics, looked up by their own keys and by score keys. */
import { listMetrics } from '../core/registry.js';
import type { MetricDefinition, MetricOutput } from '../core/types.js';
import { protocols } from '../predictions/registry.generated.js';
import { describes, patternExpression } from './patterns.js';
import { metricPages } from './registry.generated.js';
import type { KeyPattern, MetricPage } from './types.js';

/** Every page, by key. */
export const listMetricPages = (): readonly MetricPage[] => metricPages;

/** The page that describes a score key of a benchmark; undefined where nobody wrote one. */
export const pageOfScore = (scoreKey: string, board: string): MetricPage | undefined =>
  metricPages.find((page) => describes(page, scoreKey, board));

/** The page of a metric of the training track: that of its first output. */
export const pageOfMetric = ({ outputs }: MetricDefinition): MetricPage | undefined =>
  outputs[0] && pageOfScore(outputs[0].key, '');

/** The training metric that a page describes, if there is one. */
export const metricOfPage = (page: MetricPage): MetricDefinition | undefined =>
  listMetrics().find((metric) => pageOfMetric(metric) === page);

/**
 * A page by its key, by the key of a training metric (`recall-at-k`), or by a score key (`recall_at_4`). A score key that
 * several benchmarks use in different senses gives the page of the benchmark that is named, else the sense that is not one
 * benchmark's own, else the first page in order.
 */
export function findMetricPage(key: string, board?: string): MetricPage | undefined {
  const scored = board === undefined ? undefined : pageOfScore(key, board);
  const own = scored ?? metricPages.find((page) => page.key === key);
  if (own) return own;
  const metric = listMetrics().find((each) => each.key === key);
  if (metric) return pageOfMetric(metric);
  const candidates = metricPages.filter((page) =>
    page.keys.some(({ pattern }) => patternExpression(pattern).test(key)),
  );
  return candidates.find((page) => !page.boards) ?? candidates[0];
}

/** One pattern of a page with what all the scores of that shape have in common. */
export interface DescribedPattern extends KeyPattern {
  readonly direction: 'higher' | 'lower';
  readonly unit: string;
  /** Least and greatest possible value over all benchmarks. */
  readonly range: readonly [number, number];
  /** The score keys of this shape that exist, in the order in which benchmarks list them. */
  readonly keys: readonly string[];
}

interface OwnedOutput {
  readonly board: string;
  readonly output: MetricOutput;
}

const allOutputs = (): OwnedOutput[] => [
  ...listMetrics().flatMap(({ outputs }) => outputs.map((output) => ({ board: '', output }))),
  ...protocols.flatMap(({ key: board, outputs }) => outputs.map((output) => ({ board, output }))),
];

const outputsCache = new Map<string, readonly OwnedOutput[]>();

function outputsOf(page: MetricPage): readonly OwnedOutput[] {
  const known = outputsCache.get(page.key);
  if (known) return known;
  const found = allOutputs().filter(({ board, output }) => describes(page, output.key, board));
  outputsCache.set(page.key, found);
  return found;
}

/** Every score that belongs to the page, once each, as its first benchmark describes it. */
export function scoresOfPage(page: MetricPage): readonly MetricOutput[] {
  const byKey = new Map<string, MetricOutput>();
  for (const { output } of outputsOf(page)) if (!byKey.has(output.key)) byKey.set(output.key, output);
  return [...byKey.values()];
}

/** The patterns of a page that some benchmark uses, with direction, unit and range as the benchmarks declare them. */
export function describedPatterns(page: MetricPage): readonly DescribedPattern[] {
  const left = new Set(outputsOf(page));
  return page.keys.flatMap((key): DescribedPattern[] => {
    const found = [...left].filter(({ output }) => patternExpression(key.pattern).test(output.key));
    for (const each of found) left.delete(each);
    const [first] = found;
    if (!first) return [];
    return [
      {
        ...key,
        direction: first.output.direction,
        unit: first.output.unit,
        range: [
          Math.min(...found.map(({ output }) => output.range[0])),
          Math.max(...found.map(({ output }) => output.range[1])),
        ],
        keys: [...new Set(found.map(({ output }) => output.key))],
      },
    ];
  });
}

/** Benchmarks of the predictions track that give scores of the page, boardless ones included. */
export const protocolsOfPage = (page: MetricPage): readonly string[] => [
  ...new Set(outputsOf(page).flatMap(({ board }) => board || [])),
];
