import type { DifferenceEstimate } from '@touchstone/eval/statistics';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { PairResult } from '../../statistics/messages.js';
import { IntervalOver } from '../../lib/enums.js';
import { Entry, Interval } from './entry.type.js';

@ObjectType({ description: 'Both values of one seed.' })
export class SeedDifference {
  @Field(() => Int, { description: 'Seed.' })
  seed: number;

  @Field(() => Float, { description: 'Value of a.' })
  a: number;

  @Field(() => Float, { description: 'Value of b.' })
  b: number;

  @Field(() => Float, { description: 'a − b.' })
  difference: number;
}

@ObjectType({ description: 'a − b over the test units of one class (or other group).' })
export class ClassDifference {
  @Field(() => String, { description: 'Name of the class; its number where names are not known.' })
  group: string;

  @Field(() => Float, { description: 'Mean of the differences.' })
  mean: number;

  @Field(() => Interval, {
    nullable: true,
    description: 'Of the mean, 95 %; for this class alone, not for all classes at once.',
  })
  interval: Interval | null;

  @Field(() => Int, { description: 'Test units of the class that count.' })
  n: number;
}

@ObjectType({ description: 'One test unit on which a is worse than b.' })
export class ExampleDifference {
  @Field(() => Int, { description: 'Position in the test set, from 0.' })
  unit: number;

  @Field(() => String, { nullable: true, description: 'Name of the unit; null where units have none.' })
  name: string | null;

  @Field(() => String, { nullable: true, description: 'Its class; null where units have none.' })
  group: string | null;

  @Field(() => Float, { description: 'Mean over seeds of a.' })
  a: number;

  @Field(() => Float, { description: 'Mean over seeds of b.' })
  b: number;

  @Field(() => Float, { description: 'a − b.' })
  difference: number;
}

export const intervalOf = ({ interval }: DifferenceEstimate): Interval | null => interval && { ...interval };

@ObjectType({ description: 'a − b, paired by seed, and by test unit where per-example outcomes of both are known.' })
export class Difference {
  estimate: DifferenceEstimate;
  /** Asked once for classes and examples together. */
  examples: Promise<PairResult> | undefined;

  @Field(() => Float, { description: 'Mean of the differences.' })
  get mean(): number {
    return this.estimate.mean;
  }

  @Field(() => Interval, {
    nullable: true,
    description: 'Of the mean, 95 %; null where nothing that was sampled is known twice.',
  })
  get interval(): Interval | null {
    return intervalOf(this.estimate);
  }

  @Field(() => Float, { nullable: true, description: 'Lower end of its 95 % interval; null without one.' })
  get low(): number | null {
    return this.estimate.interval?.low ?? null;
  }

  @Field(() => Float, { nullable: true, description: 'Upper end of its 95 % interval; null without one.' })
  get high(): number | null {
    return this.estimate.interval?.high ?? null;
  }

  @Field(() => Int, { description: 'Seeds that both have.' })
  get n(): number {
    return this.estimate.seeds;
  }

  @Field(() => Int, {
    nullable: true,
    description: 'Independent test units behind the interval; null where only the scores of runs are known.',
  })
  get units(): number | null {
    return this.estimate.units > 1 ? this.estimate.units : null;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'Two-sided p of no difference, for this pair alone; null without an interval.',
  })
  get p(): number | null {
    return this.estimate.p;
  }

  @Field(() => IntervalOver, { description: 'What the interval covers.' })
  get over(): IntervalOver {
    return this.estimate.interval?.over ?? 'SEEDS';
  }

  @Field(() => Entry, { description: 'Minuend.' })
  a: Entry;

  @Field(() => Entry, { description: 'Subtrahend.' })
  b: Entry;

  @Field(() => String, { description: 'Score compared.' })
  scoreKey: string;
}
