import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { decodeId } from '../../lib/ids.js';
import { findNode, findNodes } from './node.service.js';
import { Node } from './node.type.js';

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Any object by its global id.' })
  node(@Ctx() ctx: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string) {
    return findNode(ctx, decodeId(id));
  }

  @Query(() => [Node], { nullable: 'items', description: 'Up to 100 objects, in the order of their ids.' })
  nodes(@Ctx() ctx: Context, @Arg('ids', () => [ID], { description: 'Up to 100.' }) ids: string[]) {
    if (ids.length > 100)
      throw new ApiError('BAD_INPUT', 'at most 100 ids', { field: 'ids', value: ids.length, allowed: 'at most 100' });
    return findNodes(ctx, ids);
  }
}
