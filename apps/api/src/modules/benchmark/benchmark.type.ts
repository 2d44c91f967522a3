import type { schema } from '@touchstone/db';
import { hasOfficialLabels, type Protocol } from '@touchstone/eval/meta';
import { Field, Int, ObjectType } from 'type-graphql';
import { benchmarkDefinition, predictionDefinition, scoreOutput } from '../../lib/catalogue.js';
import { connectionOf } from '../../lib/connection.js';
import { Scale, Slot, Track } from '../../lib/enums.js';
import { JsonObject } from '../../lib/scalars.js';
import { MetricOutput } from '../metric/metric.type.js';
import { Node } from '../node/node.type.js';
import { PredictionFile } from './benchmark.files.js';

export type BenchmarkRow = typeof schema.benchmarks.$inferSelect;

@ObjectType({
  implements: Node,
  description: 'A versioned, frozen protocol. A change is a new version, never an edit.',
})
export class Benchmark extends Node {
  row: BenchmarkRow;

  get protocolRecord(): Protocol {
    return this.row.protocol as Protocol;
  }

  /** What the code says of this version; null where it no longer defines it. */
  get definition() {
    return benchmarkDefinition(this.row.key, this.row.version);
  }

  /** The same of a version of the predictions track. */
  get predictions() {
    return predictionDefinition(this.row.key, this.row.version);
  }

  /** Takes runs: the newest version, as the code defines it. */
  get isOpen(): boolean {
    return this.row.current && Boolean(this.definition ?? this.predictions);
  }

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => String, { description: 'Stable key; `key@version` names one version.' })
  get key(): string {
    return this.row.key;
  }

  @Field(() => Int, { description: 'Version of the protocol.' })
  get version(): number {
    return this.row.version;
  }

  @Field(() => String, { description: 'Hex SHA-256 of the protocol; stands in every run.' })
  get hash(): string {
    return this.row.hash;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.row.title;
  }

  @Field(() => String, { description: 'One sentence.' })
  get summary(): string {
    return (
      (this.definition ?? this.predictions)?.summary ??
      'An older protocol that the code no longer defines; its board stays readable.'
    );
  }

  @Field(() => String, {
    description: 'Markdown: purpose, protocol in words, what is claimed and found, known limits.',
  })
  get page(): string {
    return (this.definition ?? this.predictions)?.page ?? '';
  }

  @Field(() => Scale, { description: 'How large it is beside the published protocol.' })
  get scale(): Scale {
    return this.protocolRecord.scale;
  }

  @Field(() => String, { description: 'OFFICIAL, or VARIANT(reason) where the data differ from the published ones.' })
  get fidelity(): string {
    return this.protocolRecord.fidelity;
  }

  @Field(() => String, { description: 'classification or retrieval; predictions where files are scored.' })
  get task(): string {
    return this.protocolRecord.task;
  }

  @Field(() => Track, { description: 'What is scored.' })
  get track(): Track {
    return this.protocolRecord.track;
  }

  @Field(() => Boolean, {
    description: 'Takes published numbers with their source and nothing else: see reportResults.',
  })
  get reportedOnly(): boolean {
    return this.protocolRecord.reportedOnly === true;
  }

  @Field(() => Slot, { description: 'The slot whose methods it ranks; INFERENCE where files are scored.' })
  get slot(): Slot {
    return this.protocolRecord.slot;
  }

  @Field(() => Int, { description: 'Training length in steps.' })
  get steps(): number {
    return this.protocolRecord.steps;
  }

  @Field(() => [Int], { description: 'Seeds that a ranked row needs.' })
  get seeds(): readonly number[] {
    return this.protocolRecord.seeds;
  }

  @Field(() => String, { description: 'Backend that every run uses.' })
  get backend(): string {
    return this.protocolRecord.backend;
  }

  @Field(() => MetricOutput, { description: 'The score that ranks by default.' })
  get primary(): MetricOutput {
    return new MetricOutput(scoreOutput(this.protocolRecord, this.protocolRecord.primary), this.row.key);
  }

  @Field(() => [PredictionFile], { description: 'Kinds of files that it scores; empty where it trains.' })
  get files(): PredictionFile[] {
    return (this.predictions?.scoring?.predictions ?? []).map((note) => new PredictionFile(note));
  }

  @Field(() => [String], {
    description: 'Keys of the data that it reads; where files are scored, folders with labels under TOUCHSTONE_DATA.',
  })
  get dataKeys(): string[] {
    return this.protocolRecord.datasets.map(({ key }) => key);
  }

  @Field(() => Boolean, {
    description:
      'Rows are scored with the same labels; false where labels come with the predictions, so nothing is ranked.',
  })
  get officialLabels(): boolean {
    return hasOfficialLabels(this.protocolRecord);
  }

  @Field(() => String, {
    nullable: true,
    description: 'The outside tool that its scores are checked against, with its version.',
  })
  get oracle(): string | null {
    const oracle = this.predictions?.scoring?.oracle;
    return oracle ? `${oracle.tool} ${oracle.version}` : null;
  }

  @Field(() => JsonObject, { description: 'The whole protocol, as hashed.' })
  get protocol(): unknown {
    return this.row.protocol;
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Digest of the official labels behind the ranked rows; null before the first, and where labels are sent.',
  })
  get labelRevision(): string | null {
    return this.row.labelRevision;
  }

  @Field(() => JsonObject, {
    description: 'The common space that PLATFORM_TUNED draws from; empty where nothing is trained.',
  })
  get space(): unknown {
    return this.protocolRecord.space ?? {};
  }
}

export const BenchmarkConnection = connectionOf(Benchmark);
