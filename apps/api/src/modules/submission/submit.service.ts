/** Sending variants: checked, then stored with their runs and idempotency key in one transaction. */
import { requireScope } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { once } from '../../lib/idempotency.js';
import type { SubmitVariantInput, SubmitVariantsInput } from './submission.input.js';
import { announce, storeVariants } from './submission.store.js';
import type { Submission } from './submission.type.js';
import { checkVariant, checkVariants } from './submission.validate.js';

/** Throws UNAUTHENTICATED, FORBIDDEN; Refused with every reason. */
export async function submitVariant(ctx: Context, input: SubmitVariantInput): Promise<Submission> {
  const actor = requireScope(ctx.actor, 'submit');
  const checked = await checkVariant(ctx, input);
  const { idempotencyKey: key, ...asked } = input;
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(tx, { userId: actor.userId, operation: 'submitVariant', key, input: asked }, () =>
      storeVariants(tx, actor, [{ checked, input: asked }]),
    ),
  );
  return (await announce(ctx, ids))[0]!;
}

/** All or none. */
export async function submitVariants(ctx: Context, input: SubmitVariantsInput): Promise<Submission[]> {
  const actor = requireScope(ctx.actor, 'submit');
  const checked = await checkVariants(ctx, input);
  const { idempotencyKey: key, ...asked } = input;
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(tx, { userId: actor.userId, operation: 'submitVariants', key, input: asked }, () =>
      storeVariants(
        tx,
        actor,
        checked.map((item) => ({
          checked: item,
          input: { benchmark: input.benchmark, variant: item.resolved.variant, division: item.resolved.division },
        })),
      ),
    ),
  );
  return announce(ctx, ids);
}
