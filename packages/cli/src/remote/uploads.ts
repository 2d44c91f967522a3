/** Files of predictions on their way to a server. */
import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../core/errors.js';
import { refuseUserErrors, request, USER_ERRORS, type UserError } from './graphql.js';
import { type RemoteSubmission, SUBMISSION_FIELDS } from './runs.js';
import type { Session } from './session.js';

export interface LocalFile {
  readonly path: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Length and SHA-256 of a file. Throws USAGE for anything that is none. */
export async function describeFile(path: string): Promise<LocalFile> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile())
    throw new CliError('USAGE', `${path} is ${found ? 'no file' : 'not there'}`, {
      field: '--predictions',
      value: path,
      allowed: found?.isDirectory() ? 'a file: send a folder as .zip or .tar.gz' : 'a file that can be read',
    });
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return { path, fileName: basename(path), bytes: found.size, sha256: digest.digest('hex') };
}

/** Sends one file of predictions to an address that the server signs for it. Returns the id of the upload. */
export async function sendFile(session: Session, benchmark: string, { path, ...file }: LocalFile): Promise<string> {
  const { createUpload } = await request<{
    createUpload: { upload: { id: string; url: string } | null; userErrors: UserError[] };
  }>(
    session,
    `mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url } ${USER_ERRORS} } }`,
    { input: { benchmark, ...file } },
  );
  refuseUserErrors(createUpload.userErrors);
  const { id, url } = createUpload.upload!;
  // The server says which path; where it is reached is what the caller said.
  const { pathname, search } = new URL(url);
  let response: Response;
  try {
    response = await fetch(`${session.url}${pathname}${search}`, { method: 'PUT', body: await openAsBlob(path) });
  } catch (cause) {
    throw new CliError(
      'SERVER_UNREACHABLE',
      `${file.fileName} could not be sent to ${session.url}: ${(cause as Error).message}`,
      { field: 'url', value: session.url },
      { cause },
    );
  }
  if (response.ok) return id;
  const answer = (await response.json().catch(() => ({}))) as {
    errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  };
  const error = answer.errors?.[0];
  throw new CliError(error?.extensions?.code ?? 'REFUSED', error?.message ?? `HTTP ${response.status}`, {
    field: '--predictions',
    value: path,
  });
}

export interface PredictionsInput {
  readonly benchmark: string;
  readonly name: string;
  readonly uploads: readonly string[];
  readonly note?: string | undefined;
  readonly idempotencyKey: string;
}

/** Has uploaded files scored. Throws the first refusal. */
export async function submitUploads(session: Session, input: PredictionsInput): Promise<RemoteSubmission> {
  const { submitPredictions } = await request<{
    submitPredictions: { submission: RemoteSubmission | null; userErrors: UserError[] };
  }>(
    session,
    `mutation($input: SubmitPredictionsInput!) { submitPredictions(input: $input) { submission { ${SUBMISSION_FIELDS} } ${USER_ERRORS} } }`,
    { input },
  );
  refuseUserErrors(submitPredictions.userErrors);
  return submitPredictions.submission!;
}
