import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Something of the catalogue that a query found.' })
export class SearchHit {
  @Field(() => String, { description: 'method, benchmark, dataset, metric or paper.' })
  kind: string;

  @Field(() => String, { description: 'Its key.' })
  key: string;

  @Field(() => String, { description: 'Its name.' })
  title: string;

  @Field(() => String, { description: 'What it is.' })
  summary: string;

  @Field(() => String, { description: 'Its page, a path of the site.' })
  href: string;
}
