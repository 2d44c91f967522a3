import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'The labels that a board moves on to.' })
export class AcceptLabelsInput {
  @Field(() => ID, { description: 'A scored run; the labels behind it become those of its board.' })
  run: string;
}
