import type { schema } from '@touchstone/db';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ReportedSource } from '../../jobs/entries.js';
import { connectionOf, type Page } from '../../lib/connection.js';
import { Claim, Division, IntervalOver, ReferenceKind } from '../../lib/enums.js';
import { DateTime, JsonObject } from '../../lib/scalars.js';
import { Node } from '../node/node.type.js';
import { Cost } from '../run/run.type.js';
import type { Board, Position } from './entry.board.js';

export type EntryRow = typeof schema.entries.$inferSelect;

@ObjectType({ description: 'A confidence interval and what it covers.' })
export class Interval {
  @Field(() => Float, { description: 'Lower end.' })
  low: number;

  @Field(() => Float, { description: 'Upper end.' })
  high: number;

  @Field(() => IntervalOver, { description: 'Which chance it covers.' })
  over: IntervalOver;

  @Field(() => Float, { description: 'Confidence, e.g. 0.95.' })
  level: number;
}

@ObjectType({ description: 'One score over the seeds that succeeded.' })
export class Summary {
  @Field(() => String, { description: 'Score key.' })
  scoreKey: string;

  @Field(() => Float, { description: 'Mean over seeds.' })
  mean: number;

  @Field(() => Float, { nullable: true, description: 'Sample standard deviation over seeds; null for one seed.' })
  deviation: number | null;

  @Field(() => Int, { description: 'Seeds.' })
  n: number;

  @Field(() => Interval, {
    nullable: true,
    description: 'Of the mean; null where nothing that was sampled is known twice.',
  })
  interval: Interval | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Independent test units behind the interval; null where only the scores of runs are known.',
  })
  units: number | null;
}

@ObjectType({ description: 'Where a reported number was published.' })
export class Source {
  @Field(() => String, { description: 'Title of the publication.' })
  title: string;

  @Field(() => String, { description: 'Its address, http or https.' })
  url: string;

  @Field(() => Int, { nullable: true, description: 'Year of the publication.' })
  year: number | null;

  @Field(() => String, { nullable: true, description: 'What else the source says, e.g. a deviation.' })
  note: string | null;
}

@ObjectType({
  implements: Node,
  description:
    "A leaderboard row. mean, deviation and interval are of the list's score (default: the primary) and null while no seed has finished.",
})
export class Entry extends Node {
  row: EntryRow;
  /** Score that the row is read by; null: the board's primary. */
  scoreKey: string | null;
  /** Division under which a board lists it; differs from its own for the untrained row only. */
  shown: Division | null;
  /** Present where the list that made it has computed it. */
  position: Position | null;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => ReferenceKind, { nullable: true, description: 'Set for rows that are there for orientation.' })
  get reference(): ReferenceKind | null {
    return this.row.reference as ReferenceKind | null;
  }

  @Field(() => Division, { description: 'How its free parameters came to be.' })
  get division(): Division {
    return this.shown ?? (this.row.division as Division);
  }

  @Field(() => Claim, { description: 'How its number came to be.' })
  get claim(): Claim {
    return this.row.claim as Claim;
  }

  @Field(() => Source, { nullable: true, description: 'Where its numbers were published; only of claim REPORTED.' })
  get source(): Source | null {
    const source = this.row.source as ReportedSource | null;
    return source && { ...source, year: source.year ?? null, note: source.note ?? null };
  }

  @Field(() => JsonObject, { description: 'Parameters of its method, complete.' })
  get params(): unknown {
    return this.row.params;
  }

  @Field(() => String, { description: 'Short name for people.' })
  get label(): string {
    return this.row.label;
  }

  @Field(() => JsonObject, { description: 'The whole variant, defaults filled in.' })
  get variant(): unknown {
    return this.row.variant;
  }

  @Field(() => String, { description: 'Hex SHA-256 of the variant.' })
  get variantHash(): string {
    return this.row.variantHash;
  }

  @Field(() => Boolean, { description: 'The tuned point lies on the border of the common space.' })
  get edge(): boolean {
    return this.row.edge;
  }

  @Field(() => Boolean, { description: 'The loss was still falling by more than 1 % an epoch at the end.' })
  get notConverged(): boolean {
    return this.row.notConverged;
  }

  @Field(() => Boolean, { description: 'Its numbers came with the platform as receipts.' })
  get shipped(): boolean {
    return this.row.shipped;
  }

  @Field(() => Cost, { description: 'Mean cost of its runs.' })
  get cost(): Cost {
    const { wallMs, cpuMs, peakBytes, flops } = this.row;
    return { wallMs, cpuMs, peakBytes, flops };
  }

  @Field(() => String, {
    nullable: true,
    description: 'Why its numbers no longer stand, though they are kept; null while they do.',
  })
  get supersededReason(): string | null {
    return this.row.supersededReason;
  }

  @Field(() => DateTime, { description: 'When its numbers last changed.' })
  get updatedAt(): Date {
    return this.row.updatedAt;
  }
}

export const EntryConnection = connectionOf(Entry);

/** A page of a board that knows which board it is of. */
export interface BoardPage extends Page<Entry> {
  readonly board: Board;
}

@ObjectType({
  description:
    'Rows that are mutually not separable at 5 % for the whole board at once. Groups overlap; two rows of one division and claim are separable when no group holds both.',
})
export class TieGroup {
  @Field(() => Int, {
    description: 'From 1 within division and claim, by the best row of the group; `Entry.tieGroups` names it.',
  })
  number: number;

  @Field(() => Division, { description: 'Division of its rows.' })
  division: Division;

  @Field(() => Claim, { description: 'Claim of its rows.' })
  claim: Claim;

  @Field(() => [ID], { description: 'Its rows on this page, in the order of the page.' })
  entries: string[];

  @Field(() => Int, { description: 'Rows of the group, on this page or not, that rank before every one of `entries`.' })
  rowsBefore: number;

  @Field(() => Int, { description: 'Rows of the group, on this page or not, that rank after every one of `entries`.' })
  rowsAfter: number;
}
