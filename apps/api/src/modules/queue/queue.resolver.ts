import { Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { queueState } from './queue.service.js';
import { Queue, Worker } from './queue.type.js';

@Resolver(() => Worker)
export class QueueResolver {
  @Query(() => Queue, { description: 'What waits and who works.' })
  queue(@Ctx() ctx: Context) {
    return queueState(ctx);
  }

  @FieldResolver(() => Int, { description: 'Runs that it is working on.' })
  async running(@Root() worker: Worker, @Ctx() ctx: Context) {
    return (await ctx.loaders.run.ofWorker.load(worker.row.id))?.n ?? 0;
  }
}
