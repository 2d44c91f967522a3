/** `touchstone submit-predictions`: sends files made elsewhere to a server, which scores them by the official protocol. */
import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { formatTable } from '../core/text.js';
import { RUN_COLUMNS } from '../remote/runs.js';
import { openSession } from '../remote/session.js';
import { describeFile, type LocalFile, sendFile, submitUploads } from '../remote/uploads.js';
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

export async function submitPredictions(
  benchmark: string,
  options: SubmitPredictionsOptions,
  io: Io,
): Promise<ExitCode> {
  const files: LocalFile[] = [];
  for (const path of options.predictions) files.push(await describeFile(path));
  const session = await openSession(options.url);
  const uploads: string[] = [];
  for (const file of files) {
    io.progress(`sending ${file.fileName}`);
    uploads.push(await sendFile(session, benchmark, file));
  }
  const submission = await submitUploads(session, {
    benchmark,
    name: options.name,
    uploads,
    note: options.note,
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
  });
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
