import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { Division, RunState } from '../../lib/enums.js';
import { idOf } from '../../lib/ids.js';
import { JsonObject } from '../../lib/scalars.js';
import { payload } from '../../lib/user-error.js';
import { Benchmark } from '../benchmark/benchmark.type.js';
import { Entry } from '../entry/entry.type.js';
import { Run } from '../run/run.type.js';
import * as amend from './amend.service.js';
import { estimate } from './estimate.service.js';
import {
  RerunSubmissionInput,
  SubmitVariantInput,
  SubmitVariantsInput,
  WithdrawSubmissionInput,
} from './submission.input.js';
import * as service from './submission.service.js';
import {
  Estimate,
  RerunSubmissionPayload,
  Submission,
  SubmissionConnection,
  SubmitVariantPayload,
  SubmitVariantsPayload,
  WithdrawSubmissionPayload,
} from './submission.type.js';
import * as submit from './submit.service.js';

@Resolver(() => Submission)
export class SubmissionResolver {
  @Query(() => SubmissionConnection, { description: 'Newest first.' })
  submissions(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: '1 to 100.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null,
    @Arg('mine', () => Boolean, { nullable: true, description: 'Only own ones; needs a token.' }) mine: boolean | null,
    @Arg('benchmark', () => String, { nullable: true, description: '`key` or `key@version`.' })
    benchmark: string | null,
  ) {
    return service.listSubmissions(ctx, { first, after, mine, benchmark });
  }

  @Query(() => Submission, { nullable: true, description: 'By id.' })
  submission(@Ctx() ctx: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string) {
    return service.findSubmission(ctx, idOf('Submission', id));
  }

  @Query(() => Estimate, { description: 'A dry run: errors, cost, place in the queue. Stores nothing.' })
  estimate(
    @Ctx() ctx: Context,
    @Arg('input', () => SubmitVariantInput, { description: 'As for submitVariant.' }) input: SubmitVariantInput,
  ) {
    return estimate(ctx, input);
  }

  @Mutation(() => SubmitVariantPayload, { description: 'Stores a variant and queues its runs.' })
  submitVariant(
    @Ctx() ctx: Context,
    @Arg('input', () => SubmitVariantInput, { description: 'The variant.' }) input: SubmitVariantInput,
  ) {
    return payload(async () => ({ submission: await submit.submitVariant(ctx, input) }), { submission: null });
  }

  @Mutation(() => SubmitVariantsPayload, { description: 'Stores up to 200 variants of one benchmark, all or none.' })
  submitVariants(
    @Ctx() ctx: Context,
    @Arg('input', () => SubmitVariantsInput, { description: 'A list or a grid.' }) input: SubmitVariantsInput,
  ) {
    return payload(async () => ({ submissions: await submit.submitVariants(ctx, input) }), { submissions: [] });
  }

  @Mutation(() => RerunSubmissionPayload, {
    description: 'Runs a variant anew: a new generation, of which the newest complete one counts.',
  })
  rerunSubmission(
    @Ctx() ctx: Context,
    @Arg('input', () => RerunSubmissionInput, { description: 'Which.' }) input: RerunSubmissionInput,
  ) {
    return payload(async () => ({ submission: await amend.rerunSubmission(ctx, input) }), { submission: null });
  }

  @Mutation(() => WithdrawSubmissionPayload, { description: 'Takes a submission off the board; the event stays.' })
  withdrawSubmission(
    @Ctx() ctx: Context,
    @Arg('input', () => WithdrawSubmissionInput, { description: 'Which.' }) input: WithdrawSubmissionInput,
  ) {
    return payload(async () => ({ submission: await amend.withdrawSubmission(ctx, input) }), { submission: null });
  }

  private async entryRow(submission: Submission, ctx: Context) {
    return (await ctx.loaders.entry.byId.load(submission.row.entryId))!.row;
  }

  @FieldResolver(() => Benchmark, { description: 'Where it was sent.' })
  async benchmark(@Root() submission: Submission, @Ctx() ctx: Context) {
    return ctx.loaders.benchmark.byId.load((await this.entryRow(submission, ctx)).benchmarkId);
  }

  @FieldResolver(() => Entry, { nullable: true, description: 'The leaderboard row of its variant.' })
  entry(@Root() submission: Submission, @Ctx() ctx: Context) {
    return ctx.loaders.entry.byId.load(submission.row.entryId);
  }

  @FieldResolver(() => JsonObject, { description: 'The whole variant, defaults filled in.' })
  async variant(@Root() submission: Submission, @Ctx() ctx: Context) {
    return (await this.entryRow(submission, ctx)).variant;
  }

  @FieldResolver(() => String, { description: 'Hex SHA-256 of the variant.' })
  async variantHash(@Root() submission: Submission, @Ctx() ctx: Context) {
    return (await this.entryRow(submission, ctx)).variantHash;
  }

  @FieldResolver(() => Division, { description: 'Where it stands.' })
  async division(@Root() submission: Submission, @Ctx() ctx: Context) {
    return (await this.entryRow(submission, ctx)).division;
  }

  @FieldResolver(() => String, { description: 'Short name for people.' })
  async label(@Root() submission: Submission, @Ctx() ctx: Context) {
    return (await this.entryRow(submission, ctx)).label;
  }

  @FieldResolver(() => [Run], { description: 'Its runs by seed.' })
  runs(@Root() submission: Submission, @Ctx() ctx: Context) {
    return service.runsOf(ctx, submission);
  }

  @FieldResolver(() => RunState, {
    description: 'One word for all its runs: what still happens, else what went wrong, else SUCCEEDED.',
  })
  async state(@Root() submission: Submission, @Ctx() ctx: Context) {
    return service.stateOf(await service.runsOf(ctx, submission));
  }

  @FieldResolver(() => Boolean, { description: 'Sent by who asks.' })
  mine(@Root() submission: Submission, @Ctx() ctx: Context) {
    return ctx.actor?.userId === submission.row.userId;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Who sent it.' })
  async submitter(@Root() submission: Submission, @Ctx() ctx: Context) {
    return (await ctx.loaders.submission.userName.load(submission.row.userId))?.name ?? null;
  }
}
