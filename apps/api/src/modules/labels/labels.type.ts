import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../lib/user-error.js';
import { Benchmark } from '../benchmark/benchmark.type.js';

@ObjectType({ description: 'Outcome of acceptLabels.' })
export class AcceptLabelsPayload {
  @Field(() => Benchmark, { nullable: true, description: 'The board, on its labels.' })
  benchmark: Benchmark | null;

  @Field(() => Int, { description: 'Runs that were queued to score kept files again.' })
  queued: number;

  @Field(() => [UserError], { description: 'Why it was refused; empty on success.' })
  userErrors: UserError[];
}
