import { Field, Float, ID, InputType } from 'type-graphql';

@InputType({ description: 'A file that is going to be sent.' })
export class CreateUploadInput {
  @Field(() => String, { description: 'The predictions benchmark that it is for: `key` or `key@version`.' })
  benchmark: string;

  @Field(() => String, { description: 'Its name without folders; its ending says its format. At most 200 characters.' })
  fileName: string;

  @Field(() => Float, { description: 'Its length in bytes.' })
  bytes: number;

  @Field(() => String, { description: 'Hex SHA-256 of its content.' })
  sha256: string;
}

@InputType({ description: 'Predictions of one system: files that were uploaded for this benchmark.' })
export class SubmitPredictionsInput {
  @Field(() => String, { description: '`key` (newest version) or `key@version`.' })
  benchmark: string;

  @Field(() => String, { description: 'What made them, as the board shows it; at most 100 characters.' })
  name: string;

  @Field(() => [ID], {
    description: 'Ids of own uploads whose files have arrived, in the order in which they are scored.',
  })
  uploads: string[];

  @Field(() => String, { nullable: true, description: 'For people; at most 2,000 characters.' })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Sent again with the same input it gives the first outcome; at most 200 characters.',
  })
  idempotencyKey?: string | null;
}
