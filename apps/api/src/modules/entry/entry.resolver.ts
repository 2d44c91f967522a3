import { Arg, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { methodDefinition } from '../../lib/catalogue.js';
import type { Context } from '../../lib/context.js';
import { Claim, Division, IntervalOver, ResolutionSource, Track } from '../../lib/enums.js';
import { idOf } from '../../lib/ids.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { toEvent } from '../event/event.service.js';
import { Event } from '../event/event.type.js';
import { Method } from '../method/method.type.js';
import { Run } from '../run/run.type.js';
import { difference, differenceToBaseline } from './difference.service.js';
import { Difference } from './difference.type.js';
import type { Position } from './entry.board.js';
import { EntryOrder, LeaderboardFilter } from './entry.input.js';
import * as service from './entry.service.js';
import { type BoardPage, Entry, EntryConnection, Interval, Summary, TieGroup } from './entry.type.js';
import { resolutionOf } from './resolution.service.js';

const LEVEL = 0.95;

function interval({ low, high, over }: Pick<Position, 'low' | 'high' | 'over'>): Interval | null {
  return low === null || high === null ? null : { low, high, over: over ?? 'SEEDS', level: LEVEL };
}

@Resolver(() => EntryConnection)
export class LeaderboardResolver {
  @FieldResolver(() => [TieGroup], {
    description: 'Groups of rows that cannot be told apart, restricted to the rows of this page.',
  })
  tieGroups(@Root() page: BoardPage, @Ctx() ctx: Context) {
    return service.tieGroupsOf(ctx, page);
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: "Smallest difference of the list's score that the board sees with 80 % power; null until it is known.",
  })
  async resolution(@Root() { board }: BoardPage, @Ctx() ctx: Context) {
    return (await resolutionOf(ctx, board)).value;
  }

  @FieldResolver(() => ResolutionSource, { nullable: true, description: 'Where `resolution` comes from.' })
  async resolutionSource(@Root() { board }: BoardPage, @Ctx() ctx: Context) {
    return (await resolutionOf(ctx, board)).source;
  }
}

@Resolver(() => Entry)
export class EntryResolver {
  @Query(() => EntryConnection, {
    description:
      'Rows of a board: by division (all of them where none is given), ranked rows first, ranks within each. Unranked rows follow with a reason, superseded ones last.',
  })
  leaderboard(
    @Ctx() ctx: Context,
    @Arg('benchmark', () => String, { description: '`key` (newest version) or `key@version`.' }) benchmark: string,
    @Arg('track', () => Track, { nullable: true, description: 'Refused where it is not the track of the benchmark.' })
    track: Track | null,
    @Arg('division', () => Division, { nullable: true, description: 'One division only.' }) division: Division | null,
    @Arg('claims', () => [Claim], {
      nullable: true,
      description:
        'Default: RERUN; on the predictions track SUBMITTED, or REPORTED where no other row stands. Each claim has ranks of its own.',
    })
    claims: Claim[] | null,
    @Arg('where', () => LeaderboardFilter, { nullable: true, description: 'Which rows.' })
    where: LeaderboardFilter | null,
    @Arg('orderBy', () => EntryOrder, { nullable: true, description: 'Default: the primary score, best first.' })
    orderBy: EntryOrder | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
  ) {
    return service.leaderboard(ctx, { benchmark, track, division, claims, where, orderBy, first, after });
  }

