/** `touchstone submit-predictions`: sends files made elsewhere to a server, which scores them by the official protocol. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { formatTable } from '../core/text.js';
import { refuseUserErrors, request, USER_ERRORS, type UserError } from '../remote/graphql.js';
import { RUN_COLUMNS, type RemoteSubmission, SUBMISSION_FIELDS } from '../remote/runs.js';
import { openSession, type Session } from '../remote/session.js';
import { follow } from './watch.js';

interface SubmitPredictionsOptions {
  readonly predictions: readonly string[];
  readonly name: string;
  readonly url?: string;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly note?: string;
  readonly idempotencyKey?: string;
}

interface LocalFile {
  readonly path: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function describe(path: string): Promise<LocalFile> {
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

/** The content goes to an address that the server signed for this one file. Returns the id of the upload. */
async function send(session: Session, benchmark: string, { path, ...file }: LocalFile): Promise<string> {
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

export async function submitPredictions(
  benchmark: string,
  options: SubmitPredictionsOptions,
  io: Io,
): Promise<ExitCode> {
  const files: LocalFile[] = [];
  for (const path of options.predictions) files.push(await describe(path));
  const session = await openSession(options.url);
  const uploads: string[] = [];
  for (const file of files) {
    io.progress(`sending ${file.fileName}`);
    uploads.push(await send(session, benchmark, file));
  }
  const { submitPredictions: answer } = await request<{
    submitPredictions: { submission: RemoteSubmission | null; userErrors: UserError[] };
  }>(
    session,
    `mutation($input: SubmitPredictionsInput!) { submitPredictions(input: $input) { submission { ${SUBMISSION_FIELDS} } ${USER_ERRORS} } }`,
    {
      input: {
        benchmark,
        name: options.name,
        uploads,
        note: options.note,
        idempotencyKey: options.idempotencyKey ?? randomUUID(),
      },
    },
  );
  refuseUserErrors(answer.userErrors);
  const submission = answer.submission as RemoteSubmission;
  if (options.wait) {
    if (!options.json) io.note(`submission ${submission.id}`);
    return follow(session, submission.id, options.json ?? false, io);
  }
  if (options.json) io.out(`${JSON.stringify(submission)}\n`);
  else {
    io.out(`submission ${submission.id}: ${submission.label}\n`);
    io.out(formatTable(RUN_COLUMNS, submission.runs));
    io.out(`follow it with: touchstone watch ${submission.id}\n`);
  }
  return EXIT.ok;
}
