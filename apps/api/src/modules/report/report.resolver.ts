import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../lib/context.js';
import { payload } from '../../lib/user-error.js';
import { ReportResultsInput } from './report.input.js';
import { reportResults } from './report.service.js';
import { ReportResultsPayload } from './report.type.js';

@Resolver()
export class ReportResolver {
  @Mutation(() => ReportResultsPayload, {
    description: 'Puts published numbers on a board as REPORTED, with their source: nothing is computed here.',
  })
  reportResults(
    @Ctx() ctx: Context,
    @Arg('input', () => ReportResultsInput, { description: 'The numbers.' }) input: ReportResultsInput,
  ) {
    return payload(async () => ({ submission: await reportResults(ctx, input) }), { submission: null });
  }
}
