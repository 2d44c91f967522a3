import {
  type DescribedPattern,
  describedPatterns,
  type MetricOutput as OutputRecord,
  type MetricPage,
  pageOfScore,
  protocolsOfPage,
  scoresOfPage,
} from '@touchstone/eval/meta';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { MetricRecord } from '../../lib/catalogue.js';
import { connectionOf } from '../../lib/connection.js';
import { Direction } from '../../lib/enums.js';
import { Node } from '../node/node.type.js';

@ObjectType({ description: 'One score that a metric gives.' })
export class MetricOutput {
  /** `board` is the benchmark that gives it, which decides what a key means that several use; '' for none. */
  constructor(
    private readonly record: OutputRecord,
    private readonly board: string,
  ) {}

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

  @Field(() => String, { nullable: true, description: 'Key of the metric whose page explains it.' })
  get metricKey(): string | null {
    return pageOfScore(this.record.key, this.board)?.key ?? null;
  }

  @Field(() => Float, { description: 'Ranks compare means rounded to this step.' })
  get precision(): number {
    return this.record.precision;
  }
}

const bounded = (value: number): number | null => (Math.abs(value) < 1000 ? value : null);

@ObjectType({ description: 'A shape of score keys, and what scores of that shape have in common.' })
export class MetricPattern {
  constructor(private readonly record: DescribedPattern) {}

  @Field(() => String, {
    description: 'E.g. `recall_at_{k}`: {k} is a number, {a,b} a choice, any other name in braces text.',
  })
  get pattern(): string {
    return this.record.pattern;
  }

  @Field(() => String, { description: 'A few words.' })
  get meaning(): string {
    return this.record.meaning;
  }

  @Field(() => Direction, { description: 'Which values are better.' })
  get direction(): Direction {
    return this.record.direction;
  }

  @Field(() => String, { description: 'Unit; fractions lie in [0, 1].' })
  get unit(): string {
    return this.record.unit;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'Smallest possible value on any benchmark; null where unbounded.',
  })
  get low(): number | null {
    return bounded(this.record.range[0]);
  }

  @Field(() => Float, { nullable: true, description: 'Largest possible value on any benchmark; null where unbounded.' })
  get high(): number | null {
    return bounded(this.record.range[1]);
  }

  @Field(() => [String], { description: 'The score keys of this shape that exist.' })
  get keys(): readonly string[] {
    return this.record.keys;
  }
}

@ObjectType({ description: 'Where it can be seen that figures are those of the outside tool.' })
export class MetricParity {
  @Field(() => String, { description: 'Test or fixture, from the root of the repository.' })
  path: string;

  @Field(() => String, { nullable: true, description: 'Folder of published data that the test reads.' })
  data: string | null;

  @Field(() => String, { description: 'What was compared, and how close it came.' })
  figure: string;
}

@ObjectType({ description: 'A paper, tool or standard.' })
export class MetricSource {
  @Field(() => String, { description: 'Author, year, title.' })
  title: string;

  @Field(() => String, { description: 'Address.' })
  url: string;
}

@ObjectType({ description: 'A result of a worked example.' })
export class MetricResult {
  @Field(() => String, { description: 'Score key.' })
  key: string;

  @Field(() => Float, { description: 'Value.' })
  value: number;
}

@ObjectType({ description: 'A case worked by hand; the tests compute it too.' })
export class MetricExample {
  @Field(() => String, { description: 'Markdown: what is given.' })
  given: string;

  @Field(() => String, { description: 'Markdown: the arithmetic.' })
  working: string;

  @Field(() => [MetricResult], { description: 'What comes out.' })
  results: MetricResult[];
}

@ObjectType({ implements: Node, description: 'How predictions are scored. A metric is never a loss.' })
export class Metric extends Node {
  constructor(readonly record: MetricRecord) {
    super();
  }

  private get page(): MetricPage | null {
    return this.record.page;
  }

  protected override get localKey(): string {
    return this.record.key;
  }

  @Field(() => String, { description: 'Stable key, in the form of its score keys, e.g. `recall_at_k`.' })
  get key(): string {
    return this.record.key;
  }

  @Field(() => Int, {
    nullable: true,
    description: "Rises when the training metric's numbers change; null where protocols carry the version.",
  })
  get version(): number | null {
    return this.record.definition?.version ?? null;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.page?.title ?? this.record.definition?.title ?? this.key;
  }

  @Field(() => String, { nullable: true, description: 'Branch of the field, by which lists group it.' })
  get field(): string | null {
    return this.page?.field ?? null;
  }

  @Field(() => String, { nullable: true, description: 'One sentence.' })
  get summary(): string | null {
    return this.page?.summary ?? null;
  }

  @Field(() => String, { description: 'Markdown: the definition in words.' })
  get description(): string {
    return this.page?.definition ?? this.record.definition?.description ?? '';
  }

  @Field(() => String, { nullable: true, description: 'TeX.' })
  get formula(): string | null {
    return this.page?.formula ?? null;
  }

  @Field(() => String, { description: 'What a bootstrap draws again, and whether the score is a mean over it.' })
  get resampling(): string {
    return this.page?.resampled ?? this.record.definition?.resampling ?? 'none';
  }

  @Field(() => String, { nullable: true, description: 'Markdown: how equal values are ordered.' })
  get ties(): string | null {
    return this.page?.ties ?? null;
  }

  @Field(() => [String], { description: 'Markdown: what is refused, clamped or absent, and when.' })
  get edgeCases(): readonly string[] {
    return this.page?.edges ?? [];
  }

  @Field(() => String, { nullable: true, description: 'The outside tool that it must equal, with its version.' })
  get oracle(): string | null {
    const oracle = this.page ? this.page.oracle : this.record.definition?.oracle;
    return oracle ? `${oracle.tool}, ${oracle.version}` : null;
  }

  @Field(() => [MetricParity], { description: 'Tests and fixtures that prove it.' })
  get parity(): MetricParity[] {
    return (this.page?.parity ?? []).map(({ path, data, figure }) => ({ path, data: data ?? null, figure }));
  }

  @Field(() => [String], { description: 'Markdown: where other implementations differ.' })
  get disagreements(): readonly string[] {
    return this.page?.disagreements ?? [];
  }

  @Field(() => [MetricSource], { description: 'Papers and tools.' })
  get sources(): readonly MetricSource[] {
    return this.page?.sources ?? [];
  }

  @Field(() => MetricExample, { nullable: true, description: 'A case worked by hand.' })
  get example(): MetricExample | null {
    if (!this.page) return null;
    const { given, working, results } = this.page.example;
    return { given, working, results: Object.entries(results).map(([key, value]) => ({ key, value })) };
  }

  @Field(() => [MetricPattern], { description: 'The shapes of its score keys, with direction, unit and range.' })
  get patterns(): MetricPattern[] {
    return this.page ? describedPatterns(this.page).map((pattern) => new MetricPattern(pattern)) : [];
  }

  @Field(() => [MetricOutput], { description: 'The scores it gives, over all benchmarks.' })
  get outputs(): MetricOutput[] {
    const outputs = this.page ? scoresOfPage(this.page) : (this.record.definition?.outputs ?? []);
    return outputs.map((output) => new MetricOutput(output, this.page?.boards?.[0]?.replace(/\*$/, '') ?? ''));
  }

  @Field(() => [String], { description: 'Keys of the predictions benchmarks that give it, those without a board too.' })
  get protocols(): readonly string[] {
    return this.page ? protocolsOfPage(this.page) : [];
  }
}

export const MetricConnection = connectionOf(Metric);
