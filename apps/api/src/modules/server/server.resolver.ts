import { CODE_VERSION, listBenchmarks, listPredictionBenchmarks } from '@touchstone/eval/meta';
import { listMethods } from '@touchstone/losses/meta';
import { Arg, Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { LIMITS } from '../../lib/limits.js';
import { createLoaders } from '../../lib/loaders.js';
import { startingWith } from '../../lib/subscribe.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { VERSION } from './version.js';
import { ServerInfo } from './server.type.js';

@Resolver()
export class ServerResolver {
  @Query(() => ServerInfo, { description: 'What answers here.' })
  serverInfo(@Ctx() { platform }: Context): ServerInfo {
    return {
      version: VERSION,
      code: CODE_VERSION,
      database: platform.databaseName,
      demo: platform.demoState(),
      methods: listMethods().length,
      benchmarks: new Set([...listBenchmarks(), ...listPredictionBenchmarks()].map(({ protocol }) => protocol.key))
        .size,
      startedAt: platform.startedAt,
      limits: { ...LIMITS },
    };
  }

  @Subscription(() => Benchmark, {
    description: 'The benchmark now and whenever its board changes.',
    subscribe: async ({ args, context }) => {
      const ctx = context as Context;
      const { key } = await requireBenchmark(ctx, args.benchmark as string);
      return startingWith(key, ctx.platform.bus.subscribe('board', key));
    },
  })
  async leaderboardChanged(
    @Root() _key: string,
    @Ctx() ctx: Context,
    @Arg('benchmark', () => String, { description: '`key` or `key@version`.' }) benchmark: string,
  ) {
    ctx.loaders = createLoaders(ctx.platform);
    return requireBenchmark(ctx, benchmark);
  }
}
