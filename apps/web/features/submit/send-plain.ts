/** The site's server sends the files of a form that came without JavaScript. */
import 'server-only';
import { createHash } from 'node:crypto';
import { apiAddress, request } from '@/lib/api/client';
import { type FieldError, toFieldError } from './errors';
import { createUploadMutation, submitPredictionsMutation } from './query';

export interface PlainForm {
  readonly benchmark: string;
  readonly name: string;
  readonly note: string;
  readonly files: readonly { readonly file: File; readonly index: number }[];
}

type Outcome = { readonly id: string } | { readonly errors: readonly FieldError[] };

async function upload(benchmark: string, file: File, index: number): Promise<Outcome> {
  const content = new Uint8Array(await file.arrayBuffer());
  const sha256 = createHash('sha256').update(content).digest('hex');
  const input = { benchmark, fileName: file.name, bytes: content.length, sha256 };
  const { createUpload } = await request(createUploadMutation, { input });
  if (!createUpload.upload) return { errors: createUpload.userErrors.map((error) => toFieldError(error, index)) };
  const { pathname, search } = new URL(createUpload.upload.url);
  const answer = await fetch(`${apiAddress()}${pathname}${search}`, {
    method: 'PUT',
    body: content,
    cache: 'no-store',
  });
  if (answer.ok) return { id: createUpload.upload.id };
  const { errors } = (await answer.json()) as { errors?: { message: string }[] };
  return { errors: [{ field: `file.${index}`, message: errors?.[0]?.message ?? `HTTP ${answer.status}` }] };
}

/** The submission, or what was wrong at which field. Throws ApiError. */
export async function sendPlain({ benchmark, name, note, files }: PlainForm): Promise<Outcome> {
  const uploads: string[] = [];
  for (const { file, index } of files) {
    const sent = await upload(benchmark, file, index);
    if (!('id' in sent)) return sent;
    uploads.push(sent.id);
  }
  const { submitPredictions } = await request(submitPredictionsMutation, {
    input: { benchmark, name, uploads, note: note.trim() || null, idempotencyKey: uploads[0] ?? null },
  });
  if (submitPredictions.submission) return { id: submitPredictions.submission.id };
  return { errors: submitPredictions.userErrors.map((error) => toFieldError(error, files[0]?.index)) };
}
