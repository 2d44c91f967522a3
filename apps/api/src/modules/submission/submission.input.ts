import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { Division, Slot } from '../../lib/enums.js';
import { JsonObject } from '../../lib/scalars.js';

type Json = Record<string, unknown>;

@InputType({ description: 'A method for a slot besides the ranked one.' })
export class SlotInput {
  @Field(() => Slot, { description: 'The slot; each at most once.' })
  slot: Slot;

  @Field(() => String, { description: 'Key of the method.' })
  method: string;

  @Field(() => JsonObject, { nullable: true, description: 'Parameters; what is not named takes its default.' })
  params?: Json | null;
}

@InputType({ description: 'A variant of a grid or list.' })
export class VariantEntryInput {
  @Field(() => String, { nullable: true, description: 'Key of the method of the ranked slot.' })
  method?: string | null;

  @Field(() => JsonObject, { nullable: true, description: 'Parameters; what is not named takes its default.' })
  params?: Json | null;

  @Field(() => [SlotInput], {
    nullable: true,
    description: 'Further slots; those not named take the protocol’s default.',
  })
  slots?: SlotInput[] | null;

  @Field(() => Float, { nullable: true, description: 'Only in OPEN.' })
  learningRate?: number | null;

  @Field(() => Float, { nullable: true, description: 'Only in OPEN.' })
  weightDecay?: number | null;
}

@InputType({ description: 'One variant.' })
export class SubmitVariantInput extends VariantEntryInput {
  @Field(() => String, { description: '`key` (newest version) or `key@version`.' })
  benchmark: string;

  @Field(() => Division, {
    nullable: true,
    description: 'Default: PUBLISHED_DEFAULTS where everything is default, else OPEN.',
  })
  division?: Division | null;

  @Field(() => [Int], { nullable: true, description: "Default: the benchmark's own, which a ranked row needs." })
  seeds?: number[] | null;

  @Field(() => String, { nullable: true, description: 'For people; at most 2,000 characters.' })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Sent again with the same input it gives the first outcome; at most 200 characters.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Up to 200 variants of one benchmark: a list, or a grid of parameter values of one method.' })
export class SubmitVariantsInput {
  @Field(() => String, { description: '`key` (newest version) or `key@version`.' })
  benchmark: string;

  @Field(() => String, { nullable: true, description: 'Method of the grid, and of list items that name none.' })
  method?: string | null;

  @Field(() => [VariantEntryInput], { nullable: true, description: 'A list; give this or `grid`.' })
  variants?: VariantEntryInput[] | null;

  @Field(() => JsonObject, {
    nullable: true,
    description: 'Lists of values by parameter, e.g. {"alpha": [1, 2], "beta": [40, 50]}: every combination.',
  })
  grid?: Json | null;

  @Field(() => Division, { nullable: true, description: 'Of all of them.' })
  division?: Division | null;

  @Field(() => String, { nullable: true, description: 'One for the whole; at most 200 characters.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Submission to run anew.' })
export class RerunSubmissionInput {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Sent again it gives the first outcome.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Submission to withdraw.' })
export class WithdrawSubmissionInput {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Shown with the event.' })
  reason?: string | null;
}
