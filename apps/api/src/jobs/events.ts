/** Append-only facts, written in the transaction that they are about. */
import { type Database, schema } from '@touchstone/db';
import { uuidv7 } from '../lib/uuid.js';

export type EventKind =
  | 'SUBMITTED'
  | 'REPORTED'
  | 'SCORED'
  | 'RUN_FAILED'
  | 'RUN_CANCELLED'
  | 'RUN_REQUEUED'
  | 'WITHDRAWN'
  | 'RERUN'
  | 'REDERIVED'
  | 'SUPERSEDED'
  | 'PUBLISHED';

export interface EventRecord {
  readonly kind: EventKind;
  readonly message: string;
  readonly actorId?: string | null;
  readonly benchmarkId?: string | null;
  readonly entryId?: string | null;
  readonly runId?: string | null;
}

export async function recordEvent(tx: Database, event: EventRecord): Promise<void> {
  await tx.insert(schema.events).values({ id: uuidv7(), at: new Date(), ...event });
}
