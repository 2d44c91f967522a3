import { Field, InputType } from 'type-graphql';
import { SortDirection } from '../../lib/enums.js';

@InputType({ description: 'Which rows of a leaderboard to list. Ranks are those of the whole board.' })
export class LeaderboardFilter {
  @Field(() => [String], { nullable: true, description: 'Keys of methods.' })
  methods?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only ranked rows; false: only unranked ones.' })
  ranked?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only rows of own submissions.' })
  mine?: boolean | null;
}

@InputType({ description: 'Score that the rows are ranked and sorted by.' })
export class EntryOrder {
  @Field(() => String, { description: 'Score key of the benchmark.' })
  key: string;

  @Field(() => SortDirection, {
    nullable: true,
    description: 'Default: best first. Unranked rows stay last either way.',
  })
  direction?: SortDirection | null;
}
