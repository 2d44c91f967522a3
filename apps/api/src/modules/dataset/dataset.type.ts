import type { DatasetDefinition } from '@touchstone/eval/meta';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { Node } from '../node/node.type.js';

@ObjectType({ description: 'One file of a dataset.' })
export class DatasetSource {
  @Field(() => String, { description: "File name inside the dataset's folder." })
  file: string;

  @Field(() => String, { nullable: true, description: 'Where it is downloaded from.' })
  url: string | null;

  @Field(() => Float, { nullable: true, description: 'Size in bytes, decompressed.' })
  bytes: number | null;

  @Field(() => String, { description: 'Hex SHA-256 of the decompressed content.' })
  sha256: string;
}

@ObjectType({ implements: Node, description: 'A pinned revision of data: sources, checksums, licence, splits.' })
export class Dataset extends Node {
  constructor(readonly definition: DatasetDefinition) {
    super();
  }

  protected override get localKey(): string {
    return this.definition.key;
  }

  @Field(() => String, { description: 'Stable key.' })
  get key(): string {
    return this.definition.key;
  }

  @Field(() => String, { description: 'Revision of the data.' })
  get revision(): string {
    return this.definition.revision;
  }

  @Field(() => String, { description: 'Name for people.' })
  get title(): string {
    return this.definition.title;
  }

  @Field(() => String, { description: 'What it holds.' })
  get summary(): string {
    return this.definition.summary;
  }

  @Field(() => String, { description: 'Name of the licence.' })
  get licence(): string {
    return this.definition.licence.name;
  }

  @Field(() => String, { nullable: true, description: 'Text of the licence.' })
  get licenceUrl(): string | null {
    return this.definition.licence.url ?? null;
  }

  @Field(() => Boolean, { description: 'False: examples are never shown or handed on.' })
  get redistributable(): boolean {
    return this.definition.licence.redistributable;
  }

  @Field(() => String, { description: 'How to cite it.' })
  get citation(): string {
    return this.definition.citation;
  }

  @Field(() => Int, { description: 'Examples.' })
  get items(): number {
    return this.definition.items;
  }

  @Field(() => Int, { description: 'Classes.' })
  get classes(): number {
    return this.definition.classes;
  }

  @Field(() => String, { description: 'How a person gets it.' })
  get howToGet(): string {
    return this.definition.howToGet;
  }

  @Field(() => [DatasetSource], { description: 'Files with checksums.' })
  get sources(): DatasetSource[] {
    return this.definition.sources.map(({ file, url, bytes, sha256 }) => ({
      file,
      url: url ?? null,
      bytes: bytes ?? null,
      sha256,
    }));
  }
}

export const DatasetConnection = connectionOf(Dataset);
