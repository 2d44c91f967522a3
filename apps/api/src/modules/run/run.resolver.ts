import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import { createLoaders } from '../../lib/loaders.js';
import { JsonObject } from '../../lib/scalars.js';
import { startingWith } from '../../lib/subscribe.js';
import { payload, UserError } from '../../lib/user-error.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { Entry } from '../entry/entry.type.js';
import { CancelRunInput, RunFilter, RunOrder } from './run.input.js';
import { MAX_LOG_LINES } from './run.loader.js';
import * as service from './run.service.js';
import { LogLine, Run, RunConnection, Score, Series } from './run.type.js';
import { metricSeries } from './series.service.js';

@ObjectType({ description: 'Outcome of cancelRun.' })
export class CancelRunPayload {
  @Field(() => Run, { nullable: true, description: 'The run; a running one stops within a second.' })
  run: Run | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@Resolver(() => Run)
export class RunResolver {
  @Query(() => Run, { nullable: true, description: 'By id.' })
  run(@Ctx() ctx: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string) {
    return ctx.loaders.run.byId.load(idOf('Run', id));
  }

  @Query(() => RunConnection, { description: 'Runs, newest first by default.' })
  runs(
    @Ctx() ctx: Context,
    @Arg('where', () => RunFilter, { nullable: true, description: 'Which runs.' }) where: RunFilter | null,
    @Arg('orderBy', () => RunOrder, { nullable: true, description: 'Default: newest first.' }) orderBy: RunOrder | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
  ) {
    return service.listRuns(ctx, { where, orderBy, first, after });
  }

  @Query(() => [Series], { description: 'Values over steps of up to 100 runs, down-sampled to `points` a series.' })
  metricSeries(
    @Ctx() ctx: Context,
    @Arg('runs', () => [ID], { description: 'Up to 100 runs.' }) runs: string[],
    @Arg('keys', () => [String], { nullable: true, description: 'Default: every key.' }) keys: string[] | null,
    @Arg('points', () => Int, { nullable: true, defaultValue: 200, description: '2 to 2000.' }) points: number | null,
  ) {
    return metricSeries(ctx, { runs, keys, points });
  }

  @Mutation(() => CancelRunPayload, { description: 'Stops a run of an own submission.' })
  cancelRun(@Ctx() ctx: Context, @Arg('input', () => CancelRunInput, { description: 'Which.' }) input: CancelRunInput) {
    return payload(async () => ({ run: await service.cancelRun(ctx, input.id) }), { run: null });
  }

  @Subscription(() => Run, {
    description: 'The run now and whenever it changes.',
    subscribe: ({ args, context }) => {
      const id = idOf('Run', args.run as string, 'run');
      return startingWith(id, (context as Context).platform.bus.subscribe('run', id));
    },
  })
  async runProgress(
    @Root() id: string,
    @Ctx() ctx: Context,
    @Arg('run', () => ID, { description: 'Its id.' }) asked: string,
  ) {
    ctx.loaders = createLoaders(ctx.platform);
    const run = await ctx.loaders.run.byId.load(id);
    if (!run) throw new ApiError('NOT_FOUND', 'no such run', { field: 'run', value: asked });
    return run;
  }

  @FieldResolver(() => Benchmark, { description: 'The protocol.' })
  async benchmark(@Root() run: Run, @Ctx() ctx: Context) {
    const entry = await ctx.loaders.entry.byId.load(run.row.entryId);
    return ctx.loaders.benchmark.byId.load(entry!.row.benchmarkId);
  }

  @FieldResolver(() => Entry, { nullable: true, description: 'The leaderboard row that it counts for.' })
  entry(@Root() run: Run, @Ctx() ctx: Context) {
    return ctx.loaders.entry.byId.load(run.row.entryId);
  }

  @FieldResolver(() => JsonObject, { description: 'The whole variant, defaults filled in.' })
  async variant(@Root() run: Run, @Ctx() ctx: Context) {
    return (await ctx.loaders.entry.byId.load(run.row.entryId))!.row.variant;
  }

  @FieldResolver(() => String, { description: 'Hex SHA-256 of the variant.' })
  async variantHash(@Root() run: Run, @Ctx() ctx: Context) {
    return (await ctx.loaders.entry.byId.load(run.row.entryId))!.row.variantHash;
  }

  @FieldResolver(() => [Score], { description: 'Final values; empty until it succeeded.' })
  async scores(@Root() run: Run, @Ctx() ctx: Context) {
    return run.state === 'SUCCEEDED' ? ctx.loaders.run.scores.load(run.row.id) : [];
  }

  @FieldResolver(() => [LogLine], { description: 'Its last lines, oldest first.' })
  async logs(
    @Root() run: Run,
    @Ctx() ctx: Context,
    @Arg('last', () => Int, { nullable: true, defaultValue: 200, description: `1 to ${MAX_LOG_LINES}.` })
    last: number | null,
  ) {
    const lines = last ?? 200;
    if (lines < 1 || lines > MAX_LOG_LINES)
      throw new ApiError('BAD_INPUT', `last must be 1 to ${MAX_LOG_LINES}`, {
        field: 'last',
        value: last,
        allowed: `1 to ${MAX_LOG_LINES}`,
      });
    return (await ctx.loaders.run.logs(lines).load(run.row.id)).map((row) => ({ ...row, at: new Date(row.at) }));
  }

  @FieldResolver(() => [String], { description: 'Keys of its series.' })
  async seriesKeys(@Root() run: Run, @Ctx() ctx: Context) {
    return (await ctx.loaders.run.seriesKeys.load(run.row.id)).map(({ key }) => key);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Its place in the queue, from 1; null once it has left it.',
  })
  async queuePosition(@Root() run: Run, @Ctx() ctx: Context) {
    return run.state === 'QUEUED' ? ctx.loaders.run.queuePosition.load(run.row.id) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why nobody takes it; null when it only waits for its turn.',
  })
  waitingReason(@Root() run: Run, @Ctx() ctx: Context) {
    return service.waitingReason(ctx, run);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Name of the worker that has or had it.' })
  async worker(@Root() run: Run, @Ctx() ctx: Context) {
    return run.row.workerId ? ((await ctx.loaders.run.worker.load(run.row.workerId))?.name ?? null) : null;
  }
}
