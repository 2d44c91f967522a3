import type { schema } from '@touchstone/db';
import { Field, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { DateTime } from '../../lib/scalars.js';
import { Node } from '../node/node.type.js';

export type EventRow = typeof schema.events.$inferSelect;

@ObjectType({ implements: Node, description: 'An append-only fact: scored, failed, withdrawn, why and by whom.' })
export class Event extends Node {
  row: EventRow;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => DateTime, { description: 'When.' })
  get at(): Date {
    return this.row.at;
  }

  @Field(() => String, { description: 'SUBMITTED, SCORED, RUN_FAILED, WITHDRAWN and the like.' })
  get kind(): string {
    return this.row.kind;
  }

  @Field(() => String, { description: 'In words.' })
  get message(): string {
    return this.row.message;
  }
}

export const EventConnection = connectionOf(Event);
