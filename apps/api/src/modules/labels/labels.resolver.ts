import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { payload } from '../../lib/user-error.js';
import { AcceptLabelsInput } from './labels.input.js';
import { acceptLabels } from './labels.service.js';
import { AcceptLabelsPayload } from './labels.type.js';

@Resolver()
export class LabelsResolver {
  @Mutation(() => AcceptLabelsPayload, {
    description:
      'Owners: the labels behind a run become those of its board. Rows of other labels are marked, and their kept files scored again.',
  })
  acceptLabels(
    @Ctx() ctx: Context,
    @Arg('input', () => AcceptLabelsInput, { description: 'The labels.' }) input: AcceptLabelsInput,
  ) {
    return payload(() => acceptLabels(ctx, input), { benchmark: null, queued: 0 });
  }
}
