/** Rows of published results on a server: which stand there, and sending one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportRow, ReportedRow, SubmittedRow } from '@touchstone/eval/imports';
import { CliError } from '../core/errors.js';
import { refuseUserErrors, request, USER_ERRORS, type UserError } from './graphql.js';
import type { Session } from './session.js';
import { describeFile, sendFile, submitUploads } from './uploads.js';

interface Page {
  readonly leaderboard: {
    readonly nodes: readonly {
      readonly variant: {
        readonly predictions?: { readonly files: readonly { readonly sha256: string }[] };
        readonly reported?: Omit<ReportedRow, 'claim' | 'benchmark' | 'source'> & { readonly url: string };
      };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const QUERY = `query($benchmark: String!, $claims: [Claim!], $after: String) {
  leaderboard(benchmark: $benchmark, claims: $claims, first: 100, after: $after) {
    nodes { variant } pageInfo { hasNextPage endCursor } } }`;

const RETRY_MS = 2_000;
const MOST_RETRIES = 60;

/** Again while the server says that there were too many requests. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'RATE_LIMITED' || tries >= MOST_RETRIES) throw error;
      await sleep(RETRY_MS);
    }
  }
}

const sorted = (scores: ReportedRow['scores']) => [...scores].sort((a, b) => (a.key < b.key ? -1 : 1));

const submittedIdentity = (hashes: readonly string[]): string => `files ${hashes.join(' ')}`;
const reportedIdentity = (name: string, url: string, scores: ReportedRow['scores']): string =>
  `numbers ${JSON.stringify([name, new URL(url).href, sorted(scores).map(({ key, value }) => [key, value])])}`;

/** What tells one row of a board from another: the content of its files, or name, address and numbers. */
export async function identityOf(row: ImportRow): Promise<string> {
  if (row.claim === 'REPORTED') return reportedIdentity(row.name, row.source.url, row.scores);
  const hashes: string[] = [];
  for (const path of row.files) hashes.push((await describeFile(path)).sha256);
  return submittedIdentity(hashes);
}

/** Identities of the rows of one claim on a board. */
export async function standing(
  session: Session,
  benchmark: string,
  claim: ImportRow['claim'],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let after: string | null = null; ;) {
    const page: Page = await patiently(() => request<Page>(session, QUERY, { benchmark, claims: [claim], after }));
    const { nodes, pageInfo } = page.leaderboard;
    for (const { variant } of nodes) {
      if (variant.predictions) found.add(submittedIdentity(variant.predictions.files.map(({ sha256 }) => sha256)));
      if (variant.reported)
        found.add(reportedIdentity(variant.reported.name, variant.reported.url, variant.reported.scores));
    }
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

async function sendSubmitted(session: Session, row: SubmittedRow): Promise<string> {
  const uploads: string[] = [];
  for (const path of row.files) uploads.push(await sendFile(session, row.benchmark, await describeFile(path)));
  const { benchmark, name, note } = row;
  return (await submitUploads(session, { benchmark, name, uploads, note, idempotencyKey: randomUUID() })).id;
}

async function sendReported(session: Session, { benchmark, name, scores, source }: ReportedRow): Promise<string> {
  const { reportResults } = await request<{
    reportResults: { submission: { id: string } | null; userErrors: UserError[] };
  }>(
    session,
    `mutation($input: ReportResultsInput!) { reportResults(input: $input) { submission { id } ${USER_ERRORS} } }`,
    { input: { benchmark, name, scores, source, idempotencyKey: randomUUID() } },
  );
  refuseUserErrors(reportResults.userErrors);
  return reportResults.submission!.id;
}

/** Returns the id of the submission. Throws the first refusal. */
export const sendRow = (session: Session, row: ImportRow): Promise<string> =>
  patiently(() => (row.claim === 'REPORTED' ? sendReported(session, row) : sendSubmitted(session, row)));
