import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { metricRecord } from '../../lib/catalogue.js';
import { arrayPage } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { currentBenchmarks } from '../benchmark/benchmark.service.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { findMetrics, uses } from './metric.service.js';
import { Metric, MetricConnection } from './metric.type.js';

@Resolver(() => Metric)
export class MetricResolver {
  @Query(() => MetricConnection, { description: 'Metrics, by key.' })
  metrics(
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words that must all occur in name, keys, field or summary; at most 200 characters.',
    })
    search: string | null,
  ) {
    return arrayPage(
      'metrics',
      { search: search ?? null },
      findMetrics(search ?? null).map((record) => new Metric(record)),
      (metric) => metric.key,
      { first, after },
    );
  }

  @Query(() => Metric, {
    nullable: true,
    description: 'By key, by a score key such as `recall_at_4`, or by the key of a training metric.',
  })
  metric(
    @Arg('key', () => String, { description: 'Stable key, or a score key.' }) key: string,
    @Arg('benchmark', () => String, {
      nullable: true,
      description: 'Key of the benchmark whose score it is; decides what a score key means that several use.',
    })
    benchmark: string | null,
  ) {
    const record = metricRecord(key, benchmark ?? undefined);
    return record && new Metric(record);
  }

  @FieldResolver(() => [Benchmark], { description: 'Newest versions of the benchmarks that use it.' })
  async benchmarks(@Root() metric: Metric, @Ctx() ctx: Context) {
    return (await currentBenchmarks(ctx)).filter((benchmark) => uses(benchmark, metric.record));
  }
}