  @Query(() => Difference, {
    nullable: true,
    description:
      'a − b, paired by seed, and by test unit where per-example outcomes are known; null where they have no seed in common.',
  })
  difference(
    @Ctx() ctx: Context,
    @Arg('a', () => ID, { description: 'An entry.' }) a: string,
    @Arg('b', () => ID, { description: 'An entry of the same benchmark version.' }) b: string,
    @Arg('scoreKey', () => String, { nullable: true, description: 'Default: the primary score.' })
    scoreKey: string | null,
  ) {
    return difference(ctx, idOf('Entry', a, 'a'), idOf('Entry', b, 'b'), scoreKey ?? null);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Standard competition rank within its division; null with a reason.',
  })
  async rank(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.rank ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Best rank that the data allow: 1 + rows significantly better, all pairs of its division and claim judged at once at 5 %. Null for a row that is not ranked, and for one run without per-example outcomes.',
  })
  async rankLow(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await this.standing(entry, ctx))?.low ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Worst rank that the data allow: rows minus those significantly worse. Null like `rankLow`.',
  })
  async rankHigh(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await this.standing(entry, ctx))?.high ?? null;
  }

  @FieldResolver(() => [Int], { nullable: true, description: '`rankLow` and `rankHigh`.' })
  async rankInterval(@Root() entry: Entry, @Ctx() ctx: Context) {
    const standing = await this.standing(entry, ctx);
    return standing && standing.low !== null ? [standing.low, standing.high] : null;
  }

  @FieldResolver(() => [Int], {
    description: 'Numbers of the tie groups that it belongs to, ascending; empty where it has no rank interval.',
  })
  async tieGroups(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await this.standing(entry, ctx))?.groups ?? [];
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The first of `tieGroups`.',
    deprecationReason: 'Groups overlap: use `tieGroups`.',
  })
  async tieGroup(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await this.standing(entry, ctx))?.groups[0] ?? null;
  }

  @FieldResolver(() => IntervalOver, {
    nullable: true,
    description:
      'What its comparisons with other rows take into account. SEEDS beside rows of BOTH: its outcomes are not known, so it brings the variance of its seeds alone.',
  })
  async comparedOver(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await this.standing(entry, ctx))?.over ?? null;
  }

  private async standing(entry: Entry, ctx: Context) {
    // Nothing is known of the chance in a published number.
    if (entry.claim === 'REPORTED') return null;
    const benchmark = await service.benchmarkOf(ctx, entry);
    const board = await ctx.loaders.entry.inference.load({
      benchmark,
      scoreKey: entry.scoreKey ?? benchmark.protocolRecord.primary,
    });
    return board.standings.get(entry.row.id);
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Mean over the seeds that succeeded.' })
  async mean(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.mean ?? null;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Sample standard deviation over seeds; null for one seed.',
  })
  async deviation(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.deviation ?? null;
  }

  @FieldResolver(() => Int, { description: 'Seeds that succeeded.' })
  async n(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.n ?? 0;
  }

  @FieldResolver(() => Interval, {
    nullable: true,
    description: '95 % interval of the mean; null where nothing that was sampled is known twice.',
  })
  async interval(@Root() entry: Entry, @Ctx() ctx: Context) {
    const position = await service.positionOf(ctx, entry);
    return position && interval(position);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Independent test units behind the interval; null where only the scores of runs are known.',
  })
  async units(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.units ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why it has no rank; null for ranked rows.' })
  unrankedReason(@Root() entry: Entry, @Ctx() ctx: Context) {
    return service.unrankedReason(ctx, entry);
  }

  @FieldResolver(() => Entry, {
    nullable: true,
    description: 'The row of the newer version in which the same files were scored again.',
  })
  supersededBy(@Root() entry: Entry, @Ctx() ctx: Context) {
    return entry.row.supersededBy === null ? null : ctx.loaders.entry.byId.load(entry.row.supersededBy);
  }

  @FieldResolver(() => Boolean, { description: 'Worse than the untrained row.' })
  async belowUntrained(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.below_untrained ?? false;
  }

  @FieldResolver(() => Int, {
    description: 'Variants of the same method that were sent to this board and division, itself included.',
  })
  async attempts(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await service.positionOf(ctx, entry))?.attempts ?? 1;
  }

  @FieldResolver(() => Method, {
    nullable: true,
    description: "The component that differs from the protocol's default; null for the untrained row.",
  })
  method(@Root() entry: Entry) {
    const definition = entry.row.methodKey === null ? null : methodDefinition(entry.row.methodKey);
    return definition && new Method(definition);
  }

  @FieldResolver(() => [Summary], { description: 'Every score over seeds.' })
  async summaries(@Root() entry: Entry, @Ctx() ctx: Context): Promise<Summary[]> {
    const rows = await ctx.loaders.entry.summaries.load(entry.row.id);
    return rows.map(({ scoreKey, mean, deviation, n, units, low, high, over }) => ({
      scoreKey,
      mean,
      deviation,
      n,
      units,
      interval: interval({ low, high, over: over as IntervalOver | null }),
    }));
  }

  @FieldResolver(() => Difference, {
    name: 'difference',
    nullable: true,
    description: 'Paired difference to the baseline of the right division; null for the baseline itself.',
  })
  baselineDifference(@Root() entry: Entry, @Ctx() ctx: Context) {
    return differenceToBaseline(ctx, entry);
  }

  @FieldResolver(() => Benchmark, { description: 'Board it stands on.' })
  benchmark(@Root() entry: Entry, @Ctx() ctx: Context) {
    return service.benchmarkOf(ctx, entry);
  }

  @FieldResolver(() => [Run], { description: 'Runs of the generation that counts, by seed.' })
  runs(@Root() entry: Entry, @Ctx() ctx: Context) {
    return ctx.loaders.run.ofEntry.load(entry.row.id);
  }

  @FieldResolver(() => [Event], { description: 'What happened to it, newest first, 50 at most.' })
  async events(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await ctx.loaders.entry.events.load(entry.row.id)).map(toEvent);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Who sent it first; null for rows of the catalogue.' })
  async submitter(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await ctx.loaders.entry.submitter.load(entry.row.id))?.name ?? null;
  }

  @FieldResolver(() => Int, { description: 'Shipped runs that were run here too and gave equal bits.' })
  async rederived(@Root() entry: Entry, @Ctx() ctx: Context) {
    return (await ctx.loaders.entry.rederived.load(entry.row.id))?.n ?? 0;
  }
}
