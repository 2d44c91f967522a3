import type { MethodDefinition } from '@touchstone/losses/meta';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { Slot } from '../../lib/enums.js';
import { JsonObject, JsonScalar } from '../../lib/scalars.js';
import { Node } from '../node/node.type.js';
import { parametersOf, parameterSchemaOf } from './method.service.js';

@ObjectType({ description: 'A free parameter of a method.' })
export class Parameter {
  @Field(() => String, { description: 'Name as written in `params`.' })
  name: string;

  @Field(() => String, { description: 'Name for people.' })
  title: string;

  @Field(() => String, { description: 'number, integer, boolean, string or enum.' })
  type: string;

  @Field(() => JsonScalar, { description: 'The published default.' })
  default: unknown;

  @Field(() => Float, { nullable: true, description: 'Smallest value, itself allowed.' })
  minimum: number | null;

  @Field(() => Float, { nullable: true, description: 'Largest value, itself allowed.' })
  maximum: number | null;

  @Field(() => Float, { nullable: true, description: 'Lower bound, itself not allowed.' })
  exclusiveMinimum: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper bound, itself not allowed.' })
  exclusiveMaximum: number | null;

  @Field(() => [JsonScalar], { nullable: true, description: 'The allowed values, where they are few.' })
  options: unknown[] | null;

  @Field(() => String, { nullable: true, description: 'Unit.' })
  unit: string | null;

  @Field(() => String, { nullable: true, description: 'Where the default is printed.' })
  source: string | null;
}

@ObjectType({ description: 'A number that a paper prints. A claim, never a run.' })
export class ReportedFigure {
  @Field(() => String, { description: 'Data it is about, as the paper names it.' })
  dataset: string;

  @Field(() => String, { description: 'Measure, as the paper names it.' })
  metric: string;

  @Field(() => Float, { description: 'The number as printed.' })
  value: number;

  @Field(() => String, { nullable: true, description: 'Unit as printed.' })
  unit?: string | null;

  @Field(() => String, { nullable: true, description: 'Backbone, embedding size and the like.' })
  setting?: string | null;

  @Field(() => String, { description: 'Table, page or abstract.' })
  where: string;

  @Field(() => Boolean, { description: 'False where its source is not sure.' })
  verified: boolean;
}

@ObjectType({ description: 'An array that a method reads.' })
export class MethodInput {
  @Field(() => String, { description: 'Name.' })
  name: string;

  @Field(() => [String], { description: 'Symbolic shape, e.g. ["B", "C"].' })
  shape: readonly string[];

  @Field(() => String, { description: 'float32 or int32.' })
  dtype: string;

  @Field(() => String, { description: 'Values it may hold.' })
  domain: string;
}

@ObjectType({ implements: Node, description: 'A published technique with typed parameters.' })
export class Method extends Node {
  constructor(readonly definition: MethodDefinition) {
    super();
  }

  protected override get localKey(): string {
    return this.definition.key;
  }

  @Field(() => String, { description: 'Stable key.' })
  get key(): string {
    return this.definition.key;
  }

  @Field(() => Int, { description: "Rises when the method's numbers change." })
  get version(): number {
    return this.definition.version;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.definition.title;
  }

  @Field(() => String, { description: 'One sentence: what it computes and when to prefer it.' })
  get summary(): string {
    return this.definition.summary;
  }

  @Field(() => String, { description: 'Family, e.g. metric-learning.' })
  get family(): string {
    return this.definition.family;
  }

  @Field(() => Slot, { description: 'Where it plugs in.' })
  get slot(): Slot {
    return this.definition.slot;
  }

  @Field(() => String, { description: 'TeX of the objective.' })
  get formula(): string {
    return this.definition.formula;
  }

  @Field(() => [Parameter], { description: 'Free parameters.' })
  get parameters(): Parameter[] {
    return parametersOf(this.definition);
  }

  @Field(() => JsonObject, { description: 'JSON Schema of `params`.' })
  get parameterSchema(): Record<string, unknown> {
    return parameterSchemaOf(this.definition);
  }

  @Field(() => [MethodInput], { description: 'Arrays that it reads.' })
  get inputs(): readonly MethodInput[] {
    return this.definition.inputs;
  }

  @Field(() => [String], { description: 'Named functions that `touchstone verify` calls.' })
  get functions(): readonly string[] {
    return this.definition.functions;
  }

  @Field(() => [ReportedFigure], { description: 'What its paper prints.' })
  get reported(): readonly ReportedFigure[] {
    return this.definition.reported;
  }

  @Field(() => [String], { description: 'Where paper and released code differ, and which is the default.' })
  get notes(): readonly string[] {
    return this.definition.notes;
  }
}

export const MethodConnection = connectionOf(Method);
