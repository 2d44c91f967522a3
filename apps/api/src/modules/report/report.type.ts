import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../../lib/user-error.js';
import { Submission } from '../submission/submission.type.js';

@ObjectType({ description: 'Outcome of reportResults.' })
export class ReportResultsPayload {
  @Field(() => Submission, { nullable: true, description: 'What was stored; its entry is the row.' })
  submission: Submission | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}
