import type { MetricDefinition, MetricOutput as OutputRecord } from '@touchstone/eval/meta';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { Direction } from '../../lib/enums.js';
import { Node } from '../node/node.type.js';

@ObjectType({ description: 'One score that a metric gives.' })
export class MetricOutput {
  constructor(private readonly record: OutputRecord) {}

  @Field(() => String, { description: 'Score key, e.g. `map_at_r`.' })
  get key(): string {
    return this.record.key;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.record.title;
  }

  @Field(() => Direction, { description: 'Which values are better.' })
  get direction(): Direction {
    return this.record.direction;
  }

  @Field(() => String, { description: 'Unit; fractions lie in [0, 1].' })
  get unit(): string {
    return this.record.unit;
  }

  @Field(() => Float, { nullable: true, description: 'Smallest possible value; null where unbounded.' })
  get low(): number | null {
    return Number.isFinite(this.record.range[0]) ? this.record.range[0] : null;
  }

  @Field(() => Float, { nullable: true, description: 'Largest possible value; null where unbounded.' })
  get high(): number | null {
    return Number.isFinite(this.record.range[1]) ? this.record.range[1] : null;
  }

  @Field(() => Float, { description: 'Ranks compare means rounded to this step.' })
  get precision(): number {
    return this.record.precision;
  }
}

@ObjectType({ implements: Node, description: 'How predictions are scored. A metric is never a loss.' })
export class Metric extends Node {
  constructor(readonly definition: MetricDefinition) {
    super();
  }

  protected override get localKey(): string {
    return this.definition.key;
  }

  @Field(() => String, { description: 'Stable key.' })
  get key(): string {
    return this.definition.key;
  }

  @Field(() => Int, { description: "Rises when the metric's numbers change." })
  get version(): number {
    return this.definition.version;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.definition.title;
  }

  @Field(() => String, { description: 'Markdown: what it computes, ties, empty input and NaN included.' })
  get description(): string {
    return this.definition.description;
  }

  @Field(() => String, { description: 'What a bootstrap resamples: image, query, sequence, bag, fold or none.' })
  get resampling(): string {
    return this.definition.resampling;
  }

  @Field(() => String, { nullable: true, description: 'The outside tool it is checked against, with its version.' })
  get oracle(): string | null {
    const { oracle } = this.definition;
    return oracle ? `${oracle.tool} ${oracle.version}` : null;
  }

  @Field(() => [MetricOutput], { description: 'The scores it gives.' })
  get outputs(): MetricOutput[] {
    return this.definition.outputs.map((output) => new MetricOutput(output));
  }
}

export const MetricConnection = connectionOf(Metric);
