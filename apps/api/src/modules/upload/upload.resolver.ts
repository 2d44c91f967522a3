import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { payload } from '../../lib/user-error.js';
import { submitPredictions } from './predictions.service.js';
import { CreateUploadInput, SubmitPredictionsInput } from './upload.input.js';
import { createUpload } from './upload.service.js';
import { CreateUploadPayload, SubmitPredictionsPayload } from './upload.type.js';

@Resolver()
export class UploadResolver {
  @Mutation(() => CreateUploadPayload, {
    description: 'A signed address to which one file of predictions may be sent.',
  })
  createUpload(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateUploadInput, { description: 'The file.' }) input: CreateUploadInput,
  ) {
    return payload(async () => ({ upload: await createUpload(ctx, input) }), { upload: null });
  }

  @Mutation(() => SubmitPredictionsPayload, {
    description: 'Has uploaded predictions scored by the official protocol; the row stands on the board as SUBMITTED.',
  })
  submitPredictions(
    @Ctx() ctx: Context,
    @Arg('input', () => SubmitPredictionsInput, { description: 'The files.' }) input: SubmitPredictionsInput,
  ) {
    return payload(async () => ({ submission: await submitPredictions(ctx, input) }), { submission: null });
  }
}
