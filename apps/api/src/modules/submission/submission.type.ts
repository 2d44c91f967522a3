import type { schema } from '@touchstone/db';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { Division } from '../../lib/enums.js';
import { DateTime } from '../../lib/scalars.js';
import { UserError } from '../../lib/user-error.js';
import { Node } from '../node/node.type.js';

export type SubmissionRow = typeof schema.submissions.$inferSelect;

@ObjectType({
  implements: Node,
  description: 'What a person sent. The same variant sent twice points to the same runs.',
})
export class Submission extends Node {
  row: SubmissionRow;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => DateTime, { description: 'When it was sent.' })
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was withdrawn.' })
  get withdrawnAt(): Date | null {
    return this.row.withdrawnAt;
  }

  @Field(() => String, { nullable: true, description: 'What its submitter wrote beside it.' })
  get note(): string | null {
    return this.row.note;
  }
}

export const SubmissionConnection = connectionOf(Submission);

@ObjectType({ description: 'What a submission would cost. Nothing was stored.' })
export class Estimate {
  @Field(() => Boolean, { description: 'It would be accepted.' })
  valid: boolean;

  @Field(() => [UserError], { description: 'Why it would be refused.' })
  userErrors: UserError[];

  @Field(() => String, { nullable: true, description: 'Hex SHA-256 of the complete variant.' })
  variantHash: string | null;

  @Field(() => Division, { nullable: true, description: 'The division it would stand in.' })
  division: Division | null;

  @Field(() => Float, { nullable: true, description: 'Median of what such runs took so far; null without any.' })
  secondsPerRun: number | null;

  @Field(() => Int, { description: 'Runs that it points to.' })
  runs: number;

  @Field(() => Int, { description: 'Runs among them that do not exist yet.' })
  newRuns: number;

  @Field(() => Int, { description: 'Runs that are ahead of its first one.' })
  queuePosition: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why its runs would wait; null when they only wait for their turn.',
  })
  waitingReason: string | null;
}

@ObjectType({ description: 'Outcome of submitVariant.' })
export class SubmitVariantPayload {
  @Field(() => Submission, { nullable: true, description: 'What was stored, its runs queued.' })
  submission: Submission | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@ObjectType({ description: 'Outcome of submitVariants: all of them or none.' })
export class SubmitVariantsPayload {
  @Field(() => [Submission], { description: 'What was stored, in the order of the input.' })
  submissions: Submission[];

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@ObjectType({ description: 'Outcome of rerunSubmission.' })
export class RerunSubmissionPayload {
  @Field(() => Submission, {
    nullable: true,
    description: 'A new submission of the same variant whose runs are a new generation.',
  })
  submission: Submission | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}

@ObjectType({ description: 'Outcome of withdrawSubmission.' })
export class WithdrawSubmissionPayload {
  @Field(() => Submission, { nullable: true, description: 'The withdrawn submission.' })
  submission: Submission | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}
