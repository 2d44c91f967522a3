import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { Entry } from '../entry/entry.type.js';
import { Run } from '../run/run.type.js';
import * as service from './event.service.js';
import { Event, EventConnection } from './event.type.js';

@Resolver(() => Event)
export class EventResolver {
  @Query(() => EventConnection, { description: 'What happened, newest first.' })
  events(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
    @Arg('benchmark', () => String, { nullable: true, description: '`key` or `key@version`.' })
    benchmark: string | null,
  ) {
    return service.listEvents(ctx, { first, after, benchmark });
  }

  @FieldResolver(() => String, { nullable: true, description: 'Who did it; null for the platform.' })
  async actor(@Root() event: Event, @Ctx() ctx: Context) {
    return event.row.actorId ? ((await ctx.loaders.submission.userName.load(event.row.actorId))?.name ?? null) : null;
  }

  @FieldResolver(() => Entry, { nullable: true, description: 'The row that it is about.' })
  entry(@Root() event: Event, @Ctx() ctx: Context) {
    return event.row.entryId ? ctx.loaders.entry.byId.load(event.row.entryId) : null;
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that it is about.' })
  run(@Root() event: Event, @Ctx() ctx: Context) {
    return event.row.runId ? ctx.loaders.run.byId.load(event.row.runId) : null;
  }
}
