/** Runs and submissions as the commands show them. */
import type { Column } from '../core/text.js';
import { formatDuration } from '../core/text.js';
import { request, required } from './graphql.js';
import type { Session } from './session.js';

export interface RemoteRun {
  readonly id: string;
  readonly seed: number;
  readonly state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly reason: string | null;
  readonly message: string | null;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly queuePosition: number | null;
  readonly waitingReason: string | null;
  readonly worker: string | null;
  readonly progress: {
    readonly phase: string;
    readonly step: number;
    readonly steps: number;
    readonly loss: number | null;
    readonly etaMs: number | null;
  } | null;
  readonly scores: readonly { readonly key: string; readonly value: number }[];
  readonly benchmark: { readonly key: string; readonly version: number; readonly primary: { readonly key: string } };
}

export interface RemoteSubmission {
  readonly id: string;
  readonly label: string;
  readonly division: string;
  readonly variantHash: string;
  readonly state: string;
  readonly benchmark: { readonly key: string; readonly version: number };
  readonly runs: readonly RemoteRun[];
}

export const RUN_FIELDS = `id seed state reason message attempt maxAttempts queuePosition waitingReason worker
  progress { phase step steps loss etaMs } scores { key value } benchmark { key version primary { key } }`;
export const SUBMISSION_FIELDS = `id label division variantHash state benchmark { key version } runs { ${RUN_FIELDS} }`;

const HELP = 'an id that submit or status printed';

export type Watched = { readonly submission: RemoteSubmission | null; readonly runs: readonly RemoteRun[] };

/** A submission with its runs, or one run. Throws NOT_FOUND. */
export async function fetchWatched(session: Session, id: string): Promise<Watched> {
  const { node } = await request<{ node: ({ __typename: string } & Record<string, unknown>) | null }>(
    session,
    `query($id: ID!) { node(id: $id) { __typename ... on Submission { ${SUBMISSION_FIELDS} } ... on Run { ${RUN_FIELDS} } } }`,
    { id },
  );
  const found = required(node, 'submission or run', id, HELP);
  if (found.__typename === 'Submission') {
    const submission = found as unknown as RemoteSubmission;
    return { submission, runs: submission.runs };
  }
  if (found.__typename === 'Run') return { submission: null, runs: [found as unknown as RemoteRun] };
  return required<Watched>(null, 'submission or run', id, HELP);
}

export const isFinal = (run: RemoteRun): boolean => run.state !== 'QUEUED' && run.state !== 'RUNNING';

export function primaryScore(run: RemoteRun): number | null {
  return run.scores.find((score) => score.key === run.benchmark.primary.key)?.value ?? null;
}

/** What a waiting person wants to know: where in the queue, which step, why it ended. */
export function situation(run: RemoteRun): string {
  if (run.state === 'QUEUED')
    return run.waitingReason ?? (run.queuePosition === null ? '' : `position ${run.queuePosition} in the queue`);
  if (run.state === 'RUNNING') {
    if (!run.progress) return run.worker ? `on ${run.worker}` : '';
    const eta = run.progress.etaMs === null ? '' : `, ${formatDuration(run.progress.etaMs)} left`;
    return `${run.progress.phase} ${run.progress.step}/${run.progress.steps}${eta}`;
  }
  return [run.reason, run.message].filter(Boolean).join(': ');
}

export const RUN_COLUMNS: readonly Column<RemoteRun>[] = [
  { title: 'seed', align: 'right', cell: (run) => String(run.seed) },
  { title: 'state', cell: (run) => run.state },
  { title: 'score', align: 'right', cell: (run) => primaryScore(run)?.toFixed(4) ?? '' },
  { title: 'attempt', align: 'right', cell: (run) => `${run.attempt}/${run.maxAttempts}` },
  { title: 'run', cell: (run) => run.id },
  { title: '', cell: situation },
];
