/** Moving a board on to other labels: an owner's decision. */
import { acceptLabels as accept, type Acceptance } from '../../jobs/accept-labels.js';
import { isAdmin, requireScope } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { idOf } from '../../lib/ids.js';
import { createLoaders } from '../../lib/loaders.js';
import { refuse } from '../../lib/user-error.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import type { AcceptLabelsInput } from './labels.input.js';

const REFUSALS: Readonly<Record<NonNullable<Acceptance['refused']>, readonly [message: string, allowed: string]>> = {
  NOT_FOUND: ['no such run', 'a run that was scored'],
  WRONG_TRACK: ['the run trained what it scored', 'a run of the predictions track'],
  NOT_SCORED: ['the run has no scores', 'a run that has succeeded'],
  BENCHMARK_SUPERSEDED: ['the board is closed', 'a run of a newest version'],
  NO_COMMON_LABELS: ['the labels come with the predictions', 'a run of a board with official labels'],
};

/** Throws UNAUTHENTICATED, FORBIDDEN, BAD_ID; Refused with the reason. */
export async function acceptLabels(
  ctx: Context,
  input: AcceptLabelsInput,
): Promise<{ benchmark: Benchmark | null; queued: number }> {
  const actor = requireScope(ctx.actor, 'admin');
  if (!isAdmin(actor))
    throw new ApiError('FORBIDDEN', 'only an owner decides which labels a board stands on', { field: 'input.run' });
  const outcome = await accept(ctx.platform, idOf('Run', input.run, 'input.run'), actor.userId);
  if (outcome.refused !== null) {
    const [message, allowed] = REFUSALS[outcome.refused];
    return refuse({ code: outcome.refused, message, field: 'input.run', value: input.run, allowed });
  }
  ctx.loaders = createLoaders(ctx.platform);
  return { benchmark: await ctx.loaders.benchmark.byId.load(outcome.benchmarkId), queued: outcome.queued };
}
