import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { payload } from '../../lib/user-error.js';
import * as service from './account.service.js';
import {
  ApiToken,
  CreateTokenInput,
  CreateTokenPayload,
  RevokeTokenInput,
  RevokeTokenPayload,
  Viewer,
} from './account.type.js';

@Resolver(() => Viewer)
export class AccountResolver {
  @Query(() => Viewer, { nullable: true, description: 'Who is asking; null without a token.' })
  viewer(@Ctx() ctx: Context) {
    return ctx.actor && service.toViewer(ctx.actor);
  }

  @Mutation(() => CreateTokenPayload, { description: 'Makes a token for oneself; needs the scope admin.' })
  createToken(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateTokenInput, { description: 'What it may do.' }) input: CreateTokenInput,
  ) {
    return payload(() => service.createToken(ctx, input), { token: null, secret: null });
  }

  @Mutation(() => RevokeTokenPayload, { description: 'Ends a token at once; needs the scope admin.' })
  revokeToken(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeTokenInput, { description: 'Which.' }) input: RevokeTokenInput,
  ) {
    return payload(async () => ({ token: await service.revokeToken(ctx, input.id) }), { token: null });
  }

  @FieldResolver(() => [ApiToken], { description: 'Own tokens, newest first; revoked ones included.' })
  tokens(@Root() viewer: Viewer, @Ctx() ctx: Context) {
    return service.tokensOf(ctx, viewer);
  }
}
