import { acceptedMethods } from '@touchstone/eval/meta';
import type { Slot as SlotName } from '@touchstone/losses/meta';
import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { datasetDefinition, methodDefinition, metricDefinition, metricOf, scoreOutputs } from '../../lib/catalogue.js';
import type { Context } from '../../lib/context.js';
import { BenchmarkState, ResolutionSource, Slot } from '../../lib/enums.js';
import { DateTime } from '../../lib/scalars.js';
import { Dataset } from '../dataset/dataset.type.js';
import { Entry } from '../entry/entry.type.js';
import { Method } from '../method/method.type.js';
import { Metric, MetricOutput } from '../metric/metric.type.js';
import * as service from './benchmark.service.js';
import { Benchmark, BenchmarkConnection } from './benchmark.type.js';

@ObjectType({ description: 'A slot that a variant may fill.' })
export class BenchmarkSlot {
  @Field(() => Slot, { description: 'The slot.' })
  slot: Slot;

  @Field(() => Boolean, { description: 'The board ranks this one.' })
  ranked: boolean;

  @Field(() => Method, { nullable: true, description: "The protocol's default." })
  default: Method | null;

  @Field(() => [Method], { description: 'Methods that this benchmark accepts here.' })
  methods: Method[];
}

@Resolver(() => Benchmark)
export class BenchmarkResolver {
  @Query(() => BenchmarkConnection, { description: 'Newest version of every benchmark.' })
  benchmarks(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
    @Arg('superseded', () => Boolean, { nullable: true, defaultValue: false, description: 'List older versions too.' })
    superseded: boolean | null,
  ) {
    return service.listBenchmarks(ctx, { first, after, superseded });
  }

  @Query(() => Benchmark, { nullable: true, description: 'By `key` (newest version) or `key@version`.' })
  benchmark(@Ctx() ctx: Context, @Arg('key', () => String, { description: '`key` or `key@version`.' }) key: string) {
    return service.findBenchmark(ctx, key);
  }

  @FieldResolver(() => BenchmarkState, { description: 'Whether runs can start.' })
  async state(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await service.availability(ctx, benchmark)).state;
  }

  @FieldResolver(() => String, { description: 'The state in words, with the command that helps.' })
  async stateMessage(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await service.availability(ctx, benchmark)).message;
  }

  @FieldResolver(() => [MetricOutput], { description: 'Every score of a run.' })
  scoreKeys(@Root() benchmark: Benchmark) {
    return scoreOutputs(benchmark.protocolRecord).map((output) => new MetricOutput(output, benchmark.key));
  }

  @FieldResolver(() => [Metric], { description: 'Metrics that score a run.' })
  metrics(@Root() benchmark: Benchmark) {
    return benchmark.protocolRecord.metrics
      .flatMap(({ key }) => metricDefinition(key) ?? [])
      .map((definition) => new Metric(metricOf(definition)));
  }

  @FieldResolver(() => [Dataset], { description: 'Data that it reads.' })
  datasets(@Root() benchmark: Benchmark) {
    return benchmark.protocolRecord.datasets
      .flatMap(({ key }) => datasetDefinition(key) ?? [])
      .map((definition) => new Dataset(definition));
  }

  @FieldResolver(() => [BenchmarkSlot], { description: 'Slots that a variant may fill.' })
  slots(@Root() benchmark: Benchmark): BenchmarkSlot[] {
    const { accepts, slot: ranked } = benchmark.protocolRecord;
    return (Object.keys(accepts) as SlotName[]).map((slot) => {
      const standard = accepts[slot] && methodDefinition(accepts[slot].method);
      const accepted = benchmark.definition
        ? acceptedMethods(benchmark.definition, slot).filter((m) => m.accepted)
        : [];
      return {
        slot,
        ranked: slot === ranked,
        default: standard ? new Method(standard) : null,
        methods: accepted.map(({ method }) => new Method(method)),
      };
    });
  }

  @FieldResolver(() => Entry, {
    nullable: true,
    description: 'The row at published defaults that others are compared with.',
  })
  baseline(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return service.baselineOf(ctx, benchmark);
  }

  @FieldResolver(() => Entry, { nullable: true, description: 'Raw input or a random network.' })
  untrained(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return service.untrainedOf(ctx, benchmark);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Ceiling, or the best row, minus the untrained row, in units of the primary.',
  })
  headroom(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return service.headroomOf(ctx, benchmark);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Smallest difference of the primary seen with 80 % power; null until it is known.',
  })
  async resolution(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await service.resolution(ctx, benchmark)).value;
  }

  @FieldResolver(() => ResolutionSource, { nullable: true, description: 'Where `resolution` comes from.' })
  async resolutionSource(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await service.resolution(ctx, benchmark)).source;
  }

  @FieldResolver(() => Int, { description: 'Rows of the board, unranked ones included.' })
  async entryCount(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await ctx.loaders.benchmark.facts.load(benchmark.row.id))?.entries ?? 0;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When a run of it last succeeded.' })
  async lastScoredAt(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await ctx.loaders.benchmark.facts.load(benchmark.row.id))?.last_scored_at ?? null;
  }

  @FieldResolver(() => [Int], { description: 'Versions of the key, newest first.' })
  async versions(@Root() benchmark: Benchmark, @Ctx() ctx: Context) {
    return (await ctx.loaders.benchmark.byKey.load(benchmark.key)).map(({ version }) => version);
  }
}
