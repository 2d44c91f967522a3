import type { schema } from '@touchstone/db';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../lib/connection.js';
import { RunReason, RunState } from '../../lib/enums.js';
import { DateTime, JsonObject } from '../../lib/scalars.js';
import { Node } from '../node/node.type.js';

export type RunRow = typeof schema.runs.$inferSelect;

@ObjectType({ description: 'What it took. Comparable inside one class of hardware only, but for flops.' })
export class Cost {
  @Field(() => Float, { nullable: true, description: 'Elapsed time in milliseconds.' })
  wallMs: number | null;

  @Field(() => Float, { nullable: true, description: 'Processor time in milliseconds.' })
  cpuMs: number | null;

  @Field(() => Float, { nullable: true, description: 'Peak resident memory in bytes.' })
  peakBytes: number | null;

  @Field(() => Float, { nullable: true, description: 'Counted floating-point operations: the portable cost.' })
  flops: number | null;
}

@ObjectType({ description: 'One final value of a run.' })
export class Score {
  @Field(() => String, { description: 'Score key.' })
  key: string;

  @Field(() => Float, { description: 'Value.' })
  value: number;
}

@ObjectType({ description: 'One line that a run wrote.' })
export class LogLine {
  @Field(() => DateTime, { description: 'When.' })
  at: Date;

  @Field(() => Int, { description: 'Attempt that wrote it.' })
  attempt: number;

  @Field(() => String, { description: 'info, warn or error.' })
  level: string;

  @Field(() => String, { description: 'The line.' })
  line: string;
}

@ObjectType({ description: 'How far a run is.' })
export class Progress {
  @Field(() => String, { description: 'data, tuning, training or scoring.' })
  phase: string;

  @Field(() => Int, { description: 'Steps done in this phase.' })
  step: number;

  @Field(() => Int, { description: 'Steps of this phase.' })
  steps: number;

  @Field(() => Float, { nullable: true, description: 'Latest loss.' })
  loss: number | null;

  @Field(() => Float, { nullable: true, description: 'Throughput.' })
  stepsPerSecond: number | null;

  @Field(() => Float, { nullable: true, description: 'Estimated milliseconds until the end.' })
  etaMs: number | null;

  @Field(() => DateTime, { description: 'When the worker said so.' })
  at: Date;
}

@ObjectType({ description: 'A point of a down-sampled series: mean and range of a stretch of steps.' })
export class SeriesPoint {
  @Field(() => Int, { description: 'Last step of the stretch.' })
  step: number;

  @Field(() => Float, { description: 'Mean of the stretch.' })
  value: number;

  @Field(() => Float, { description: 'Smallest value of the stretch.' })
  min: number;

  @Field(() => Float, { description: 'Largest value of the stretch.' })
  max: number;
}

@ObjectType({ implements: Node, description: 'One execution of a variant with one seed, addressed by its content.' })
export class Run extends Node {
  row: RunRow;

  protected override get localKey(): string {
    return this.row.id;
  }

  @Field(() => Int, { description: 'Seed of every generator in it.' })
  get seed(): number {
    return this.row.seed;
  }

  @Field(() => RunState, { description: 'State.' })
  get state(): RunState {
    return this.row.state as RunState;
  }

  @Field(() => RunReason, { nullable: true, description: 'Why it ended without scores.' })
  get reason(): RunReason | null {
    return this.row.reason as RunReason | null;
  }

  @Field(() => String, { nullable: true, description: 'The reason in words.' })
  get message(): string | null {
    return this.row.message;
  }

  @Field(() => Int, { description: 'Times a worker has claimed it.' })
  get attempt(): number {
    return this.row.attempt;
  }

  @Field(() => Int, { description: 'Claims after which it is given up.' })
  get maxAttempts(): number {
    return this.row.maxAttempts;
  }

  @Field(() => Int, { description: 'Rises with `rerunSubmission`; the newest complete generation counts.' })
  get generation(): number {
    return this.row.generation;
  }

  @Field(() => JsonObject, { nullable: true, description: 'What was computed with what, and the scores; verifiable.' })
  get receipt(): unknown {
    return this.row.receipt;
  }

  @Field(() => String, { nullable: true, description: 'Hex SHA-256 of the receipt.' })
  get receiptDigest(): string | null {
    return this.row.receiptDigest;
  }

  @Field(() => Progress, { nullable: true, description: 'How far it is; null before it starts.' })
  get progress(): Progress | null {
    const raw = this.row.progress as (Omit<Progress, 'at'> & { at?: string }) | null;
    if (!raw || typeof raw.phase !== 'string') return null;
    const finite = (value: number | null) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
    return {
      phase: raw.phase,
      step: raw.step,
      steps: raw.steps,
      loss: finite(raw.loss),
      stepsPerSecond: finite(raw.stepsPerSecond),
      etaMs: finite(raw.etaMs),
      at: new Date(raw.at ?? this.row.startedAt ?? this.row.createdAt),
    };
  }

  @Field(() => Boolean, { description: 'Came with the platform as a receipt.' })
  get shipped(): boolean {
    return this.row.shipped;
  }

  @Field(() => Boolean, { nullable: true, description: 'For a shipped run that was also run here: equal bit for bit?' })
  get rederivedEqual(): boolean | null {
    return this.row.rederivedEqual;
  }

  @Field(() => DateTime, { description: 'When it was queued.' })
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When a worker began.' })
  get startedAt(): Date | null {
    return this.row.startedAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  get finishedAt(): Date | null {
    return this.row.finishedAt;
  }

  @Field(() => Cost, { description: 'What it took.' })
  get cost(): Cost {
    const { wallMs, cpuMs, peakBytes, flops } = this.row;
    return { wallMs, cpuMs, peakBytes, flops };
  }
}

export const RunConnection = connectionOf(Run);

@ObjectType({ description: 'Values of one key of one run over steps.' })
export class Series {
  @Field(() => Run, { description: 'The run.' })
  run: Run;

  @Field(() => String, { description: 'Key, e.g. `loss`.' })
  key: string;

  @Field(() => [SeriesPoint], { description: 'At most as many points as were asked for.' })
  points: SeriesPoint[];
}
