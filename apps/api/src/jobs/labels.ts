/** Which labels a run was scored against, and which ones a board stands on: rows of different labels are never ranked together. */
import { type Database, schema } from '@touchstone/db';
import { labelRevision, type Protocol, type Receipt } from '@touchstone/eval/meta';
import { and, eq, isNull } from 'drizzle-orm';
import type { RunRow } from './enqueue.js';

const SHORT = 12;

/** As people read it in a reason. */
export const shortRevision = (revision: string): string => revision.slice(0, SHORT);

/** What a board stands on; read after the entries were locked, so that it is what the last acceptance left. */
export interface BoardLabels {
  readonly protocol: Protocol;
  readonly labelRevision: string | null;
  readonly current: boolean;
}

/** The runs that were scored against other labels than the board's. */
export function foreignRuns(
  { protocol, labelRevision: own }: BoardLabels,
  runs: readonly Pick<RunRow, 'id' | 'state' | 'receipt'>[],
): ReadonlyMap<string, string> {
  const foreign = new Map<string, string>();
  if (own === null) return foreign;
  for (const { id, state, receipt } of runs) {
    if (state !== 'SUCCEEDED' || !receipt) continue;
    const revision = labelRevision(protocol, receipt as Receipt);
    if (revision !== null && revision !== own) foreign.set(id, revision);
  }
  return foreign;
}

export const otherLabels = (theirs: string, own: string): string =>
  `scored against other labels (${shortRevision(theirs)}) than the board's (${shortRevision(own)})`;

/**
 * The first scored run of a board decides which labels it stands on. Returns what is wrong with those of a later run, in words;
 * null where they are the board's.
 */
export async function noteLabels(
  tx: Database,
  board: { readonly id: string; readonly protocol: unknown },
  receipt: Receipt,
): Promise<string | null> {
  const { benchmarks } = schema;
  const revision = labelRevision(board.protocol as Protocol, receipt);
  if (revision === null) return null;
  await tx
    .update(benchmarks)
    .set({ labelRevision: revision })
    .where(and(eq(benchmarks.id, board.id), isNull(benchmarks.labelRevision)));
  const [row] = await tx.select({ own: benchmarks.labelRevision }).from(benchmarks).where(eq(benchmarks.id, board.id));
  return row!.own === revision ? null : otherLabels(revision, row!.own!);
}
