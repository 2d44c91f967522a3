import { listDatasets } from '@touchstone/eval/meta';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { datasetDefinition, datasetStatus } from '../../lib/catalogue.js';
import { arrayPage } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { DatasetState } from '../../lib/enums.js';
import { currentBenchmarks } from '../benchmark/benchmark.service.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { Dataset, DatasetConnection } from './dataset.type.js';

@Resolver(() => Dataset)
export class DatasetResolver {
  @Query(() => DatasetConnection, { description: 'Datasets, by key.' })
  datasets(
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
  ) {
    return arrayPage(
      'datasets',
      null,
      listDatasets().map((definition) => new Dataset(definition)),
      (dataset) => dataset.key,
      { first, after },
    );
  }

  @Query(() => Dataset, { nullable: true, description: 'By key.' })
  dataset(@Arg('key', () => String, { description: 'Stable key.' }) key: string) {
    const definition = datasetDefinition(key);
    return definition && new Dataset(definition);
  }

  @FieldResolver(() => DatasetState, { description: 'Whether this machine can use it.' })
  async state(@Root() dataset: Dataset) {
    return (await datasetStatus(dataset.definition)).state;
  }

  @FieldResolver(() => String, { description: 'The state in words, with the command that helps.' })
  async stateMessage(@Root() dataset: Dataset) {
    return (await datasetStatus(dataset.definition)).message;
  }

  @FieldResolver(() => [Benchmark], { description: 'Newest versions of the benchmarks that read it.' })
  async benchmarks(@Root() dataset: Dataset, @Ctx() ctx: Context) {
    return (await currentBenchmarks(ctx)).filter((b) =>
      b.protocolRecord.datasets.some(({ key }) => key === dataset.key),
    );
  }
}
