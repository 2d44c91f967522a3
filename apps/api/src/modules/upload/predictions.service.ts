/** Predictions become an entry with claim SUBMITTED and one run, which a worker scores. */
import { type Database, schema } from '@touchstone/db';
import { type Variant, variantHash } from '@touchstone/eval/meta';
import { and, eq, inArray } from 'drizzle-orm';
import { newestGeneration } from '../../jobs/enqueue.js';
import { upsertEntry } from '../../jobs/entries.js';
import { type Actor, requireScope } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { once } from '../../lib/idempotency.js';
import { idOf } from '../../lib/ids.js';
import { LIMITS } from '../../lib/limits.js';
import { refuse } from '../../lib/user-error.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { announce, store } from '../submission/submission.store.js';
import type { Submission } from '../submission/submission.type.js';
import { checkNote } from '../submission/submission.validate.js';
import type { SubmitPredictionsInput } from './upload.input.js';
import { predictionsBenchmark } from './upload.service.js';
import type { UploadRow } from './upload.signature.js';

const MAX_NAME = 100;

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length >= 1 && trimmed.length <= MAX_NAME && !/\p{C}/u.test(trimmed)) return trimmed;
  return refuse({
    code: 'PARAM_RANGE',
    message: 'name is no name for a row of a board',
    field: 'input.name',
    value: name,
    allowed: `1 to ${MAX_NAME} characters that can be seen`,
  });
}

/** The uploads in the order of `ids`: the actor's own, of this benchmark, arrived whole. Throws Refused. */
async function arrived(ctx: Context, actor: Actor, benchmark: Benchmark, ids: readonly string[]): Promise<UploadRow[]> {
  if (ids.length < 1 || ids.length > LIMITS.filesPerSubmission || new Set(ids).size < ids.length)
    refuse({
      code: 'PARAM_RANGE',
      message: `uploads names ${ids.length} files`,
      field: 'input.uploads',
      value: ids.length,
      allowed: `1 to ${LIMITS.filesPerSubmission} different uploads`,
    });
  const keys = ids.map((id, i) => idOf('Upload', id, `input.uploads[${i}]`));
  const found = await ctx.platform.db.select().from(schema.uploads).where(inArray(schema.uploads.id, keys));
  const byId = new Map(found.map((row) => [row.id, row]));
  return keys.map((key, i) => {
    const row = byId.get(key);
    const field = `input.uploads[${i}]`;
    // Somebody else's upload is as unknown as one that never was.
    if (row?.userId !== actor.userId)
      return refuse({
        code: 'NOT_FOUND',
        message: 'no such upload of yours',
        field,
        value: ids[i],
        allowed: 'an id that createUpload returned to you',
      });
    if (row.benchmarkId !== benchmark.row.id)
      return refuse({
        code: 'UPLOAD_MISMATCH',
        message: `${row.fileName} was uploaded for another benchmark`,
        field,
        value: ids[i],
        allowed: `an upload for ${benchmark.key}@${benchmark.version}`,
      });
    if (row.state !== 'STORED')
      return refuse({
        code: 'UPLOAD_INCOMPLETE',
        message: `${row.fileName} has not arrived whole`,
        field,
        value: row.state,
        allowed: 'an upload whose PUT was answered with 201',
      });
    return row;
  });
}

/** Held until the entry that names them is stored: what is cleared away then is not theirs. Throws Refused. */
async function hold(tx: Database, files: readonly UploadRow[]): Promise<void> {
  const { uploads } = schema;
  const ids = files.map(({ id }) => id);
  const held = await tx
    .select({ id: uploads.id })
    .from(uploads)
    .where(and(inArray(uploads.id, ids), eq(uploads.state, 'STORED')))
    .orderBy(uploads.id)
    .for('share');
  const lost = ids.findIndex((id) => !held.some((row) => row.id === id));
  if (lost >= 0)
    refuse({
      code: 'NOT_FOUND',
      message: `${files[lost]!.fileName} was cleared away: nothing had named it in time`,
      field: `input.uploads[${lost}]`,
      value: files[lost]!.fileName,
      allowed: 'an upload that is named within a day',
    });
}

/** Throws UNAUTHENTICATED, FORBIDDEN, BAD_ID; Refused with the reason. The same files again are the same entry and run. */
export async function submitPredictions(ctx: Context, input: SubmitPredictionsInput): Promise<Submission> {
  const actor = requireScope(ctx.actor, 'submit');
  const benchmark = await predictionsBenchmark(ctx, input.benchmark);
  const label = checkName(input.name);
  checkNote(input.note);
  const files = await arrived(ctx, actor, benchmark, input.uploads);
  const { idempotencyKey: key, ...asked } = input;
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    predictions: { files: files.map(({ fileName, sha256 }) => ({ name: fileName, sha256 })) },
  };
  const { ids } = await ctx.platform.db.transaction((tx) =>
    once(tx, { userId: actor.userId, operation: 'submitPredictions', key, input: asked }, async () => {
      await hold(tx, files);
      const entry = await upsertEntry(tx, {
        benchmark: benchmark.row,
        claim: 'SUBMITTED',
        division: 'OPEN',
        variant,
        variantHash: variantHash(variant),
        label,
      });
      return store(tx, actor, [
        {
          entryId: entry.id,
          benchmarkId: benchmark.row.id,
          generation: Math.max(1, await newestGeneration(tx, entry.id)),
          seeds: benchmark.seeds,
          input: asked,
          note: input.note ?? null,
          event: { kind: 'SUBMITTED', message: `predictions of ${label} submitted` },
        },
      ]);
    }),
  );
  return (await announce(ctx, ids))[0]!;
}
