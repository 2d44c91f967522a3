/** Announcing a file: checked, remembered, and given an address that is good for one PUT. */
import { schema } from '@touchstone/db';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { requireScope } from '../../lib/auth.js';
import type { Context } from '../../lib/context.js';
import { encodeId } from '../../lib/ids.js';
import { LIMITS } from '../../lib/limits.js';
import { Refused, refuse, type Refusal } from '../../lib/user-error.js';
import { uuidv7 } from '../../lib/uuid.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { openBenchmark } from '../submission/submission.validate.js';
import type { CreateUploadInput } from './upload.input.js';
import { signatureOf, type UploadRow } from './upload.signature.js';
import type { Upload } from './upload.type.js';

const { uploads } = schema;

/** How long an address is good for. */
export const UPLOAD_LIFE_MS = 60 * 60_000;
/** Letters, digits, spaces and the usual marks; no folders, nothing hidden, nothing that a terminal would obey. */
const FILE_NAME = /^(?!\.)[\p{L}\p{N}_ .,()+@=-]{1,200}$/u;

/** An open benchmark of the predictions track. Throws Refused. */
export async function predictionsBenchmark(ctx: Context, name: string): Promise<Benchmark> {
  const benchmark = await openBenchmark(ctx, name);
  if (benchmark.reportedOnly)
    return refuse({
      code: 'REPORTED_ONLY',
      message: `${benchmark.key} holds published numbers; it scores no files`,
      field: 'input.benchmark',
      value: name,
      allowed: 'a benchmark that scores predictions, or reportResults',
    });
  if (benchmark.track === 'predictions') return benchmark;
  return refuse({
    code: 'WRONG_TRACK',
    message: `${benchmark.key} trains what it scores; it takes no predictions`,
    field: 'input.benchmark',
    value: name,
    allowed: 'a benchmark of the predictions track, or submitVariant',
  });
}

function problemsOf({ fileName, bytes, sha256 }: CreateUploadInput): Refusal[] {
  const problems: Refusal[] = [];
  if (!FILE_NAME.test(fileName))
    problems.push({
      code: 'PARAM_RANGE',
      message: 'fileName is no plain file name',
      field: 'input.fileName',
      value: fileName,
      allowed: '1 to 200 letters, digits, spaces and _ . , ( ) + @ = -, not beginning with a full stop',
    });
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > LIMITS.uploadBytes)
    problems.push({
      code: 'PARAM_RANGE',
      message: `bytes is ${bytes}`,
      field: 'input.bytes',
      value: bytes,
      allowed: `a whole number from 1 to ${LIMITS.uploadBytes}`,
    });
  if (!/^[0-9a-f]{64}$/.test(sha256))
    problems.push({
      code: 'PARAM_RANGE',
      message: 'sha256 is no SHA-256',
      field: 'input.sha256',
      value: sha256,
      allowed: '64 lower-case hexadecimal digits',
    });
  return problems;
}

/** Uploads that wait for their file are bounded, and forgotten some time after they can no longer be used. */
async function requireRoom(ctx: Context, userId: string): Promise<void> {
  const { db } = ctx.platform;
  const waiting = and(eq(uploads.userId, userId), eq(uploads.state, 'ISSUED'));
  await db.delete(uploads).where(and(waiting, lt(uploads.expiresAt, new Date(Date.now() - UPLOAD_LIFE_MS))));
  const [row] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(uploads)
    .where(and(waiting, gt(uploads.expiresAt, new Date())));
  if ((row?.n ?? 0) >= LIMITS.openUploads)
    refuse({
      code: 'QUEUE_FULL',
      message: `${row!.n} of your uploads wait for their files`,
      field: 'input',
      value: row!.n,
      allowed: `at most ${LIMITS.openUploads} at once`,
    });
}

/** Throws UNAUTHENTICATED, FORBIDDEN; Refused with every reason. */
export async function createUpload(ctx: Context, input: CreateUploadInput): Promise<Upload> {
  const { userId } = requireScope(ctx.actor, 'submit');
  const benchmark = await predictionsBenchmark(ctx, input.benchmark);
  const problems = problemsOf(input);
  if (problems.length > 0) throw new Refused(problems);
  await requireRoom(ctx, userId);
  const now = Date.now();
  const row: UploadRow = {
    id: uuidv7(),
    userId,
    benchmarkId: benchmark.row.id,
    fileName: input.fileName,
    bytes: input.bytes,
    sha256: input.sha256,
    state: 'ISSUED',
    createdAt: new Date(now),
    expiresAt: new Date(now + UPLOAD_LIFE_MS),
  };
  await ctx.platform.db.insert(uploads).values(row);
  const signature = await signatureOf(ctx.platform.db, row);
  return {
    id: encodeId('Upload', row.id),
    url: `${ctx.origin}/uploads/${row.id}?signature=${signature}`,
    expiresAt: row.expiresAt,
    bytes: row.bytes,
  };
}
