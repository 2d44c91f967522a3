/** `touchstone submit`: sends a variant to a server, or with --dry-run asks what would become of it. */
import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { formatDuration, formatTable } from '../core/text.js';
import type { Wanted } from '../core/submission-file.js';
import { readWanted, type WantedFlags } from '../core/wanted-flags.js';
import { refuseUserErrors, request, USER_ERRORS, type UserError } from '../remote/graphql.js';
import { RUN_COLUMNS, type RemoteSubmission, SUBMISSION_FIELDS } from '../remote/runs.js';
import { openSession, type Session } from '../remote/session.js';
import { follow } from './watch.js';

interface SubmitOptions extends WantedFlags {
  readonly url?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  readonly note?: string;
  readonly idempotencyKey?: string;
}

/** A count means the first seeds of the benchmark's own list. */
async function seedsOf(session: Session, wanted: Wanted): Promise<readonly number[] | undefined> {
  if (typeof wanted.seeds !== 'number') return wanted.seeds;
  const { benchmark } = await request<{ benchmark: { seeds: number[] } | null }>(
    session,
    'query($key: String!) { benchmark(key: $key) { seeds } }',
    { key: wanted.benchmark },
  );
  const listed = benchmark?.seeds ?? [];
  const next = Math.max(-1, ...listed) + 1;
  const more = Array.from({ length: Math.max(0, wanted.seeds - listed.length) }, (_, i) => next + i);
  return [...listed, ...more].slice(0, wanted.seeds);
}

async function toInput(session: Session, wanted: Wanted): Promise<Record<string, unknown>> {
  const slots = Object.entries(wanted.slots ?? {}).map(([slot, choice]) => ({ slot: slot.toUpperCase(), ...choice }));
  const seeds = await seedsOf(session, wanted);
  return { ...wanted, slots: slots.length ? slots : undefined, seeds };
}

interface Estimate {
  readonly userErrors: readonly UserError[];
  readonly variantHash: string | null;
  readonly division: string | null;
  readonly secondsPerRun: number | null;
  readonly runs: number;
  readonly newRuns: number;
  readonly queuePosition: number;
  readonly waitingReason: string | null;
}

async function dryRun(session: Session, input: Record<string, unknown>, json: boolean, io: Io): Promise<ExitCode> {
  const { estimate } = await request<{ estimate: Estimate }>(
    session,
    `query($input: SubmitVariantInput!) { estimate(input: $input) {
       valid variantHash division secondsPerRun runs newRuns queuePosition waitingReason ${USER_ERRORS} } }`,
    { input },
  );
  refuseUserErrors(estimate.userErrors);
  if (json) {
    io.out(`${JSON.stringify(estimate)}\n`);
    return EXIT.ok;
  }
  const each = estimate.secondsPerRun === null ? 'unknown' : formatDuration(estimate.secondsPerRun * 1000);
  io.out(`variant ${estimate.variantHash}, division ${estimate.division}\n`);
  io.out(`${estimate.runs} runs, ${estimate.newRuns} of them new, about ${each} each\n`);
  io.out(
    estimate.waitingReason ? `${estimate.waitingReason}\n` : `runs before it in the queue: ${estimate.queuePosition}\n`,
  );
  return EXIT.ok;
}

export async function submit(file: string | undefined, options: SubmitOptions, io: Io): Promise<ExitCode> {
  const wanted = await readWanted(file, options);
  const session = await openSession(options.url);
  const input = await toInput(session, wanted);
  if (options.dryRun) return dryRun(session, input, options.json ?? false, io);
  const { submitVariant } = await request<{
    submitVariant: { submission: RemoteSubmission | null; userErrors: UserError[] };
  }>(
    session,
    `mutation($input: SubmitVariantInput!) { submitVariant(input: $input) { submission { ${SUBMISSION_FIELDS} } ${USER_ERRORS} } }`,
    { input: { ...input, note: options.note, idempotencyKey: options.idempotencyKey ?? randomUUID() } },
  );
  refuseUserErrors(submitVariant.userErrors);
  const submission = submitVariant.submission as RemoteSubmission;
  if (options.watch) {
    if (!options.json) io.note(`submission ${submission.id}`);
    return follow(session, submission.id, options.json ?? false, io);
  }
  if (options.json) io.out(`${JSON.stringify(submission)}\n`);
  else {
    io.out(`submission ${submission.id}: ${submission.label}, ${submission.division}\n`);
    io.out(formatTable(RUN_COLUMNS, submission.runs));
    io.out(`follow it with: touchstone watch ${submission.id}\n`);
  }
  return EXIT.ok;
}
