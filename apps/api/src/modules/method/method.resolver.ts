import { acceptedMethods } from '@touchstone/eval/meta';
import { listMethods, methodPage } from '@touchstone/losses/meta';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { methodDefinition } from '../../lib/catalogue.js';
import { arrayPage } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { pageSize } from '../../lib/cursor.js';
import { Slot } from '../../lib/enums.js';
import { currentBenchmarks } from '../benchmark/benchmark.service.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { Entry } from '../entry/entry.type.js';
import { Paper } from '../paper/paper.type.js';
import { Method, MethodConnection } from './method.type.js';

@Resolver(() => Method)
export class MethodResolver {
  @Query(() => MethodConnection, { description: 'Methods, by key.' })
  methods(
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
    @Arg('slot', () => Slot, { nullable: true, description: 'Only methods of this slot.' }) slot: Slot | null,
  ) {
    const listed = listMethods().filter((definition) => !slot || definition.slot === slot);
    return arrayPage(
      'methods',
      { slot: slot ?? null },
      listed.map((definition) => new Method(definition)),
      (method) => method.key,
      { first, after },
    );
  }

  @Query(() => Method, { nullable: true, description: 'By key.' })
  method(@Arg('key', () => String, { description: 'Stable key.' }) key: string) {
    const definition = methodDefinition(key);
    return definition && new Method(definition);
  }

  @FieldResolver(() => String, { description: 'Markdown.' })
  page(@Root() method: Method) {
    return methodPage(method.key);
  }

  @FieldResolver(() => Paper, { nullable: true, description: 'Where it was published.' })
  paper(@Root() method: Method) {
    return method.definition.paper ? new Paper(method.definition.paper) : null;
  }

  @FieldResolver(() => [Benchmark], { description: 'Newest versions of the benchmarks that accept it.' })
  async benchmarks(@Root() method: Method, @Ctx() ctx: Context) {
    return (await currentBenchmarks(ctx)).filter(
      ({ definition }) =>
        definition && acceptedMethods(definition, method.slot).some((m) => m.accepted && m.method.key === method.key),
    );
  }

  @FieldResolver(() => [Entry], { description: 'Rows of it on any board, most recently changed first.' })
  async entries(
    @Root() method: Method,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: '1 to 100.' }) first: number | null,
  ) {
    return (await ctx.loaders.entry.ofMethod.load(method.key)).slice(0, pageSize(first, 20));
  }
}
