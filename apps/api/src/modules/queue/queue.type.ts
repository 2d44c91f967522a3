import type { schema } from '@touchstone/db';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../lib/scalars.js';
import { Node } from '../node/node.type.js';
import { Run } from '../run/run.type.js';

export type WorkerRow = typeof schema.workers.$inferSelect;

@ObjectType({ implements: Node, description: 'A process that trains. It speaks HTTP with a token of its own.' })
export class Worker extends Node {
  row: WorkerRow;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => String, { description: 'Name for people.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'ONLINE, DRAINING or OFFLINE.' })
  get state(): string {
    return this.row.state;
  }

  @Field(() => DateTime, { description: 'When it last spoke.' })
  get lastSeenAt(): Date {
    return this.row.lastSeenAt;
  }

  @Field(() => [String], { description: 'Backends that it can start.' })
  get backends(): string[] {
    return this.row.backends;
  }

  @Field(() => [String], { description: 'Datasets that it has.' })
  get datasets(): string[] {
    return this.row.datasets;
  }

  @Field(() => Float, { description: 'Memory in bytes.' })
  get memoryBytes(): number {
    return this.row.memoryBytes;
  }

  @Field(() => Int, { description: 'Runs that it takes at once.' })
  get capacity(): number {
    return this.row.capacity;
  }

  @Field(() => String, { description: 'Version of its code.' })
  get codeVersion(): string {
    return this.row.codeVersion;
  }

  @Field(() => String, { nullable: true, description: 'Why it is given no runs.' })
  get refusal(): string | null {
    return this.row.refusal;
  }
}

@ObjectType({ description: 'What waits and who works.' })
export class Queue {
  @Field(() => Int, { description: 'Runs that wait.' })
  queued: number;

  @Field(() => Int, { description: 'Runs that are being worked on.' })
  running: number;

  @Field(() => [Worker], { description: 'Workers, last heard of first, 100 at most.' })
  workers: Worker[];

  @Field(() => [Run], { description: 'The runs that are claimed next, 20 at most.' })
  next: Run[];

  @Field(() => DateTime, { nullable: true, description: 'When a worker last took a run.' })
  lastClaimAt: Date | null;

  @Field(() => String, { description: 'The state in words.' })
  message: string;
}
