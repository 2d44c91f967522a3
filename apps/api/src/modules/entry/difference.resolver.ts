import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import * as service from './difference.service.js';
import { ClassDifference, Difference, ExampleDifference, intervalOf, SeedDifference } from './difference.type.js';

/** Throws BAD_INPUT for a number of rows that cannot be listed. */
function within(field: string, count: number, most: number): number {
  if (count >= 1 && count <= most) return count;
  throw new ApiError('BAD_INPUT', `${field} cannot list ${count}`, {
    field: 'first',
    value: count,
    allowed: `1 to ${most}`,
  });
}

@Resolver(() => Difference)
export class DifferenceResolver {
  @FieldResolver(() => [SeedDifference], { description: 'Seed by seed.' })
  seeds(@Root() difference: Difference, @Ctx() ctx: Context) {
    return service.seedsOf(ctx, difference);
  }

  @FieldResolver(() => Boolean, {
    description: 'Not significant, and smaller than what the board can detect with 80 % power.',
  })
  tooSmall(@Root() difference: Difference, @Ctx() ctx: Context) {
    return service.tooSmall(ctx, difference);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the board tells the two apart, all of its pairs judged at once; null where they are not ranked among each other.',
  })
  separable(@Root() difference: Difference, @Ctx() ctx: Context) {
    return service.separable(ctx, difference);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Seeds with which a difference of this size would be found with 80 % power; null with fewer than two seeds, for no difference, or where no number of seeds would do.',
  })
  seedsToDecide(@Root() difference: Difference) {
    return service.seedsNeeded(difference);
  }

  @FieldResolver(() => [ClassDifference], {
    nullable: true,
    description: 'By class of the test units, by name; null with `examplesReason`, or where units have no classes.',
  })
  async byClass(
    @Root() difference: Difference,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 200, description: `1 to ${service.MOST_CLASSES}.` })
    first: number | null,
  ): Promise<ClassDifference[] | null> {
    const count = within('byClass', first ?? 200, service.MOST_CLASSES);
    const { groups } = await service.examplesOf(ctx, difference);
    return (
      groups?.slice(0, count).map(({ group, n, difference: estimate }) => ({
        group,
        n,
        mean: estimate.mean,
        interval: intervalOf(estimate),
      })) ?? null
    );
  }

  @FieldResolver(() => [ExampleDifference], {
    nullable: true,
    description: 'Test units on which a is worse than b, mean over seeds, worst first; null with `examplesReason`.',
  })
  async worstExamples(
    @Root() difference: Difference,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: `1 to ${service.MOST_EXAMPLES}.` })
    first: number | null,
  ): Promise<ExampleDifference[] | null> {
    const count = within('worstExamples', first ?? 20, service.MOST_EXAMPLES);
    const { reason, worst } = await service.examplesOf(ctx, difference);
    return reason === null ? worst.slice(0, count) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why there are no classes and examples; null where there are.',
  })
  async examplesReason(@Root() difference: Difference, @Ctx() ctx: Context) {
    return (await service.examplesOf(ctx, difference)).reason;
  }
}
