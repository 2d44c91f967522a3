import { Field, Float, InputType, Int } from 'type-graphql';

@InputType({ description: 'One published number.' })
export class ReportedScoreInput {
  @Field(() => String, { description: 'Score key of the benchmark.' })
  key: string;

  @Field(() => Float, { description: 'As published, in the unit of the key and within its range.' })
  value: number;
}

@InputType({ description: 'Where the numbers were published.' })
export class ReportedSourceInput {
  @Field(() => String, { description: 'Title of the publication, at most 300 characters.' })
  title: string;

  @Field(() => String, { description: 'Its address: http or https, at most 500 characters.' })
  url: string;

  @Field(() => Int, { nullable: true, description: 'Year of the publication, from 1900 on.' })
  year?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What else the source says: table, architecture, a deviation. At most 2,000 characters.',
  })
  note?: string | null;
}

@InputType({ description: 'Numbers of one system that somebody has published.' })
export class ReportResultsInput {
  @Field(() => String, {
    description: 'A benchmark of the predictions track: `key` (newest version) or `key@version`.',
  })
  benchmark: string;

  @Field(() => String, { description: 'What was measured, as the board shows it; at most 100 characters.' })
  name: string;

  @Field(() => [ReportedScoreInput], { description: '1 to 100, each key once.' })
  scores: ReportedScoreInput[];

  @Field(() => ReportedSourceInput, { description: 'Where they were published.' })
  source: ReportedSourceInput;

  @Field(() => String, {
    nullable: true,
    description: 'Sent again with the same input it gives the first outcome; at most 200 characters.',
  })
  idempotencyKey?: string | null;
}
