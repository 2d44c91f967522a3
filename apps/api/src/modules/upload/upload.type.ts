import { Field, Float, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../lib/scalars.js';
import { UserError } from '../../lib/user-error.js';
import { Submission } from '../submission/submission.type.js';

@ObjectType({ description: 'Where a file may be sent, once.' })
export class Upload {
  @Field(() => ID, { description: 'Names the file in submitPredictions.' })
  id: string;

  @Field(() => String, {
    description: 'Send the content here by HTTP PUT. Signed: whoever has the address may send this one file, once.',
  })
  url: string;

  @Field(() => DateTime, { description: 'From then on the address is refused.' })
  expiresAt: Date;

  @Field(() => Float, { description: 'Length that is expected, bytes.' })
  bytes: number;
}

@ObjectType({ description: 'Outcome of createUpload.' })
export class CreateUploadPayload {
  @Field(() => Upload, { nullable: true, description: 'Where to send the file.' })
  upload: Upload | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@ObjectType({ description: 'Outcome of submitPredictions.' })
export class SubmitPredictionsPayload {
  @Field(() => Submission, { nullable: true, description: 'What was stored; a worker scores it.' })
  submission: Submission | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}
