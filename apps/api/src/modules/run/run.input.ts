import { Field, ID, InputType, Int } from 'type-graphql';
import { RunOrderField, RunState, SortDirection } from '../../lib/enums.js';

@InputType({ description: 'Which runs to list; all conditions hold together.' })
export class RunFilter {
  @Field(() => String, { nullable: true, description: '`key` (newest version) or `key@version`.' })
  benchmark?: string | null;

  @Field(() => [String], { nullable: true, description: 'Keys of methods.' })
  methods?: string[] | null;

  @Field(() => [RunState], { nullable: true, description: 'States.' })
  states?: RunState[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Only runs of own submissions.' })
  mine?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Seed.' })
  seed?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only runs of this submission.' })
  submission?: string | null;
}

@InputType({ description: 'Order of runs.' })
export class RunOrder {
  @Field(() => RunOrderField, { description: 'What to sort by.' })
  field: RunOrderField;

  @Field(() => SortDirection, { description: 'Which end first.' })
  direction: SortDirection;
}

@InputType({ description: 'Run to cancel.' })
export class CancelRunInput {
  @Field(() => ID, { description: 'Its id.' })
  id: string;
}
