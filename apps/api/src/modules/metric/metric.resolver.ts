import { listMetrics } from '@touchstone/eval/meta';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { metricDefinition } from '../../lib/catalogue.js';
import { arrayPage } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { currentBenchmarks } from '../benchmark/benchmark.service.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { Metric, MetricConnection } from './metric.type.js';

@Resolver(() => Metric)
export class MetricResolver {
  @Query(() => MetricConnection, { description: 'Metrics, by key.' })
  metrics(
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
  ) {
    return arrayPage(
      'metrics',
      null,
      listMetrics().map((definition) => new Metric(definition)),
      (metric) => metric.key,
      { first, after },
    );
  }

  @Query(() => Metric, { nullable: true, description: 'By key.' })
  metric(@Arg('key', () => String, { description: 'Stable key.' }) key: string) {
    const definition = metricDefinition(key);
    return definition && new Metric(definition);
  }

  @FieldResolver(() => [Benchmark], { description: 'Newest versions of the benchmarks that use it.' })
  async benchmarks(@Root() metric: Metric, @Ctx() ctx: Context) {
    return (await currentBenchmarks(ctx)).filter((b) => b.protocolRecord.metrics.some(({ key }) => key === metric.key));
  }
}
