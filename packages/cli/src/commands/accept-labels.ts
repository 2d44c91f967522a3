/** `touchstone accept-labels`: an owner moves a board on to the labels that a run was scored against. */
import { EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { refuseUserErrors, request, USER_ERRORS, type UserError } from '../remote/graphql.js';
import { openSession } from '../remote/session.js';

interface Accepted {
  readonly acceptLabels: {
    readonly benchmark: { readonly key: string; readonly version: number; readonly labelRevision: string } | null;
    readonly queued: number;
    readonly userErrors: UserError[];
  };
}

export async function acceptLabels(
  run: string,
  options: { readonly url?: string; readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const session = await openSession(options.url);
  const { acceptLabels: outcome } = await request<Accepted>(
    session,
    `mutation($input: AcceptLabelsInput!) { acceptLabels(input: $input) { benchmark { key version labelRevision } queued ${USER_ERRORS} } }`,
    { input: { run } },
  );
  refuseUserErrors(outcome.userErrors);
  const { key, version, labelRevision } = outcome.benchmark!;
  const benchmark = `${key}@${version}`;
  io.out(
    options.json
      ? `${JSON.stringify({ benchmark, labelRevision, queued: outcome.queued })}\n`
      : `${benchmark} stands on labels ${labelRevision}; ${outcome.queued} runs score kept files again\n`,
  );
  return EXIT.ok;
}
