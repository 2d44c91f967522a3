import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime, JsonObject } from '../../lib/scalars.js';

@ObjectType({ description: 'What answers here.' })
export class ServerInfo {
  @Field(() => String, { description: 'Release.' })
  version: string;

  @Field(() => String, { description: 'Version of the evaluation code; stands in every receipt.' })
  code: string;

  @Field(() => String, { description: 'PGlite or PostgreSQL, with its version.' })
  database: string;

  @Field(() => String, { description: 'State of the demonstration in words.' })
  demo: string;

  @Field(() => Int, { description: 'Methods in the catalogue.' })
  methods: number;

  @Field(() => Int, { description: 'Benchmarks in the catalogue, newest versions.' })
  benchmarks: number;

  @Field(() => DateTime, { description: 'When this process started.' })
  startedAt: Date;

  @Field(() => JsonObject, { description: 'What a request may ask for at most.' })
  limits: Record<string, number>;
}
